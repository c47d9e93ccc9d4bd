"""What is wrong with a drop's key, in a sentence that gives the key to use instead.

A key may be wrong in several ways. The sentence is about the first of them; the key that it gives
has all of them put right.
"""

from audience_uploader.domain.action_advice import advice_on_folders, moved_action
from audience_uploader.domain.advice import ANY_AUDIENCE, ANY_FORMAT, ROOT, Advice
from audience_uploader.domain.audience_names import LONGEST_NAME, clean_name, fault_of_name
from audience_uploader.domain.formats import (
    FORMATS,
    calculate_type_of,
    format_meant,
    is_other_hash,
    speaks_of_hashes,
)
from audience_uploader.domain.outcomes import DropRefused

_LAYOUT = f"{ROOT}/<audience>/<format>/<file>"
_KNOWN = ", ".join(FORMATS)
_MOST_STEPS = 6


def check_key(segments: list[str]) -> None:
    """Raise DropRefused where a key is not root, audience, format, action and file in good form."""
    first = _advice_on(segments)
    if first is None:
        return
    last = first
    for _ in range(_MOST_STEPS):
        further = _advice_on(last.better) if last.better else None
        if further is None or further.better is None or further.better == last.better:
            break
        last = further
    raise DropRefused(first.reason, first.sentence(last.better))


def _advice_on(segments: list[str]) -> Advice | None:
    return (
        _on_root(segments)
        or _on_length(segments)
        or _on_format(segments)
        or _on_name(segments)
        or advice_on_folders(segments)
    )


def _on_root(segments: list[str]) -> Advice | None:
    if segments[0] == ROOT:
        return None
    rest = segments[1:] if segments[0] else segments[2:]
    first = next((segment for segment in segments if segment), "")
    if first.strip().lower() == ROOT and len(rest) > 2:
        return Advice("bad_key", f"A key must begin with {ROOT}/, in lower case", rest)
    return Advice("bad_key", f"The key must be {_LAYOUT}", None)


def _on_length(segments: list[str]) -> Advice | None:
    file = segments[-1]
    if len(segments) < 3:
        return Advice("bad_key", f"The key must be {_LAYOUT}", [ANY_AUDIENCE, ANY_FORMAT, file])
    folder = segments[1]
    if not clean_name(folder):
        return Advice("bad_key", "The audience's name is missing", [ANY_AUDIENCE, *segments[2:]])
    if len(segments) > 3:
        return None
    if calculate_type_of(folder):
        return Advice("bad_key", "The audience's name is missing", [ANY_AUDIENCE, folder, file])
    if calculate_type_of(file):
        return Advice("bad_key", "There is no file after the format", [folder, file, "<file>"])
    text = f"The format is missing (one of {_KNOWN})"
    return Advice("bad_key", text, [folder, ANY_FORMAT, file])


def _on_format(segments: list[str]) -> Advice | None:
    _, audience, spelling, *rest = segments
    if calculate_type_of(spelling):
        return None
    return (
        _on_swapped(audience, spelling, rest)
        or _on_deeper_format([audience, spelling], rest)
        or _on_near_format(audience, spelling, rest)
        or _unknown(f"The format in the key must be one of {_KNOWN}", [audience, ANY_FORMAT, *rest])
    )


def _on_swapped(audience: str, spelling: str, rest: list[str]) -> Advice | None:
    if not speaks_of_hashes(audience) or speaks_of_hashes(spelling):
        return None
    meant = str(format_meant(audience))
    if moved_action([spelling]):
        return _unknown("The audience's name is missing", [ANY_AUDIENCE, meant, spelling, *rest])
    text = "The format and the audience's name are swapped"
    return _unknown(text, [clean_name(spelling) or ANY_AUDIENCE, meant, *rest])


def _on_deeper_format(above: list[str], rest: list[str]) -> Advice | None:
    """Return what to do where the format stands too deep: a name with a /, or an action before."""
    for place, folder in enumerate(rest[:-1]):
        if not speaks_of_hashes(folder):
            continue
        between = [*above, *rest[:place]]
        after = [str(format_meant(folder)), *rest[place + 1 :]]
        if action := moved_action(between):
            name = "-".join(part for part in between if part != action) or ANY_AUDIENCE
            return _unknown(
                "The action must come after the format", [name, after[0], action, *after[1:]]
            )
        text = "The format must come directly after the audience's name, which can't hold a /"
        return _unknown(text, ["-".join(filter(None, between)), *after])
    return None


def _on_near_format(audience: str, spelling: str, rest: list[str]) -> Advice | None:
    near = format_meant(spelling)
    if near is None:
        return None
    only = " TikTok takes SHA-256 hashes only" if is_other_hash(spelling) else ""
    text = f"{spelling} is not a format (did you mean {near}?{only})"
    return _unknown(text, [audience, near, *rest])


def _on_name(segments: list[str]) -> Advice | None:
    name = segments[1]
    if len(name) > LONGEST_NAME:
        text = f"The audience's name has {len(name)} characters, TikTok takes {LONGEST_NAME}"
        return Advice("name_too_long", text, None)
    fault = fault_of_name(name)
    if not fault:
        return None
    better = clean_name(name)
    if better in (".", ".."):
        return Advice("bad_key", fault, None)
    return Advice("bad_key", f"{fault} (the name to use is {better})", [better, *segments[2:]])


def _unknown(text: str, better: list[str]) -> Advice:
    return Advice("unknown_format", text, better)
