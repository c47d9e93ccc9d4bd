"""update and delete (contract, sections 4 and 7)."""

from local.tiktok_simulator import checks
from local.tiktok_simulator.answers import Json
from local.tiktok_simulator.audiences import Audience
from local.tiktok_simulator.creating import PATH_LENGTH, change_ids
from local.tiktok_simulator.request import Request
from local.tiktok_simulator.vocabulary import (
    ACTIONS,
    ALTERED_NAMES,
    CUSTOMER_FILE,
    LOOKALIKE,
    SUB_TYPES,
)
from local.tiktok_simulator.world import World


def update(world: World, request: Request) -> Json:
    """Change the sub-type, or else the name and the ids; `action` is REPLACE unless it is sent."""
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
    if sub_type is None and not name and not paths:
        raise checks.invalid("Missing required field(s): custom_audience_name or file_paths.")
    audience = world.own_audience(request.advertiser_id, audience_id)
    if sub_type is not None and _is_sub_type_change(world, audience, sub_type):
        return _change_sub_type(world, audience, sub_type)
    audience.refuse_unless_editable(action, now=world.clock.now(), options=world.options)
    if action:
        if audience.audience_type != CUSTOMER_FILE:
            raise checks.invalid("file_paths: only for customer file audiences.")
        change_ids(world, request, audience, action, paths)
    if name:
        audience.name = ALTERED_NAMES[world.options.altered_names](name)
    audience.modified = world.clock.now()
    return {}


def _update_paths(value: object) -> list[str]:
    if value in (None, []):
        return []
    # The yml gives no bounds for update; a body can't hold more than this anyway.
    return checks.strings(value, "file_paths", most=1_000_000, each=PATH_LENGTH)


def _is_sub_type_change(world: World, audience: Audience, sub_type: str) -> bool:
    unchanged = sub_type == audience.sub_type == "NORMAL"
    return world.options.normal_sub_type_exclusive or not unchanged


def _change_sub_type(world: World, audience: Audience, sub_type: str) -> Json:
    if audience.audience_type == LOOKALIKE:
        raise checks.invalid("audience_sub_type: not supported for lookalike audiences.")
    if sub_type == "NORMAL" != audience.sub_type:
        raise checks.invalid("audience_sub_type: only NORMAL can be changed, to REACH_FREQUENCY.")
    now = world.clock.now()
    audience.refuse_unless_editable(None, now=now, options=world.options)
    audience.sub_type = sub_type
    audience.modified = now
    return {}


def delete(world: World, request: Request) -> Json:
    """Delete all of the audiences, or none if one of them is unknown or not the advertiser's."""
    fields = request.fields
    checks.require(fields, "advertiser_id", "custom_audience_ids")
    ids = checks.audience_ids(fields["custom_audience_ids"], world.options)
    request.details.update(custom_audience_ids=ids)
    for audience_id in ids:
        world.own_audience(request.advertiser_id, audience_id)
    for audience_id in ids:
        del world.audiences(request.advertiser_id)[audience_id]
    return {}
