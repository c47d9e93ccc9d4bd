"""What a drop asks for: the action folder of its key, and the words that only look like one."""

import re
import unicodedata
from itertools import pairwise

APPEND, REMOVE, REPLACE = "append", "remove", "replace"
ACTIONS = (APPEND, REMOVE, REPLACE)

# Words that mean taking people out. They are refused, since opt-outs must never be appended.
_TAKING_OUT = frozenset(
    {"delete", "deleted", "deletes", "deletion", "deletions", "deleting"}
    | {"removal", "removals", "removed", "removes", "removing"}
    | {"optout", "optouts", "optedout", "unsubscribe", "unsubscribed", "unsubscribes"}
    | {"unsubscriber", "unsubscribers", "suppress", "suppressed", "suppresses", "suppression"}
    | {"suppressions", "exclude", "excluded", "excludes", "exclusion", "exclusions"}
    | {"blocklist", "blacklist", "erase", "erased", "erases", "erasure", "erasures"}
)
_PARTITION = "action="
_NOT_A_LETTER = re.compile(r"[\W_]+")


def action_of(folder: str) -> str | None:
    """Return the action that a folder names, in any case; None where it is not such a word."""
    return folder.lower() if folder.isascii() and folder.lower() in ACTIONS else None


def action_meant(folder: str) -> str | None:
    """Return the action that a folder's name means, however it is written; None if it means none.

    "" for `action=` with a word that means none of them.
    """
    word = _contracted(folder)
    if word.startswith(_PARTITION):
        return action_meant(word.removeprefix(_PARTITION)) or ""
    if word in _TAKING_OUT:
        return REMOVE
    return word if word in ACTIONS else None


def says_taking_out(file_name: str) -> bool:
    """Tell whether a file's own name says that people are to be taken out (`opt-outs_june.csv`)."""
    words = [word for word in _NOT_A_LETTER.split(_plain(file_name)) if word]
    pairs = [first + second for first, second in pairwise(words)]
    return any(word == REMOVE or word in _TAKING_OUT for word in (*words, *pairs))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


def _contracted(folder: str) -> str:
    """Return a folder's name in lower case, without blanks, dashes, underscores or unseen marks."""
    return "".join(c for c in _plain(folder) if unicodedata.category(c) not in _LEFT_OUT)


_LEFT_OUT = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Pd", "Pc"})
