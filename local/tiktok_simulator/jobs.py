"""What create, update and delete have in common: files, their ids, and the work on them."""

from functools import reduce

from local.tiktok_simulator.answers import NO_PERMISSION, RefusalError
from local.tiktok_simulator.audiences import Audience, HistoryEntry, Job
from local.tiktok_simulator.faults import late_failure
from local.tiktok_simulator.ids import Ids
from local.tiktok_simulator.request import Request
from local.tiktok_simulator.uploads import Upload
from local.tiktok_simulator.world import World

PATH_LENGTH = 16


def uploads_at(
    world: World, request: Request, paths: list[str], calculate_type: str | None
) -> list[Upload]:
    """The files of those paths; a RefusalError if one of them can't be used for that id type."""
    return world.uploads.usable(
        paths, request, calculate_type, now=world.clock.now(), options=world.options
    )


def united(uploads: list[Upload]) -> Ids:
    """All ids of all files, each once."""
    return reduce(Ids.__or__, (upload.ids for upload in uploads), Ids())


def begin(
    world: World,
    request: Request,
    audience: Audience,
    *,
    action: str,
    result: Ids,
    uploads: list[Upload],
    failure: str | None = None,
) -> None:
    """Puts the audience to work on a change; from now on the uploads count as used.

    It ends in `result` once processed, or fails with the text of `failure` or of a fault.
    """
    for upload in uploads:
        upload.uses += 1
    options, now = world.options, world.clock.now()
    own_time = action != "create" and options.update_seconds >= 0
    seconds = options.update_seconds if own_time else options.processing_seconds
    shown = (action != "create" and options.history_action) or action.lower()
    failure = failure or late_failure(request.faults)
    audience.accept(Job(action, result, now + seconds, HistoryEntry(shown, now), failure), options)


def own_audience(world: World, advertiser_id: str, audience_id: str) -> Audience:
    """An audience the advertiser may change; a RefusalError for one unknown or shared in."""
    audience = world.audience(advertiser_id, audience_id)
    if not audience.is_creator:
        raise RefusalError(NO_PERMISSION, f"No permission to change custom audience {audience_id}.")
    return audience
