"""Edits behind the API's back: what TikTok does by itself, and people in Ads Manager."""

from collections.abc import Mapping

from local.tiktok_simulator.audiences import Audience, HistoryEntry, Job, matched
from local.tiktok_simulator.clock import moment_of
from local.tiktok_simulator.id_lines import ids_of
from local.tiktok_simulator.world import World

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


def find(world: World, audience_id: str) -> tuple[str, Audience]:
    """Advertiser and audience of that id; KeyError if there is none."""
    for advertiser_id in world.advertisers:
        rows = world.audiences(advertiser_id)
        if audience_id in rows:
            return advertiser_id, rows[audience_id]
    raise KeyError(audience_id)


def remove(world: World, audience_id: str) -> None:
    """Delete an audience, whoever owns it."""
    with world.lock:
        advertiser_id, _ = find(world, audience_id)
        del world.advertisers[advertiser_id][audience_id]


def edit(world: World, audience_id: str, changes: Mapping[str, object]) -> Audience:
    """Change an audience behind the API's back; ValueError says what does not fit."""
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
