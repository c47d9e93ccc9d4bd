"""What `status` shows: a table of audiences, or one audience with its files."""

from collections.abc import Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from audiencectl import waits
from audiencectl.audiences import Status
from audiencectl.outcomes import sentence
from audiencectl.store import Listed
from audiencectl.words import ago, ahead, counted, duration

Drops = Sequence[tuple[Listed, dict[str, Any] | None]]

_COLOURS = {"ready": "green", "processing": "yellow", "too_small": "red", "failed": "red"}
_MEANING = {
    "not_created": "not at TikTok yet",
    "processing": "TikTok processes it, which takes up to 48 hours",
    "ready": "ready to be used",
    "too_small": "TikTok matched fewer than 1,000 people",
    "failed": "TikTok failed to process it",
    "gone": "not at TikTok any more",
    "expired": "expired at TikTok",
    "unknown": "not asked about yet",
}


def overview(statuses: Sequence[Status], queue: str) -> RenderableType:
    """Return the table of all audiences."""
    if not statuses:
        return Text(f"No audiences yet. {queue}")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("AUDIENCE", "STATE", "SIZE", "WAITING", "REJECTED"):
        table.add_column(
            title, justify="right" if title in ("SIZE", "REJECTED") else "left", overflow="fold"
        )
    for status in statuses:
        table.add_row(
            str(status.get("audience_name")),
            _state(status),
            _size(status),
            _waiting_word(status),
            str(len(status.get("rejected") or ()) or "-"),
        )
    to_do = [
        Text(f"{status['audience_name']}: {status['what_to_do']}")
        for status in statuses
        if status.get("what_to_do")
    ]
    return Group(table, *to_do, Text(queue))


def detail(status: Status, drops: Drops, more: int, now: float) -> RenderableType:
    """Return one audience as lines, with its newest files."""
    return Group(*map(Text, [*_about(status, now), *_files(status, drops, more, now)]))


def _about(status: Status, now: float) -> list[str]:
    state = str(status.get("state"))
    since = f" Since {ago(status['since'], now)}." if status.get("since") else ""
    told = [f"{status.get('audience_name')}: {_MEANING.get(state, state)}.{since}"]
    if status.get("audience_id"):
        kind = f", {status['calculate_type']}" if status.get("calculate_type") else ""
        known = status.get("size") is not None
        size = f"{_size(status)} matched people" if known else "size not known yet"
        told.append(f"TikTok's id {status['audience_id']}{kind}, {size}.")
    if status.get("is_expiring"):
        told.append(f"It expires {ahead(status.get('expires_at'), now)}.")
    if status.get("what_to_do"):
        told.append(f"What to do: {status['what_to_do']}")
    if waiting := status.get("waiting"):
        drops = waiting.get("drops")
        who = counted(drops, "file") if isinstance(drops, int) else "It"
        until = f" Next try {ahead(waiting['until'], now)}." if waiting.get("until") else ""
        waits_ = "wait" if isinstance(drops, int) and drops != 1 else "waits"
        told.append(f"{who} {waits_}: {waits.why(waiting.get('for'))}.{until}")
    if status.get("checked_at"):
        told.append(f"As of {ago(status['checked_at'], now)}.")
    return told


def _files(status: Status, drops: Drops, more: int, now: float) -> list[str]:
    told = []
    for item, receipt in drops:
        age = duration(now - item["modified"].timestamp())
        told += [f"{item['key']} ({age} ago)", f"  {sentence(receipt) if receipt else 'Waits.'}"]
    if more:
        told.append(f"and {counted(more, 'older file')}.")
    shown = {item["key"] for item, _ in drops}
    for lost in status.get("rejected") or ():
        if lost.get("key") not in shown:
            told += [
                str(lost.get("key")),
                f"  Rejected ({lost.get('reason')}): {lost.get('message')}",
            ]
    return told


def _state(status: Status) -> Text:
    state = str(status.get("state"))
    text = f"{state}, expiring" if status.get("is_expiring") else state
    return Text(text, style=_COLOURS.get(state, ""))


def _size(status: Status) -> str:
    size = status.get("size")
    return f"{size:,}" if isinstance(size, int) else "-"


def _waiting_word(status: Status) -> str:
    waiting = status.get("waiting")
    if not waiting:
        return "-"
    drops = waiting.get("drops")
    return f"{drops} for {waiting.get('for')}" if drops else str(waiting.get("for"))
