"""list and get (contract, sections 5 and 6): alike, but not the same keys."""

import json
import random

from local.tiktok_simulator import checks
from local.tiktok_simulator.answers import Json, RefusalError
from local.tiktok_simulator.audiences import Audience
from local.tiktok_simulator.clock import stamp
from local.tiktok_simulator.request import Request
from local.tiktok_simulator.vocabulary import CUSTOMER_FILE, LOOKALIKE
from local.tiktok_simulator.world import World

_HUGE_PAGE = 1_000_000
_RULED = ("Engagement Audience", "App Activity Audience", "Website Audience")


def list_(world: World, request: Request) -> Json:
    """One page of the rows the advertiser sees, own and shared-in; beyond the last: no rows."""
    query = request.fields
    checks.require(query, "advertiser_id")
    page = checks.number(query, "page", 1, high=_HUGE_PAGE)
    page_size = checks.number(query, "page_size", 10, high=100)
    request.details.update(page=page, page_size=page_size)
    rows = _ordered(world, request)
    ids = checks.parsed(query, "custom_audience_ids")
    if ids is not None:
        wanted = checks.audience_ids(ids, world.options)
        rows = [row for row in rows if row.audience_id in wanted]
    pages = -(-len(rows) // page_size) or world.options.empty_total_page
    shown = rows[(page - 1) * page_size : page * page_size]
    info = {"page": page, "page_size": page_size, "total_number": len(rows), "total_page": pages}
    return {"page_info": info, "list": [_list_row(world, row) for row in shown]}


def _ordered(world: World, request: Request) -> list[Audience]:
    now, order = world.clock.now(), world.options.list_order
    rows = [a for a in _shown(world, request).values() if a.listed_from <= now]
    if order == "newest":
        rows.reverse()
    elif order == "unstable":
        world.random.shuffle(rows)
    elif order == "shuffled":
        seed = world.options.seed
        rows.sort(key=lambda a: random.Random(f"{seed} {a.audience_id}").random())
    return rows


def _shown(world: World, request: Request) -> dict[str, Audience]:
    rows = world.audiences(request.advertiser_id)
    left_out = {fault.value for fault in request.faults if fault.kind == "left_out"}
    return {} if None in left_out else {i: rows[i] for i in rows if i not in left_out}


def _list_row(world: World, audience: Audience) -> Json:
    now = world.clock.now()
    is_file = audience.audience_type == CUSTOMER_FILE
    return {
        "audience_id": audience.audience_id,
        "name": audience.name,
        "audience_type": audience.audience_type,
        "cover_num": audience.shown_cover_num(now),
        "create_time": stamp(audience.created),
        "expired_time": stamp(audience.expires_at()),
        "is_valid": audience.is_valid(now, world.options),
        "is_expiring": audience.is_expiring(now),
        "calculate_type": audience.calculate_type if is_file else None,
        "shared": audience.shared,
        "is_creator": audience.is_creator,
    }


def get(world: World, request: Request) -> Json:
    """Details and history of the audiences asked for; an unknown one is left out by default."""
    query = request.fields
    checks.require(query, "advertiser_id", "custom_audience_ids")
    history_size = checks.number(query, "history_size", 100, high=100)
    ids = checks.audience_ids(checks.parsed(query, "custom_audience_ids"), world.options)
    request.details.update(custom_audience_ids=ids)
    rows = _shown(world, request)
    how = world.options.unknown_in_get
    if how != "omit" and not set(ids) <= set(rows):
        raise RefusalError(int(how), "A custom audience does not exist.")
    found = [rows[i] for i in ids if i in rows]
    return {"list": [_get_row(world, row, history_size=history_size) for row in found]}


def _get_row(world: World, audience: Audience, *, history_size: int) -> Json:
    offset = world.options.get_time_offset_hours * 3600
    is_ruled = audience.audience_type in _RULED
    details = _list_row(world, audience) | {
        "type": audience.audience_type,
        "audience_sub_type": audience.sub_type,
        "is_auto_refresh": True if is_ruled else None,
        "owner_id": audience.owner_id,
        "create_time": stamp(audience.created + offset),
        "expired_time": stamp(audience.expires_at() + offset),
        "msg": audience.msg,
        "error_msg": audience.error_msg,
        "rule": json.dumps({"rule_sets": []}) if is_ruled else None,
        "lookalike_spec": [] if audience.audience_type == LOOKALIKE else None,
        "audience_enhancement": audience.enhancement,
        "enhancement_status": None,
    }
    del details["audience_type"]
    history = [entry.as_json(offset=offset) for entry in audience.history[-history_size:]]
    return {"audience_details": details, "audience_history": history}
