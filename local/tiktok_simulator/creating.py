"""create (contract, section 3), and what update and delete have in common with it."""

from local.tiktok_simulator import checks
from local.tiktok_simulator.answers import Code, Json, RefusalError
from local.tiktok_simulator.audiences import Audience, HistoryEntry, Job
from local.tiktok_simulator.faults import late_failure
from local.tiktok_simulator.id_lines import Ids
from local.tiktok_simulator.request import Request
from local.tiktok_simulator.uploads import Upload, united, usable_uploads
from local.tiktok_simulator.vocabulary import ALTERED_NAMES, CREATE_TYPES, SUB_TYPES
from local.tiktok_simulator.world import World

PATH_LENGTH = 16
_MOST_PATHS = 500


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
    """Put the audience to work on a change; from now on the uploads count as used.

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
    """Return an audience the advertiser may change; a RefusalError for one unknown or shared in."""
    audience = world.audience(advertiser_id, audience_id)
    if not audience.is_creator:
        raise RefusalError(
            Code.NO_PERMISSION, f"No permission to change custom audience {audience_id}."
        )
    return audience


def create(world: World, request: Request) -> Json:
    """Make a new audience of the files; the name may be one that exists."""
    fields = request.fields
    checks.require(fields, "advertiser_id", "custom_audience_name", "file_paths", "calculate_type")
    name = checks.text(fields, "custom_audience_name")
    paths = checks.strings(fields["file_paths"], "file_paths", most=_MOST_PATHS, each=PATH_LENGTH)
    calculate_type = checks.choice(fields, "calculate_type", CREATE_TYPES)
    request.details.update(name=name, calculate_type=calculate_type, file_paths=paths)
    now = world.clock.now()
    audience = Audience(
        audience_id=world.new_audience_id(),
        owner_id=request.advertiser_id,
        name=ALTERED_NAMES[world.options.altered_names](name or ""),
        created=now,
        modified=now,
        listed_from=now + world.options.list_lag_seconds,
        calculate_type=calculate_type,
        sub_type=checks.choice(fields, "audience_sub_type", SUB_TYPES) or "NORMAL",
        enhancement=checks.flag(fields, "audience_enhancement"),
        retention_days=checks.whole(fields, "retention_in_days", low=1, high=365),
    )
    _refuse_if_full(world, request.advertiser_id)
    uploads = usable_uploads(world, request, paths, calculate_type)
    begin(world, request, audience, action="create", result=united(uploads), uploads=uploads)
    world.audiences(request.advertiser_id)[audience.audience_id] = audience
    request.details.update(custom_audience_id=audience.audience_id)
    return {"custom_audience_id": audience.audience_id}


def _refuse_if_full(world: World, advertiser_id: str) -> None:
    most = world.options.max_audiences
    owned = sum(a.is_creator for a in world.audiences(advertiser_id).values())
    if most and owned >= most:
        message = f"The advertiser has {most} custom audiences; delete some before you create more."
        raise RefusalError(world.options.cap_code, message)
