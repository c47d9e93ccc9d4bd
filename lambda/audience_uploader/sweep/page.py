"""The page `status/index.html`: all status objects for a person who does not read JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from audience_uploader.sweep import page_audiences, page_files, page_to_do
from audience_uploader.sweep.advice import READY
from audience_uploader.sweep.badges import SHAPES, badge
from audience_uploader.sweep.dates import minute
from audience_uploader.sweep.page_style import STYLE

PAGE_KEY = "status/index.html"

# Nothing may be fetched or run, even if a name ever got past the escaping.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_HEAD = f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>TikTok audiences</title>
<style>{STYLE}</style>
</head>
<body>
{SHAPES}
"""
_FOOT = """<footer><p>Matched people are those that TikTok found for the ids it was sent; it may
take up to 48 hours, and is never all of them. All times are UTC, and “ago” counts from
when this page was written. Behind every line stands an object in the bucket: status/ for
audiences, receipts/ for files.</p></footer>
</body>
</html>
"""


def render(
    statuses: Sequence[Mapping[str, Any]], recent: Sequence[Mapping[str, Any]], *, now: float
) -> str:
    """Return the page as one self-contained HTML text under 1 MB, whatever there is to tell.

    `statuses` are status objects; `recent` are receipts in short (`RecentFile`), in any order.
    """
    ordered = page_audiences.sorted_by_need(statuses)
    refused = page_files.all_rejected(ordered, recent)
    newest = page_files.newest_first(recent)
    return "".join(
        (
            _HEAD,
            f'<header><h1>TikTok audiences</h1><p class="lead">As of {minute(now)}.</p>',
            _tiles(ordered, len(refused)),
            "</header>\n<main>\n",
            page_to_do.to_do(ordered, len(refused)),
            page_audiences.audiences(ordered, now),
            page_audiences.waiting(ordered, now),
            page_files.rejected(refused, now),
            page_files.recent_files(newest, now),
            "</main>\n",
            _FOOT,
        )
    )


def _tiles(statuses: Sequence[Mapping[str, Any]], refused: int) -> str:
    states = [s.get("state") for s in statuses]
    tiles = (
        ("audiences", states.count(READY), "ok", "Ready"),
        ("audiences", states.count("processing"), "busy", "Processing"),
        ("to-do", page_to_do.count(statuses), "warn", "To do"),
        ("waiting", sum(map(page_audiences.waiting_files, statuses)), "busy", "Files waiting"),
        ("rejected", refused, "bad", "Files rejected"),
    )
    items = "".join(
        f'<li><a href="#{anchor}"><span class="count">{count:,}</span>'
        f"{badge(kind if count else 'none', words)}</a></li>"
        for anchor, count, kind, words in tiles
    )
    return f'<ul class="tiles" aria-label="In short">{items}</ul>'
