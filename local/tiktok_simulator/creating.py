"""create (contract, section 3), and what update and delete have in common with it."""

from local.tiktok_simulator import checks
from local.tiktok_simulator.answers import FLOOR_TEXT, Code, Json, RefusalError
from local.tiktok_simulator.audiences import Audience, HistoryEntry, Job, matched
from local.tiktok_simulator.id_lines import Ids
from local.tiktok_simulator.options import Options
from local.tiktok_simulator.request import Request
from local.tiktok_simulator.uploads import usable_uploads
from local.tiktok_simulator.vocabulary import ALTERED_NAMES, CREATE_TYPES, SUB_TYPES
from local.tiktok_simulator.world import World

PATH_LENGTH = 16
_MOST_PATHS = 500


def change_ids(
    world: World, request: Request, audience: Audience, action: str, paths: list[str]
) -> None:
    """Put the audience to work on a change of its ids; from now on the files count as used.

    It fails once it is processed if a fault says so, or if an update ends below the floor.
    """
    uploads = usable_uploads(world, request, paths, audience.calculate_type)
    ids = _after(action, audience.ids, Ids().union(*(upload.ids for upload in uploads)))
    options, now = world.options, world.clock.now()
    failure = next((f.message for f in request.faults if f.kind == "fails_later"), None)
    seconds, shown = options.processing_seconds, "create"
    if action != "create":
        failure = _below_floor(ids, options) or failure
        seconds = options.update_seconds if options.update_seconds >= 0 else seconds
        shown = options.history_action or action.lower()
    for upload in uploads:
        upload.uses += 1
    audience.accept(Job(action, ids, now + seconds, HistoryEntry(shown, now), failure), options)


def _after(action: str, ids: Ids, files: Ids) -> Ids:
    if action == "APPEND":
        return ids | files
    return ids - files if action == "REMOVE" else files


def _below_floor(ids: Ids, options: Options) -> str | None:
    """Return why an update to these ids fails later, if it does; or refuse it."""
    if matched(ids, options) >= options.floor:
        return None
    failure = FLOOR_TEXT.format(floor=options.floor)
    if options.floor_mode == "sync":
        raise RefusalError(Code.INVALID, failure)
    return failure


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
    change_ids(world, request, audience, "create", paths)
    world.audiences(request.advertiser_id)[audience.audience_id] = audience
    request.details.update(custom_audience_id=audience.audience_id)
    return {"custom_audience_id": audience.audience_id}


def _refuse_if_full(world: World, advertiser_id: str) -> None:
    most = world.options.max_audiences
    owned = sum(a.is_creator for a in world.audiences(advertiser_id).values())
    if most and owned >= most:
        message = f"The advertiser has {most} custom audiences; delete some before you create more."
        raise RefusalError(world.options.cap_code, message)
