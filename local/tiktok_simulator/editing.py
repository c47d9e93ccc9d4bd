"""Edits behind the API's back: what TikTok does by itself, and people in Ads Manager."""

from collections.abc import Mapping

from local.tiktok_simulator.audiences import Audience, HistoryEntry, Job, matched
from local.tiktok_simulator.clock import moment_of
from local.tiktok_simulator.id_lines import ids_of
from local.tiktok_simulator.json_fields import checked
from local.tiktok_simulator.world import World

EDITABLE = (
    *("name", "audience_type", "calculate_type", "sub_type", "cover_num", "error_msg", "msg"),
    *("is_creator", "shared", "owner_id"),
)
ORDERS = (
    *("is_valid", "expired_time", "expire", "finish", "fail", "processing_seconds"),
    *("ids", "editor"),
)


def edit(world: World, audience: Audience, changes: Mapping[str, object]) -> None:
    """Change an audience; ValueError says what does not fit. The caller holds the lock."""
    for name, value in changes.items():
        if name in ORDERS:
            _order(world, audience, name, value)
        else:
            checked(Audience, {name: value}, [*EDITABLE, *ORDERS])
            setattr(audience, name, value)
    audience.settle(world.clock.now(), world.options)


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
