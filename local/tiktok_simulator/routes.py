"""The paths of the API, and the checks that come before any endpoint's own."""

from collections.abc import Callable
from dataclasses import dataclass

from local.tiktok_simulator import checks, creating, reads, updating, uploading
from local.tiktok_simulator.answers import (
    NO_PERMISSION,
    TOKEN_MISSING,
    TOKEN_MISSING_TEXT,
    TOKEN_WRONG,
    TOKEN_WRONG_TEXT,
    Json,
    RefusalError,
)
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
        Route("upload", _BASE + "file/upload/", "POST", _CHANGE, uploading.upload),
        Route("create", _BASE + "create/", "POST", _CHANGE, _locked(creating.create)),
        Route("update", _BASE + "update/", "POST", _CHANGE, _locked(updating.update)),
        Route("delete", _BASE + "delete/", "POST", _CHANGE, _locked(updating.delete)),
        Route("list", _BASE + "list/", "GET", _READ, _locked(reads.list_)),
        Route("get", _BASE + "get/", "GET", _READ, _locked(reads.get)),
    )
}


def check_token(world: World, token: str | None) -> None:
    """40104 without a token, 40105 with a wrong one."""
    if not token:
        raise RefusalError(TOKEN_MISSING, TOKEN_MISSING_TEXT)
    if token != world.options.token:
        raise RefusalError(TOKEN_WRONG, TOKEN_WRONG_TEXT)


def check_scope(world: World, route: Route) -> None:
    """40001 unless the token's scopes hold the endpoint's or its parent."""
    if not {route.scope, _ALL_SCOPES} & set(world.options.scopes):
        path = route.path.removeprefix("/open_api/v1.3")
        raise RefusalError(
            NO_PERMISSION, f"advertiser does not grant you {path}:{route.method} permission"
        )


def check_advertiser(world: World, advertiser_id: object) -> None:
    """40001 or 40300 for an advertiser that did not grant access. A missing one passes here."""
    if advertiser_id in (None, ""):
        return
    if not isinstance(advertiser_id, str):
        raise checks.invalid("advertiser_id: must be a string.")
    if advertiser_id not in world.options.advertisers:
        message = f"No permission to operate advertiser {advertiser_id:.64}."
        raise RefusalError(world.options.ungranted_code, message)
