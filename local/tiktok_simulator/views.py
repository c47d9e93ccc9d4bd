"""How the state is shown to people and tests (never part of the API)."""

from local.tiktok_simulator.answers import Json
from local.tiktok_simulator.audiences import Audience
from local.tiktok_simulator.clock import stamp
from local.tiktok_simulator.world import World


def audience_view(world: World, audience: Audience, *, ids: bool) -> Json:
    """One audience; `size` and `ids` are what was accepted, even if it is processed only later.

    `applied_size` and `applied_ids` are what it holds now; a change that will fail is in neither.
    """
    now = world.clock.now()
    accepted = audience.accepted_ids()
    view: Json = {
        "id": audience.audience_id,
        "name": audience.name,
        "type": audience.audience_type,
        "calculate_type": audience.calculate_type,
        "sub_type": audience.sub_type,
        "is_valid": audience.is_valid(now, world.options),
        "status": status(world, audience),
        "processing": audience.job.action if audience.job else None,
        "cover_num": audience.shown_cover_num(now),
        "size": len(accepted),
        "applied_size": len(audience.ids),
        "error_msg": audience.error_msg,
        "is_creator": audience.is_creator,
        "owner_id": audience.owner_id,
        "create_time": stamp(audience.created),
        "expired_time": stamp(audience.expires_at()),
    }
    if not ids:
        return view
    listed = sorted(accepted)
    applied = listed if accepted is audience.ids else sorted(audience.ids)
    return view | {"ids": listed, "applied_ids": applied}


def status(world: World, audience: Audience) -> str:
    """Section 6's reading of the flags: READY, EXPIRED, PROCESSING, FAILED or TOO_SMALL."""
    now = world.clock.now()
    if audience.is_expired(now):
        return "EXPIRED"
    if audience.is_valid(now, world.options):
        return "READY"
    if audience.job:
        return "PROCESSING"
    return "FAILED" if audience.error_msg else "TOO_SMALL"


def leaks(world: World) -> Json:
    """Sum up what all accepted uploads held that was no hash, in lines."""
    readings = [upload.reading for upload in world.uploads.values()]
    names = ("unmatched_rows", "raw_emails", "raw_phones")
    return {name: sum(getattr(reading, name) for reading in readings) for name in names}
