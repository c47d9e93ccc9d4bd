"""One call from its headers to its answer, in the contract's order of checks (section 14)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import parse_qs

from local.tiktok_simulator import checks, routes
from local.tiktok_simulator.answers import OK, Json, RefusalError
from local.tiktok_simulator.faults import Fault
from local.tiktok_simulator.id_file import IdFile
from local.tiktok_simulator.multipart import BadFormError, read_form
from local.tiktok_simulator.request import Request
from local.tiktok_simulator.routes import Route
from local.tiktok_simulator.world import World


@dataclass(slots=True, kw_only=True)
class Incoming:
    """What came over the wire: the body is read only when its turn comes."""

    headers: Message
    query: str
    blocks: Iterable[bytes]
    request_id: str
    faults: Sequence[Fault] = ()
    details: dict[str, object] = field(default_factory=dict)

    def header(self, name: str) -> str:
        """That header, or an empty string."""
        return self.headers.get(name) or ""


@dataclass(slots=True, frozen=True)
class Outcome:
    """What the API has to say: code, message, data."""

    code: int
    message: str
    data: object


def perform(world: World, route: Route, incoming: Incoming) -> Outcome:
    """Does what the call asks, or refuses; never raises for what a client can send."""
    try:
        data = _checked(world, route, incoming)
    except RefusalError as refusal:
        return Outcome(refusal.code, refusal.message, {})
    return Outcome(OK, "OK", data)


def _checked(world: World, route: Route, incoming: Incoming) -> Json:
    routes.check_token(world, incoming.header("Access-Token"))
    world.limits.check_app(world.clock.now(), world.options)
    routes.check_scope(world, route)
    fields, file = _parameters(world, route, incoming)
    advertiser_id = fields.get("advertiser_id")
    incoming.details["advertiser_id"] = advertiser_id
    routes.check_advertiser(world, advertiser_id)
    request = Request(
        path=route.path,
        request_id=incoming.request_id,
        advertiser_id=str(advertiser_id or ""),
        fields=fields,
        file=file,
        faults=incoming.faults,
        details=incoming.details,
    )
    world.limits.check_advertiser(
        request.advertiser_id, route.path, now=world.clock.now(), options=world.options
    )
    return route.run(world, request)


def _parameters(
    world: World, route: Route, incoming: Incoming
) -> tuple[Mapping[str, object], IdFile | None]:
    content_type = incoming.header("Content-Type")
    if route.method == "GET":
        query = parse_qs(incoming.query, keep_blank_values=True)
        return {name: values[0] for name, values in query.items()}, None
    if route.name != "upload":
        return checks.json_body(b"".join(incoming.blocks), content_type), None
    try:
        form = read_form(incoming.blocks, content_type, keep=world.options.keep_uploads)
    except BadFormError as error:
        raise checks.invalid(f"Not a multipart/form-data body: {error}.") from None
    return form.fields, form.file
