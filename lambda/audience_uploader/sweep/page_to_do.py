"""The page's first section: what somebody has to do something about."""

from collections.abc import Mapping, Sequence
from typing import Any

from audience_uploader.sweep.advice import waits_for, what_to_do
from audience_uploader.sweep.badges import audience_badge, badge
from audience_uploader.sweep.page_audiences import needs_someone, outcome_word
from audience_uploader.sweep.page_text import mapping, name, plural, text
from audience_uploader.sweep.table import Room, empty, fitting, section

Status = Mapping[str, Any]

_LISTED = Room(rows=60, size=40_000)
_WAITS_FOR_A_PERSON = {"credentials": "TikTok access token", "unreadable": "Files without access"}


def count(statuses: Sequence[Status]) -> int:
    """Return how many things somebody has to do something about."""
    return len(_waits(statuses)) + sum(map(needs_someone, statuses))


def to_do(statuses: Sequence[Status], refused: int) -> str:
    """Return the section; `refused` is the count of rejected files, which has its own section."""
    found = [s for s in statuses if needs_someone(s)]
    waits = _waits(statuses)
    if not found and not waits:
        rest = "Only the rejected files below." if refused else "Nothing: all goes by itself."
        return section("to-do", "To do", "What needs somebody.", empty(rest))
    cards, left = fitting(found, _audience_card, _LISTED)
    cards = "".join(map(_wait_card, waits)) + cards
    rest = f'<p class="more">And {left:,} more audiences: see below.</p>' if left else ""
    lead = f"{plural(len(found) + len(waits), 'thing needs', 'things need')} somebody."
    return section("to-do", "To do", lead, f'<ul class="todo">{cards}</ul>{rest}')


def _waits(statuses: Sequence[Status]) -> list[str]:
    kinds = {str(mapping(s.get("waiting")).get("for")) for s in statuses}
    return [kind for kind in _WAITS_FOR_A_PERSON if kind in kinds]


def _wait_card(kind: str) -> str:
    heading, advice = _WAITS_FOR_A_PERSON[kind], waits_for(kind)
    return f"<li>{badge('warn', 'Files wait')}<h3>{heading}</h3><p>{text(advice)}</p></li>\n"


def _audience_card(status: Status) -> str:
    state, expiring = str(status.get("state")), bool(status.get("is_expiring"))
    outcome = outcome_word(status)
    expires_at = status.get("expires_at")
    advice = status.get("what_to_do") or what_to_do(state, expiring, expires_at, outcome)
    return (
        f"<li>{audience_badge(status, outcome)}"
        f"<h3>{name(status.get('audience_name'))}</h3><p>{text(advice)}</p></li>\n"
    )
