"""create, update and delete (contract, sections 3, 4 and 7)."""

from functools import reduce

from local.tiktok_simulator import checks
from local.tiktok_simulator.answers import FLOOR_TEXT, INVALID, NO_PERMISSION, Json, RefusalError
from local.tiktok_simulator.audiences import Audience, HistoryEntry, Job, matched
from local.tiktok_simulator.ids import Ids
from local.tiktok_simulator.request import Request
from local.tiktok_simulator.uploads import Upload
from local.tiktok_simulator.vocabulary import (
    ACTIONS,
    CREATE_TYPES,
    CUSTOMER_FILE,
    SUB_TYPES,
)
from local.tiktok_simulator.world import World

_MOST_PATHS = 500
_PATH_LENGTH = 16


def create(world: World, request: Request) -> Json:
    """Makes a new audience of the files; the name may be one that exists."""
    fields = request.fields
    checks.require(fields, "advertiser_id", "custom_audience_name", "file_paths", "calculate_type")
    name = checks.text(fields, "custom_audience_name")
    paths = checks.strings(fields["file_paths"], "file_paths", most=_MOST_PATHS, each=_PATH_LENGTH)
    calculate_type = checks.choice(fields, "calculate_type", CREATE_TYPES)
    request.details.update(name=name, calculate_type=calculate_type, file_paths=paths)
    now = world.clock.now()
    audience = Audience(
        audience_id=world.new_audience_id(),
        owner_id=request.advertiser_id,
        name=name or "",
        created=now,
        modified=now,
        listed_from=now + world.options.list_lag_seconds,
        calculate_type=calculate_type,
        sub_type=checks.choice(fields, "audience_sub_type", SUB_TYPES) or "NORMAL",
        enhancement=checks.flag(fields, "audience_enhancement"),
        retention_days=checks.whole(fields, "retention_in_days", low=1, high=365),
    )
    _refuse_if_full(world, request.advertiser_id)
    uploads = _uploads(world, request, paths, calculate_type)
    job = Job("create", _united(uploads), now + world.options.processing_seconds)
    _begin(audience, job, uploads, now)
    world.audiences(request.advertiser_id)[audience.audience_id] = audience
    request.details.update(custom_audience_id=audience.audience_id)
    return {"custom_audience_id": audience.audience_id}


def _refuse_if_full(world: World, advertiser_id: str) -> None:
    most = world.options.max_audiences
    owned = sum(a.is_creator for a in world.audiences(advertiser_id).values())
    if most and owned >= most:
        message = f"The advertiser has {most} custom audiences; delete some before you create more."
        raise RefusalError(world.options.cap_code, message)


def _uploads(
    world: World, request: Request, paths: list[str], calculate_type: str | None
) -> list[Upload]:
    return world.uploads.usable(
        paths, request, calculate_type, now=world.clock.now(), options=world.options
    )


def _united(uploads: list[Upload]) -> Ids:
    return reduce(Ids.__or__, (upload.ids for upload in uploads), Ids())


def _begin(audience: Audience, job: Job, uploads: list[Upload], now: float) -> None:
    for upload in uploads:
        upload.uses += 1
    audience.job = job
    audience.history.append(HistoryEntry(job.action.lower(), now))


def update(world: World, request: Request) -> Json:
    """Changes the sub-type, or else the name and the ids; `action` is REPLACE unless it is sent."""
    fields = request.fields
    checks.require(fields, "advertiser_id", "custom_audience_id")
    sub_type = checks.choice(fields, "audience_sub_type", SUB_TYPES)
    name = checks.text(fields, "custom_audience_name")
    checks.flag(fields, "audience_enhancement")
    paths = _update_paths(fields.get("file_paths"))
    action = (checks.choice(fields, "action", ACTIONS) or "REPLACE") if paths else None
    audience_id = checks.text(fields, "custom_audience_id", longest=64) or ""
    request.details.update(custom_audience_id=audience_id, name=name, action=action)
    request.details.update(file_paths=paths)
    audience = _own(world, request.advertiser_id, audience_id)
    if sub_type is not None and _is_sub_type_change(world, audience, sub_type):
        return _change_sub_type(world, audience, sub_type)
    if sub_type is None and not name and not paths:
        raise checks.invalid("Missing required field(s): custom_audience_name or file_paths.")
    audience.refuse_unless_editable(action, now=world.clock.now(), options=world.options)
    if paths and action:
        _change_ids(world, request, audience, paths=paths, action=action)
    audience.name = name or audience.name
    audience.modified = world.clock.now()
    return {}


def _update_paths(value: object) -> list[str]:
    if value in (None, []):
        return []
    # The yml gives no bounds for update; a body can't hold more than this anyway.
    return checks.strings(value, "file_paths", most=1_000_000, each=_PATH_LENGTH)


def _own(world: World, advertiser_id: str, audience_id: str) -> Audience:
    audience = world.audience(advertiser_id, audience_id)
    if not audience.is_creator:
        raise RefusalError(NO_PERMISSION, f"No permission to change custom audience {audience_id}.")
    return audience


def _is_sub_type_change(world: World, audience: Audience, sub_type: str) -> bool:
    unchanged = sub_type == audience.sub_type == "NORMAL"
    return world.options.normal_sub_type_exclusive or not unchanged


def _change_sub_type(world: World, audience: Audience, sub_type: str) -> Json:
    if audience.audience_type == "Lookalike Audience":
        raise checks.invalid("audience_sub_type: not supported for lookalike audiences.")
    if sub_type == "NORMAL" != audience.sub_type:
        raise checks.invalid("audience_sub_type: only NORMAL can be changed, to REACH_FREQUENCY.")
    now = world.clock.now()
    audience.refuse_unless_editable(None, now=now, options=world.options)
    audience.sub_type = sub_type
    audience.modified = now
    return {}


def _change_ids(
    world: World, request: Request, audience: Audience, *, paths: list[str], action: str
) -> None:
    if audience.audience_type != CUSTOMER_FILE:
        raise checks.invalid("file_paths: only for customer file audiences.")
    uploads = _uploads(world, request, paths, audience.calculate_type)
    ids = _after(action, audience.ids, _united(uploads))
    options, now = world.options, world.clock.now()
    failure = None
    if matched(ids, options) < options.floor:
        failure = FLOOR_TEXT.format(floor=options.floor)
        if options.floor_mode == "sync":
            raise RefusalError(INVALID, failure)
    seconds = options.update_seconds
    delay = options.processing_seconds if seconds < 0 else seconds
    _begin(audience, Job(action, ids, now + delay, failure), uploads, now)


def _after(action: str, ids: Ids, files: Ids) -> Ids:
    if action == "APPEND":
        return ids | files
    return ids - files if action == "REMOVE" else files


def delete(world: World, request: Request) -> Json:
    """Deletes all of the audiences, or none if one of them is unknown or not the advertiser's."""
    fields = request.fields
    checks.require(fields, "advertiser_id", "custom_audience_ids")
    ids = checks.audience_ids(
        fields["custom_audience_ids"], too_many_code=world.options.too_many_ids_code
    )
    request.details.update(custom_audience_ids=ids)
    for audience_id in ids:
        _own(world, request.advertiser_id, audience_id)
    for audience_id in ids:
        del world.audiences(request.advertiser_id)[audience_id]
    return {}
