"""create (contract, section 3)."""

from local.tiktok_simulator import checks
from local.tiktok_simulator.answers import Json, RefusalError
from local.tiktok_simulator.audiences import Audience
from local.tiktok_simulator.jobs import PATH_LENGTH, begin, united, uploads_at
from local.tiktok_simulator.request import Request
from local.tiktok_simulator.vocabulary import ALTERED_NAMES, CREATE_TYPES, SUB_TYPES
from local.tiktok_simulator.world import World

_MOST_PATHS = 500


def create(world: World, request: Request) -> Json:
    """Makes a new audience of the files; the name may be one that exists."""
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
    uploads = uploads_at(world, request, paths, calculate_type)
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
