"""What a person can do about an audience's state, in a sentence an ads manager understands."""

from audience_uploader.sweep.dates import day, seconds

READY = "ready"
NEEDS_A_PERSON = frozenset({"too_small", "failed", "gone", "expired"})

_ADVICE = {
    "not_created": (
        "The audience is not at TikTok yet: it is made when its first file is delivered. "
        "If nothing is waiting, drop a file for it."
    ),
    "processing": ("Nothing to do: TikTok is matching the people, which can take up to 48 hours."),
    "too_small": (
        "TikTok matched fewer than 1,000 people, so the audience can be neither used nor changed. "
        "Delete it in Ads Manager, drop a file with more people, and redrive what was rejected."
    ),
    "failed": (
        "TikTok could not process the last change, and its files are among the rejected ones. "
        "Redrive them (audiencectl redrive); if that fails too, delete the audience in Ads "
        "Manager and redrive once more."
    ),
    "gone": (
        "The audience is no longer at TikTok; somebody may have deleted it. The next file makes "
        "it anew. If its earlier people belong in it too, drop their files again."
    ),
    "expired": (
        "TikTok let the audience expire, because it was not used or changed for too long. The "
        "next file makes it anew. If its earlier people belong in it too, drop their files again."
    ),
    "unknown": (
        "TikTok has not told about this audience yet, and is asked again by itself. If this stays "
        "so for a day, check the access token (audiencectl credentials check)."
    ),
}
_UNCLEAR = (
    "TikTok still shows the error text from before the last change, so nobody can tell whether "
    "the change worked. Compare the size in Ads Manager; if people are missing, drop the file "
    "again."
)
_WAITS_FOR = {
    "transient": "TikTok or AWS did not answer properly; it is tried again by itself.",
    "rate_limited": "TikTok's limit of requests is used up; it goes on by itself.",
    "credentials": (
        "The TikTok access token is missing or refused. Set it (audiencectl credentials set); "
        "everything then goes on by itself."
    ),
    "audience_busy": "TikTok is still processing the change before; that takes up to 48 hours.",
    "create_unanswered": (
        "TikTok did not say whether it made the audience; it is looked up again by itself."
    ),
    "unexpected": "The uploader met an error of its own; it tries again by itself.",
    "lease_taken": "Another upload into this audience is under way.",
    "more_to_do": "The files before these go first.",
    "unreadable": (
        "The file cannot be read: S3 or KMS refuses access. Let the uploader read it, or copy the "
        "file over itself under the bucket's own key; it is tried for 24 hours."
    ),
}


def what_to_do(
    state: str, is_expiring: bool, expires_at: str | None, outcome: str | None
) -> str | None:
    """Return a sentence that says what to do, or None for an audience that is simply ready.

    `expires_at` is an ISO time or None; `outcome` the last change's outcome word, or None.
    """
    if state != READY:
        return _ADVICE.get(state, _ADVICE["unknown"])
    if is_expiring:
        at = seconds(expires_at)
        when = "soon" if at is None else f"on {day(at)}"
        return (
            f"TikTok lets the audience expire {when}: use it in an ad group, or drop a file to it."
        )
    return _UNCLEAR if outcome == "unclear" else None


def needs_a_person(state: str, is_expiring: bool, outcome: str | None) -> bool:
    """Tell whether somebody has to do something, rather than wait."""
    return state in NEEDS_A_PERSON or (state == READY and (is_expiring or outcome == "unclear"))


def waits_for(kind: str) -> str:
    """Return the sentence for a kind of wait; a kind of another version is shown as it is."""
    return _WAITS_FOR.get(kind, kind.replace("_", " "))
