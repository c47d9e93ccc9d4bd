"""How surely a column's name means a format.

A name is read as a run of known words: what the identifier is (`email`), that it is hashed
(`sha256`), and words that change neither (`customer`, `lower`, a number). One unknown word
(`opt_in`, `md5`, `domain`, `type`) and the name means something else. The words: header_words.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from audience_uploader.rows.header_words import (
    DEVICE,
    EMAIL,
    FIRST,
    GAID,
    HASHED,
    IDFA,
    MOBILE,
    NOT_THE_PERSON,
    PHONE,
    PLAIN,
    ROLE,
    folded,
    kinds_in,
    parts_of,
    steps_of,
    unprefixed,
)

# calculate_type -> kinds of word that mean just it, kinds that may mean it
_KINDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "EMAIL_SHA256": (frozenset({EMAIL}), frozenset()),
    "PHONE_SHA256": (frozenset({PHONE}), frozenset()),
    "IDFA_SHA256": (frozenset({IDFA}), frozenset({DEVICE})),
    "GAID_SHA256": (frozenset({GAID}), frozenset({DEVICE})),
    "FIRST_SHA256": (frozenset({DEVICE, FIRST}), frozenset({IDFA, GAID})),
}

GUESSED = 4  # how much a rank rises where the words stand behind a path or an unknown prefix
UNNAMED = 9  # the rank of a column whose name says nothing about the format

_SALESFORCE = re.compile(r"(?i)^ssot__|__p?c$")  # what it adds to names that aren't its own


def is_hashed(name: str) -> bool:
    """Tell whether the name says that the column holds hashes."""
    text = folded(name)
    return any(mark in text for mark in ("sha2", "hash", "hex")) or HASHED in _words_of(name)[0]


def rank_of(name: str, calculate_type: str) -> int:
    """Return how surely the name means `calculate_type`: 1 is surest, UNNAMED is not at all.

    1 its own word marked as hashed (`email_sha256`, `Emails SHA256`, `SHA256(Email)`, `hem`),
    2 its own word alone, 3 and 4 the same of a word that may mean it (`maid` for an IDFA).
    5 to 8 the same behind a path or a prefix that may change whose it is (`traits.email_sha256`,
    `crm_email_sha256`): good for one column, a guess between several.
    """
    kinds, guessed = _words_of(name)
    own, wider = _KINDS[calculate_type.upper()]
    kind = _kind(kinds)
    if kind not in own | wider:
        return UNNAMED
    rank = (1 if kind in own else 3) + (HASHED not in kinds)
    return rank + GUESSED * guessed


def is_of_other_type(name: str, calculate_type: str) -> bool:
    """Tell whether the name means an identifier, but one of another format."""
    return rank_of(name, calculate_type) == UNNAMED and means_identifier(name)


def is_header_word(name: str) -> bool:
    """Tell whether the name is one that headers of identifier columns have."""
    kinds, _ = _words_of(name)
    return bool(kinds - {PLAIN})


def kind_of(name: str) -> str | None:
    """Return a word for what the name calls the column's identifiers, None where it doesn't."""
    return _kind(_words_of(name)[0])


def means_identifier(name: str) -> bool:
    """Tell whether the name means an identifier of any format."""
    return any(rank_of(name, one) != UNNAMED for one in _KINDS)


def _kind(kinds: frozenset[str]) -> str | None:
    """Return the one kind of identifier that a name's words agree on, if they do."""
    found = kinds - {HASHED, ROLE, PLAIN, MOBILE}
    if found == {IDFA, GAID}:
        return DEVICE
    if not found and MOBILE in kinds:
        return PHONE
    return next(iter(found)) if len(found) == 1 else None


def _words_of(name: str) -> tuple[frozenset[str], bool]:
    return (frozenset(), False) if "@" in name or name.isdigit() else _words(name)


@lru_cache(maxsize=512)
def _words(name: str) -> tuple[frozenset[str], bool]:
    """Return the kinds of word that a name consists of, and whether a path or prefix was left out.

    No kinds at all where a word is unknown.
    """
    name = _SALESFORCE.sub("", name)
    whole = kinds_in(folded(name))
    if _kind(whole) is None:
        for text in _guesses(name):
            kinds = kinds_in(text)
            if _kind(kinds):
                return kinds, True
    return whole, False


def _guesses(name: str) -> Iterator[str]:
    """Yield a name without its path, or without the unknown words before its first known one."""
    parts = parts_of(name)
    if not NOT_THE_PERSON.isdisjoint(parts):
        return
    steps = steps_of(name)
    for first in range(len(steps) - 1, 0, -1):
        yield folded("".join(steps[first:]))
    short = unprefixed(parts)
    if HASHED in kinds_in(short):
        yield short
