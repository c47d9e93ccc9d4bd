"""The audiences of a deployment: their status objects, and those that have none yet."""

from typing import Any

from audiencectl.store import Store

Status = dict[str, Any]
_PREFIX = "status/"


def all_audiences(store: Store) -> list[Status]:
    """Return the status object of every audience, by name; of a new one what is known so far."""
    keys = [item["key"] for item in store.listing(_PREFIX) if item["key"].endswith(".json")]
    found = {key: status for key, status in zip(keys, store.jsons(keys), strict=True) if status}
    names = {str(status.get("audience_name")) for status in found.values()}
    new = [name for name in store.folders("tiktok/") if name and name not in names]
    statuses = [*found.values(), *(_not_swept_yet(store, name) for name in new)]
    return sorted(statuses, key=lambda status: str(status.get("audience_name")))


def one_audience(store: Store, name: str) -> Status | None:
    """Return the status of one audience, or None where nothing is known of the name."""
    if status := store.json(f"{_PREFIX}{name}.json"):
        return status
    if store.records(name) or any(True for _ in store.listing(f"tiktok/{name}/")):
        return _not_swept_yet(store, name)
    return None


def _not_swept_yet(store: Store, name: str) -> Status:
    """Return a status object for an audience that the sweep has not come to, from its record."""
    records = store.records(name)
    record = max(records, key=lambda r: str(r.get("changed_at") or ""), default={})
    wait, known = record.get("wait"), record.get("audience_id")
    return {
        "audience_name": name,
        "audience_id": known,
        "calculate_type": record.get("calculate_type"),
        "state": ("processing" if record.get("open_change") else "unknown")
        if known
        else "not_created",
        "is_expiring": False,
        "since": record.get("changed_at"),
        "size": None,
        "what_to_do": None,
        "expires_at": None,
        "checked_at": None,
        "last_change": None,
        "waiting": wait
        and {"drops": None, "for": wait.get("kind"), "until": wait.get("not_before")},
        "rejected": [],
        "history": [],
    }
