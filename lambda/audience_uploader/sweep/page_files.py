"""The page's sections about files: which were rejected, and what came in lately."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from audience_uploader.sweep.badges import file_badge
from audience_uploader.sweep.dates import day, seconds
from audience_uploader.sweep.page_text import (
    NOTHING,
    name,
    number,
    plural,
    text,
    when,
)
from audience_uploader.sweep.table import Column, box, empty, section, table

File = Mapping[str, Any]

_MOST_REJECTED = 100
_MOST_FILES = 200
_MOST_DAYS = 14
_REJECTED = (Column("File", "key"), Column("Why, and what to do"), Column("When"))
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
    of_statuses = (
        f for status in statuses for f in (status.get("rejected") or ()) if isinstance(f, Mapping)
    )
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
    rows = (
        (name(f.get("key")), _reason(f), when(f.get("at"), now))
        for f in islice(files, _MOST_REJECTED)
    )
    caption = f"{plural(len(files), 'file')} in 30 days, newest first."
    content = box(table(caption, _REJECTED, rows), _left(len(files) - _MOST_REJECTED))
    return section("rejected", "Rejected", lead, content)


def recent_files(files: Sequence[File], now: float) -> str:
    """Return the section of what came in during the last days; `files` are newest first."""
    lead = "What was done with the files of the last days, newest first."
    if not files:
        return section("files", "Came in lately", lead, empty("No file came in lately."))
    rows = (_file_row(f, now) for f in islice(files, _MOST_FILES))
    caption = f"{plural(len(files), 'file')}, newest first."
    listed = box(table(caption, _FILES, rows), _left(len(files) - _MOST_FILES))
    return section("files", "Came in lately", lead, _by_day(files) + listed)


def _left(count: int) -> str:
    return f"And {count:,} more, each with a receipt under receipts/." if count > 0 else ""


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
    rows = (_day_row(label, found) for label, found in islice(counts.items(), _MOST_DAYS))
    caption = f"Day by day, the last {min(len(counts), _MOST_DAYS)} with files."
    return box(table(caption, _DAYS, rows))


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
