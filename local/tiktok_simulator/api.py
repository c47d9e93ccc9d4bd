"""The endpoints, and a call to one in the contract's order of checks (section 14)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from urllib.parse import parse_qs

from local.tiktok_simulator import checks, creating, reads, updating, uploads
from local.tiktok_simulator.answers import (
    NO_PERMISSION,
    OK,
    TOKEN_MISSING,
    TOKEN_MISSING_TEXT,
    TOKEN_WRONG,
    TOKEN_WRONG_TEXT,
    Json,
    RefusalError,
)
from local.tiktok_simulator.fault import Fault
from local.tiktok_simulator.id_file import IdFile
from local.tiktok_simulator.multipart import BadFormError, read_form
from local.tiktok_simulator.request import Request
from local.tiktok_simulator.world import World

_BASE = "/open_api/v1.3/dmp/custom_audience/"
_ALL_SCOPES = 3
_READ, _CHANGE = 30, 31


@dataclass(frozen=True, slots=True)
class Route:
    """One endpoint: its short name, its path, and what it needs."""

    name: str
    path: str
    method: str
    scope: int
    run: Callable[[World, Request], Json]


def _locked(run: Callable[[World, Request], Json]) -> Callable[[World, Request], Json]:
    def run_locked(world: World, request: Request) -> Json:
        with world.lock:
            return run(world, request)

    return run_locked


ROUTES = {
    route.path: route
    for route in (
        Route("upload", _BASE + "file/upload/", "POST", _CHANGE, uploads.upload),
        Route("create", _BASE + "create/", "POST", _CHANGE, _locked(creating.create)),
        Route("update", _BASE + "update/", "POST", _CHANGE, _locked(updating.update)),
        Route("delete", _BASE + "delete/", "POST", _CHANGE, _locked(updating.delete)),
        Route("list", _BASE + "list/", "GET", _READ, _locked(reads.list_)),
        Route("get", _BASE + "get/", "GET", _READ, _locked(reads.get)),
    )
}


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
        """Return that header, or an empty string."""
        return self.headers.get(name) or ""


@dataclass(slots=True, frozen=True)
class Outcome:
    """What the API has to say: code, message, data."""

    code: int
    message: str
    data: object


def perform(world: World, route: Route, incoming: Incoming) -> Outcome:
    """Do what the call asks, or refuse; never raises for what a client can send."""
    try:
        data = _checked(world, route, incoming)
    except RefusalError as refusal:
        return Outcome(refusal.code, refusal.message, {})
    return Outcome(OK, "OK", data)


def _checked(world: World, route: Route, incoming: Incoming) -> Json:
    _check_token(world, incoming.header("Access-Token"))
    world.limits.check_app(world.clock.now(), world.options)
    _check_scope(world, route)
    fields, file = _parameters(world, route, incoming)
    advertiser_id = fields.get("advertiser_id")
    incoming.details["advertiser_id"] = advertiser_id
    _check_advertiser(world, advertiser_id)
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


def _check_token(world: World, token: str | None) -> None:
    """40104 without a token, 40105 with a wrong one."""
    if not token:
        raise RefusalError(TOKEN_MISSING, TOKEN_MISSING_TEXT)
    if token != world.options.token:
        raise RefusalError(TOKEN_WRONG, TOKEN_WRONG_TEXT)


def _check_scope(world: World, route: Route) -> None:
    """40001 unless the token's scopes hold the endpoint's or its parent."""
    if not {route.scope, _ALL_SCOPES} & set(world.options.scopes):
        path = route.path.removeprefix("/open_api/v1.3")
        raise RefusalError(
            NO_PERMISSION, f"advertiser does not grant you {path}:{route.method} permission"
        )


def _check_advertiser(world: World, advertiser_id: object) -> None:
    """40001 or 40300 for an advertiser that did not grant access. A missing one passes here."""
    if advertiser_id in (None, ""):
        return
    if not isinstance(advertiser_id, str):
        raise checks.invalid("advertiser_id: must be a string.")
    if advertiser_id not in world.options.advertisers:
        message = f"No permission to operate advertiser {advertiser_id:.64}."
        raise RefusalError(world.options.ungranted_code, message)
