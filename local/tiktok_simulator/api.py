"""The endpoints, and a call to one in the contract's order of checks (section 14)."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from urllib.parse import parse_qs

from local.tiktok_simulator import checks, creating, reads, updating, uploads
from local.tiktok_simulator.answers import (
    TOKEN_MISSING_TEXT,
    TOKEN_WRONG_TEXT,
    Code,
    Json,
    Outcome,
    RefusalError,
)
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
    locks: bool = True


ROUTES = {
    route.path: route
    for route in (
        Route("upload", _BASE + "file/upload/", "POST", _CHANGE, uploads.upload, locks=False),
        Route("create", _BASE + "create/", "POST", _CHANGE, creating.create),
        Route("update", _BASE + "update/", "POST", _CHANGE, updating.update),
        Route("delete", _BASE + "delete/", "POST", _CHANGE, updating.delete),
        Route("list", _BASE + "list/", "GET", _READ, reads.list_),
        Route("get", _BASE + "get/", "GET", _READ, reads.get),
    )
}


def perform(world: World, route: Route, request: Request) -> Outcome:
    """Do what the call asks, or refuse; never raises for what a client can send."""
    try:
        return Outcome(Code.OK, "OK", _checked(world, route, request))
    except RefusalError as refusal:
        return Outcome(refusal.code, refusal.message, {})


def _checked(world: World, route: Route, request: Request) -> Json:
    _check_token(world, request.headers.get("Access-Token"))
    world.limits.check_app(world.clock.now(), world.options)
    _check_scope(world, route)
    _read_parameters(route, request)
    advertiser_id = request.fields.get("advertiser_id")
    request.details["advertiser_id"] = advertiser_id
    _check_advertiser(world, advertiser_id)
    request.advertiser_id = str(advertiser_id or "")
    world.limits.check_advertiser(
        request.advertiser_id, route.path, now=world.clock.now(), options=world.options
    )
    with world.lock if route.locks else nullcontext():
        return route.run(world, request)


def _read_parameters(route: Route, request: Request) -> None:
    content_type = request.headers.get("Content-Type") or ""
    if route.method == "GET":
        query = parse_qs(request.query, keep_blank_values=True)
        request.fields = {name: values[0] for name, values in query.items()}
    elif route.name == "upload":
        try:
            form = read_form(request.blocks, content_type)
        except BadFormError as error:
            raise checks.invalid(f"Not a multipart/form-data body: {error}.") from None
        request.fields, request.file = form.fields, form.file
    else:
        request.fields = checks.json_body(b"".join(request.blocks), content_type)


def _check_token(world: World, token: str | None) -> None:
    """40104 without a token, 40105 with a wrong one."""
    if not token:
        raise RefusalError(Code.TOKEN_MISSING, TOKEN_MISSING_TEXT)
    if token != world.options.token:
        raise RefusalError(Code.TOKEN_WRONG, TOKEN_WRONG_TEXT)


def _check_scope(world: World, route: Route) -> None:
    """40001 unless the token's scopes hold the endpoint's or its parent."""
    if not {route.scope, _ALL_SCOPES} & set(world.options.scopes):
        path = route.path.removeprefix("/open_api/v1.3")
        raise RefusalError(
            Code.NO_PERMISSION, f"advertiser does not grant you {path}:{route.method} permission"
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
