"""The page's sections about files: which were rejected, and what came in lately."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from audience_uploader.sweep.badges import file_badge
from audience_uploader.sweep.dates import day, seconds
from audience_uploader.sweep.page_text import (
    NOTHING,
    name,
    number,
    plural,
    sequence,
    text,
    when,
)
from audience_uploader.sweep.table import Column, Room, empty, section, table

File = Mapping[str, Any]

_LISTED_REJECTED = Room(rows=100, size=80_000)
_LISTED_FILES = Room(rows=200, size=120_000)
_LISTED_DAYS = Room(rows=14, size=10_000)
_REST = ", each with a receipt under receipts/"
_REJECTED = (Column("File", "key"), Column("Why, and what to do", "say"), Column("When"))
_FILES = (
    Column("File", "key"),
    Column("Audience"),
    Column("Rows sent", "num"),
    Column("What became of it"),
    Column("When"),
)
_DAYS = (
    Column("Day (UTC)"),
    Column("Files", "num"),
    Column("Delivered", "num"),
    Column("Rejected", "num"),
    Column("Others", "num"),
    Column("Rows sent", "num"),
)


def all_rejected(statuses: Iterable[Mapping[str, Any]], recent: Iterable[File]) -> list[File]:
    """Return the rejected files of both, each once, newest first.

    A file whose key names no audience is in no status object, only in a receipt.
    """
    of_receipts = (f for f in recent if f.get("status") == "rejected")
    listed = (f for status in statuses for f in sequence(status.get("rejected")))
    of_statuses = (f for f in listed if isinstance(f, Mapping))
    once = {(f.get("key"), f.get("at")): f for f in (*of_receipts, *of_statuses)}
    return newest_first(once.values())


def newest_first(files: Iterable[File]) -> list[File]:
    """Return files by their time, the newest first; those without one are the last."""
    return sorted(files, key=lambda f: seconds(f.get("at")) or 0.0, reverse=True)


def rejected(files: Sequence[File], now: float) -> str:
    """Return the section of rejected files; `files` are newest first."""
    lead = "Files that did not get into an audience, and what to do about each."
    if not files:
        return section("rejected", "Rejected", lead, empty("No file was rejected in 30 days."))
    caption = f"{plural(len(files), 'file')} in 30 days, newest first."
    listed = table(
        caption, _REJECTED, files, lambda f: _rejected_row(f, now), _LISTED_REJECTED, _REST
    )
    return section("rejected", "Rejected", lead, listed)


def recent_files(files: Sequence[File], now: float) -> str:
    """Return the section of what came in during the last days; `files` are newest first."""
    lead = "What was done with the files of the last days, newest first."
    if not files:
        return section("files", "Came in lately", lead, empty("No file came in lately."))
    caption = f"{plural(len(files), 'file')}, newest first."
    listed = table(caption, _FILES, files, lambda f: _file_row(f, now), _LISTED_FILES, _REST)
    return section("files", "Came in lately", lead, _by_day(files) + listed)


def _rejected_row(file: File, now: float) -> Sequence[str]:
    return name(file.get("key")), _reason(file), when(file.get("at"), now)


def _reason(file: File) -> str:
    reason = str(file.get("reason") or "").replace("_", " ").capitalize()
    reason = reason.replace("Tiktok", "TikTok")
    return f'<span class="reason">{text(reason)}.</span> {text(file.get("message") or "")}'


def _file_row(file: File, now: float) -> Sequence[str]:
    sent = file.get("rows") if file.get("status") == "delivered" else None
    audience = file.get("audience")
    return (
        name(str(file.get("key")).rsplit("/", 1)[-1]),
        name(audience) if audience else NOTHING,
        number(sent),
        file_badge(file),
        when(file.get("at"), now),
    )


def _by_day(files: Sequence[File]) -> str:
    counts: dict[str, Counter[str]] = {}
    for file in files:
        at = seconds(file.get("at"))
        if at is not None:
            _count(counts.setdefault(day(at), Counter()), file)
    days = list(counts.items())
    caption = "Day by day, as far as files came in."
    return table(caption, _DAYS, days, lambda d: _day_row(*d), _LISTED_DAYS, " days")


def _count(counts: Counter[str], file: File) -> None:
    status = str(file.get("status"))
    counts[status if status in ("delivered", "rejected") else "others"] += 1
    rows = file.get("rows")
    if status == "delivered" and isinstance(rows, int):
        counts["rows"] += rows


def _day_row(label: str, counts: Counter[str]) -> Sequence[str]:
    parts = [counts[c] for c in ("delivered", "rejected", "others")]
    return (
        label,
        f"{sum(parts):,}",
        *(f"{n:,}" if n else NOTHING for n in (*parts, counts["rows"])),
    )
