"""The page's sections about audiences: what needs a person, all of them, and what waits."""

from collections.abc import Mapping, Sequence
from typing import Any

from audience_uploader.sweep.advice import needs_a_person, waits_for
from audience_uploader.sweep.badges import audience_badge
from audience_uploader.sweep.chart import growth, line, points_of
from audience_uploader.sweep.page_text import (
    NOTHING,
    mapping,
    name,
    number,
    plural,
    since,
    text,
    when,
)
from audience_uploader.sweep.table import Column, Room, empty, section, table

Status = Mapping[str, Any]

_LISTED = Room(rows=400, size=640_000)  # TikTok allows an advertiser 400
_LISTED_WAITING = Room(rows=200, size=80_000)
_TYPES = {
    "EMAIL_SHA256": "E-mail addresses",
    "PHONE_SHA256": "Phone numbers",
    "IDFA_SHA256": "Device ids (IDFA)",
    "GAID_SHA256": "Device ids (GAID)",
    "FIRST_SHA256": "Device ids",
}
_ACTIONS = {"append": "Added", "remove": "Removed", "replace": "Replaced by"}
_AUDIENCES = (
    Column("Audience"),
    Column("State"),
    Column("Matched people", "num"),
    Column("Size over time", "chart"),
    Column("Last change"),
    Column("Waiting files", "num"),
)
_WAITING = (Column("Audience"), Column("Files", "num"), Column("Why", "say"), Column("Next try"))


def outcome_word(status: Status) -> str | None:
    """Return the outcome of an audience's last change as a word, or None."""
    outcome = mapping(status.get("last_change")).get("outcome")
    word = outcome.get("state") if isinstance(outcome, Mapping) else outcome
    return word if isinstance(word, str) else None


def needs_someone(status: Status) -> bool:
    """Tell whether somebody has to do something about an audience."""
    state, expiring = str(status.get("state")), bool(status.get("is_expiring"))
    return needs_a_person(state, expiring, outcome_word(status))


def waiting_files(status: Status) -> int:
    """Return how many files of an audience wait."""
    count = mapping(status.get("waiting")).get("drops")
    return count if isinstance(count, int) else 0


def sorted_by_need(statuses: Sequence[Status]) -> list[Status]:
    """Return those first that need a person, then all by name."""
    return sorted(
        statuses, key=lambda s: (not needs_someone(s), str(s.get("audience_name")).casefold())
    )


def audiences(statuses: Sequence[Status], now: float) -> str:
    """Return the section that lists the audiences with their sizes."""
    lead = "What TikTok matched and made of them. An audience can be used once it is ready."
    if not statuses:
        sentence = "No audience yet. Drop a file at tiktok/&lt;audience&gt;/&lt;format&gt;/."
        return section("audiences", "Audiences", lead, empty(sentence))
    caption = f"{plural(len(statuses), 'audience')}; those that need somebody first, then by name."
    rest = ", each in its own object beside this page"
    listed = table(caption, _AUDIENCES, statuses, lambda s: _audience_row(s, now), _LISTED, rest)
    return section("audiences", "Audiences", lead, listed)


def waiting(statuses: Sequence[Status], now: float) -> str:
    """Return the section of files that wait, why, and until when."""
    lead = "Files that were seen and are not with TikTok yet. They go by themselves when they can."
    found = [s for s in statuses if waiting_files(s)]
    if not found:
        return section("waiting", "Waiting", lead, empty("No file waits."))
    total = sum(waiting_files(s) for s in found)
    caption = f"{plural(total, 'file')} of {plural(len(found), 'audience')}."
    listed = table(
        caption, _WAITING, found, lambda s: _waiting_row(s, now), _LISTED_WAITING, " audiences"
    )
    return section("waiting", "Waiting", lead, listed)


def _audience_row(status: Status, now: float) -> Sequence[str]:
    points = points_of(status.get("history"))
    held = str(status.get("calculate_type") or "")
    waits = waiting_files(status)
    return (
        f"{name(status.get('audience_name'))}"
        f'<span class="sub">{text(_TYPES.get(held.upper(), held))}</span>',
        audience_badge(status, outcome_word(status)) + since(status.get("since"), now),
        f'<span class="size">{number(status.get("size"))}</span>' + growth(points, now),
        line(points),
        _last_change(mapping(status.get("last_change")), now),
        f"{waits:,}" if waits else NOTHING,
    )


def _last_change(change: Mapping[str, Any], now: float) -> str:
    if not change:
        return NOTHING
    action = str(change.get("action") or "")
    words = _ACTIONS.get(action, action.capitalize())
    rows = f"{text(words)} {number(change.get('rows'))} rows"
    return f'{rows}<span class="sub">{when(change.get("at"), now)}</span>'


def _waiting_row(status: Status, now: float) -> Sequence[str]:
    wait = mapping(status.get("waiting"))
    return (
        name(status.get("audience_name")),
        number(waiting_files(status)),
        text(waits_for(str(wait.get("for") or "unknown"))),
        when(wait.get("until"), now),
    )
