"""States as words with a colour and a shape, so that none of the three is needed alone."""

from collections.abc import Mapping
from typing import Any

from audience_uploader.sweep.advice import READY
from audience_uploader.sweep.page_text import text

# 16 x 16; the colour is the badge's own.
SHAPES = (
    '<svg width="0" height="0" class="hidden" aria-hidden="true"><defs>'
    '<symbol id="ok" viewBox="0 0 16 16"><circle cx="8" cy="8" r="8" fill="currentColor"/>'
    '<path d="M4.4 8.3 7 10.8l4.6-5" class="cut"/></symbol>'
    '<symbol id="busy" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" class="pen"/>'
    '<path d="M8 1a7 7 0 0 1 0 14z" fill="currentColor"/></symbol>'
    '<symbol id="warn" viewBox="0 0 16 16"><path d="M8 .8 16 15H0z" fill="currentColor"/>'
    '<path d="M8 6v4M8 12.4v.2" class="cut"/></symbol>'
    '<symbol id="bad" viewBox="0 0 16 16"><rect width="16" height="16" rx="3"'
    ' fill="currentColor"/><path d="m5 5 6 6m0-6-6 6" class="cut"/></symbol>'
    '<symbol id="none" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" class="pen"'
    ' stroke-dasharray="2.6 2.9"/></symbol>'
    "</defs></svg>"
)

_AUDIENCES = {
    "not_created": ("none", "Not created yet"),
    "processing": ("busy", "Processing"),
    "ready": ("ok", "Ready"),
    "too_small": ("warn", "Too small"),
    "failed": ("bad", "Failed"),
    "gone": ("bad", "Gone"),
    "expired": ("bad", "Expired"),
    "unknown": ("none", "Not known yet"),
}
_OUTCOMES = {
    None: ("busy", "Taken by TikTok"),
    "processing": ("busy", "Taken by TikTok"),
    "ready": ("ok", "In the audience"),
    "unclear": ("warn", "Taken, result unclear"),
    "too_small": ("warn", "Taken, audience too small"),
    "failed": ("bad", "Failed at TikTok"),
    "gone": ("bad", "Taken, audience gone since"),
    "expired": ("bad", "Taken, audience expired since"),
}
_FILES = {
    "rejected": ("bad", "Rejected"),
    "superseded": ("none", "Overtaken by a newer set"),
    "skipped": ("none", "Skipped: no rows"),
}


def badge(kind: str, words: str) -> str:
    """Return a state as a shape and words in the colour of its kind."""
    shape = f'<svg class="shape" aria-hidden="true"><use href="#{kind}"/></svg>'
    return f'<span class="badge {kind}">{shape}{text(words)}</span>'


def audience_badge(status: Mapping[str, Any], outcome: object) -> str:
    """Return the badge of an audience's status object; `outcome` is its last change's word."""
    state = status.get("state")
    if state == READY and status.get("is_expiring"):
        return badge("warn", "Ready, expiring")
    if state == READY and outcome == "unclear":
        return badge("warn", "Ready, last change unclear")
    return badge(*_AUDIENCES.get(str(state), ("none", str(state or "unknown").replace("_", " "))))


def file_badge(file: Mapping[str, Any]) -> str:
    """Return the badge of what became of a file."""
    status, outcome = file.get("status"), file.get("outcome")
    if status == "delivered":
        word = outcome if isinstance(outcome, str) else None
        return badge(*_OUTCOMES.get(word, ("none", str(word).replace("_", " "))))
    return badge(*_FILES.get(str(status), ("none", str(status or "unknown"))))
