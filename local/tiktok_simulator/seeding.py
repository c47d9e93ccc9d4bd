"""Audiences that are there from the start, and edits behind the API's back."""

import random
from collections.abc import Mapping

from local.tiktok_simulator.audiences import BY_API, Audience, HistoryEntry, Job, matched
from local.tiktok_simulator.clock import moment_of
from local.tiktok_simulator.ids import Ids, ids_of
from local.tiktok_simulator.vocabulary import AUDIENCE_TYPES, CUSTOMER_FILE, hex_width
from local.tiktok_simulator.world import World

_OTHER_OWNER = "7999999999999999999"
_DEFAULT_COVER = 100_000
SEED_FIELDS: dict[str, object] = {
    "name": "seeded audience",
    "advertiser_id": "",
    "count": 1,
    "same_name": False,
    "audience_type": CUSTOMER_FILE,
    "calculate_type": "",
    "ids": [],
    "size": 0,
    "cover_num": -1,
    "is_valid": True,
    "error_msg": "",
    "is_creator": True,
    "owner_id": "",
    "editor": BY_API,
}
EDITABLE: dict[str, tuple[type | None, ...]] = {
    "name": (str,),
    "audience_type": (str,),
    "calculate_type": (str, None),
    "sub_type": (str,),
    "cover_num": (int,),
    "error_msg": (str, None),
    "msg": (str, None),
    "is_creator": (bool,),
    "shared": (bool,),
    "owner_id": (str,),
}
ORDERS = (
    *("is_valid", "expired_time", "expire", "finish", "fail", "processing_seconds"),
    *("ids", "editor"),
)


def seed(world: World, wanted: Mapping[str, object]) -> list[str]:
    """Makes ready audiences as asked for and gives their ids; ValueError says what does not fit."""
    unknown = set(wanted) - set(SEED_FIELDS)
    if unknown:
        raise ValueError(f"a seed has no {', '.join(sorted(unknown))}; it has {list(SEED_FIELDS)}")
    spec = {**SEED_FIELDS, **wanted}
    for name, default in SEED_FIELDS.items():
        if type(spec[name]) is not type(default):
            raise ValueError(f"{name} must be like {default!r}")
    if spec["audience_type"] not in AUDIENCE_TYPES:
        raise ValueError(f"audience_type must be one of {', '.join(sorted(AUDIENCE_TYPES))}")
    with world.lock:
        return [_seed_one(world, spec, number) for number in range(1, _int(spec, "count") + 1)]


def _seed_one(world: World, spec: Mapping[str, object], number: int) -> str:
    advertiser_id = str(spec["advertiser_id"] or world.options.advertisers[0])
    numbered = _int(spec, "count") > 1 and not spec["same_name"]
    is_file = spec["audience_type"] == CUSTOMER_FILE
    owner = spec["owner_id"] or (advertiser_id if spec["is_creator"] else _OTHER_OWNER)
    now = world.clock.now()
    audience = Audience(
        audience_id=world.new_audience_id(),
        owner_id=str(owner),
        name=f"{spec['name']} {number}" if numbered else str(spec["name"]),
        created=now,
        modified=now,
        listed_from=now,
        audience_type=str(spec["audience_type"]),
        calculate_type=str(spec["calculate_type"] or "EMAIL_SHA256") if is_file else None,
        usable=bool(spec["is_valid"]),
        error_msg=str(spec["error_msg"]) or None,
        shared=not spec["is_creator"],
        is_creator=bool(spec["is_creator"]),
        history=[HistoryEntry("create", now, editor=str(spec["editor"]))],
    )
    audience.ids = _seed_ids(spec, audience)
    audience.cover_num = _cover(world, spec, audience)
    audience.history[0].detail = str(audience.cover_num)
    world.audiences(advertiser_id)[audience.audience_id] = audience
    return audience.audience_id


def _int(spec: Mapping[str, object], name: str) -> int:
    return int(str(spec[name]))


def _seed_ids(spec: Mapping[str, object], audience: Audience) -> Ids:
    given = spec["ids"]
    hexes = [str(i) for i in given] if isinstance(given, list) else []
    width = hex_width(audience.calculate_type or "")
    chance = random.Random(audience.audience_id)
    return ids_of(
        hexes + [f"{chance.getrandbits(width * 4):0{width}x}" for _ in range(_int(spec, "size"))]
    )


def _cover(world: World, spec: Mapping[str, object], audience: Audience) -> int:
    if _int(spec, "cover_num") >= 0:
        return _int(spec, "cover_num")
    if not audience.usable:
        return 0
    return matched(audience.ids, world.options) or _DEFAULT_COVER


def find(world: World, audience_id: str) -> tuple[str, Audience]:
    """Advertiser and audience of that id; KeyError if there is none."""
    for advertiser_id in world.advertisers:
        rows = world.audiences(advertiser_id)
        if audience_id in rows:
            return advertiser_id, rows[audience_id]
    raise KeyError(audience_id)


def remove(world: World, audience_id: str) -> None:
    """Deletes an audience, whoever owns it."""
    with world.lock:
        advertiser_id, _ = find(world, audience_id)
        del world.advertisers[advertiser_id][audience_id]


def edit(world: World, audience_id: str, changes: Mapping[str, object]) -> Audience:
    """Changes an audience behind the API's back; ValueError says what does not fit."""
    with world.lock:
        _, audience = find(world, audience_id)
        for name, value in changes.items():
            if name in EDITABLE:
                kinds = EDITABLE[name]
                if not (value is None and None in kinds) and type(value) not in kinds:
                    raise ValueError(f"{name} can't be {value!r}")
                setattr(audience, name, value)
            elif name in ORDERS:
                _order(world, audience, name, value)
            else:
                raise ValueError(f"can't edit {name}; there are: {[*EDITABLE, *ORDERS]}")
        audience.settle(world.clock.now(), world.options)
        return audience


def _order(world: World, audience: Audience, name: str, value: object) -> None:
    now = world.clock.now()
    if name == "is_valid":
        audience.forced_valid = None if value is None else bool(value)
    elif name == "expired_time":
        audience.expires = None if value is None else moment_of(str(value))
    elif name == "expire":
        audience.expires = now if value else None
    elif name == "ids":
        audience.ids = ids_of([str(i) for i in value] if isinstance(value, list) else [])
        audience.cover_num = matched(audience.ids, world.options)
    elif name == "editor":
        audience.modified = now
        audience.history.append(
            HistoryEntry("update", now, str(audience.cover_num), editor=str(value))
        )
    elif name == "processing_seconds":
        if not audience.job:
            job = Job("update", audience.ids, now, HistoryEntry("update", now))
            audience.accept(job, world.options)
        assert audience.job
        audience.job.due = now + float(str(value))
    elif audience.job:
        audience.job.due = now
        audience.job.failure = str(value) if name == "fail" else audience.job.failure
