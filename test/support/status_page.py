"""The status page as a test reads it, and what to put on it."""

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

from audience_uploader.domain.times import iso
from audience_uploader.sweep.page import render

NOW = 1_795_582_920.0  # 2026-11-25T05:02:00Z
_ALONE = {"meta", "use", "path", "circle", "rect"}


class Page(HTMLParser):
    """A page as text, by section, and all of its elements; every element must be closed."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.html = html
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in _ALONE:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def section(self, anchor: str) -> str:
        """Return the text of a section, its elements taken for blanks."""
        found = re.search(rf'<section id="{anchor}".*?</section>', self.html, re.DOTALL)
        assert found is not None
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", found[0])).split())

    def rows(self, anchor: str) -> int:
        found = re.search(rf'<section id="{anchor}".*?</section>', self.html, re.DOTALL)
        assert found is not None
        return found[0].count('role="rowheader"')


def page(statuses: Any = (), recent: Any = ()) -> Page:
    return Page(render(statuses, recent, now=NOW))


def status(name: str = "Loyalty members", **more: Any) -> dict[str, Any]:
    return {
        "audience_name": name, "audience_id": "73", "calculate_type": "EMAIL_SHA256",
        "state": "ready", "is_expiring": False, "since": iso(NOW - 7_200), "size": 182_400,
        "what_to_do": None, "expires_at": None, "checked_at": iso(NOW), "last_change": None,
        "waiting": None, "rejected": [], "history": [],
    } | more  # fmt: skip


def file(**more: Any) -> dict[str, Any]:
    return {
        "key": "tiktok/Loyalty members/email_sha256/june.csv", "audience": "Loyalty members",
        "status": "delivered", "reason": None, "message": None, "at": iso(NOW - 3 * 3_600),
        "rows": 1_200, "outcome": "ready",
    } | more  # fmt: skip


# Markup wherever it is put without care.
HOSTILE = """"'><img src=x onerror=alert(1)></script></style><b>&amp;"""
