"""What the user did in a story, kept apart from the code under test: drops, ids and times.

The content that an audience must have is computed here from the timeline alone: a plain set.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from support.events import hashes

APPEND, REMOVE, REPLACE = "append", "remove", "replace"
BAD = "bad key"
ACTIONS = (APPEND, REMOVE, REPLACE)  # of what was written within one second
GOOD, EMPTY = "good", "no rows"
NEVER = 1 << 62

PEOPLE = hashes(0, 6)  # ids that many drops name
_FIRST_MARK = 1000


@dataclass(slots=True, eq=False)
class Version:
    """One version of a drop; `mark` is an id that no other version holds.

    It was there from the tick `born` on, until the tick `died`; `at` is S3's time of it.
    """

    key: str
    etag: str
    audience: str
    action: str
    set_name: str | None
    content: str
    ids: frozenset[str]
    mark: str
    at: float
    born: int
    died: int = NEVER

    @property
    def second(self) -> int:
        return int(self.at)

    @property
    def group(self) -> str:
        """What the sweep sends one message for: audience and format, or a bad key by itself."""
        name, form = self.key.split("/")[1:3] if self.action != BAD else (self.key, "")
        return f"{name}/{form.upper()}" if form else name

    def __repr__(self) -> str:
        return f"{self.key.split('/', 2)[-1]} of tick {self.born}"


@dataclass(slots=True)
class Timeline:
    """All versions of a story; a tick passes with each write."""

    versions: dict[tuple[str, str], Version] = field(default_factory=dict)
    marks: dict[str, Version] = field(default_factory=dict)
    confirmed: set[tuple[str, str]] = field(default_factory=set)
    tick: int = 0

    def new_mark(self) -> str:
        return hashes(_FIRST_MARK + len(self.marks), 1)[0]

    def write(self, version: Version) -> None:
        self.delete(version.key)
        self.versions[version.key, version.etag] = version
        self.marks[version.mark] = version

    def delete(self, key: str) -> None:
        self.tick += 1
        for version in self.current():
            if version.key == key:
                version.died = self.tick

    def current(self) -> list[Version]:
        return [v for v in self.versions.values() if v.died == NEVER]

    def chosen(self, number: int) -> Version | None:
        """Return one of the drops that are there."""
        current = self.current()
        return current[number % len(current)] if current else None

    def folder(self, audience: str, set_name: str, tick: int) -> list[Version]:
        """Return the parts of a set at a tick."""
        return [
            v
            for v in self.versions.values()
            if (v.audience, v.set_name) == (audience, set_name) and v.born <= tick < v.died
        ]

    def folder_of(self, version: Version, tick: int) -> list[Version]:
        """Return the parts of a drop's set at a tick; none of a drop that is in no set."""
        if version.set_name is None:
            return []
        return self.folder(version.audience, version.set_name, tick)

    def senders(self, ids: Iterable[str], *, removing: bool) -> list[Version]:
        """Return whose marks are among ids; a removal may name the marks of what it takes out."""
        found = [self.marks[i] for i in ids if i in self.marks]
        return [v for v in found if v.action == REMOVE] if removing else found


@dataclass(frozen=True, slots=True)
class Deed:
    """What one drop, or one whole set, does to an audience at its place in time."""

    second: int
    action: str
    name: str
    ids: frozenset[str]


def set_second(parts: Sequence[Version]) -> int:
    """Return a set's time: that of its oldest object."""
    return min(part.second for part in parts)


def content(deeds: Iterable[Deed]) -> set[str]:
    """Return what is left once all deeds are done in the order of their times."""
    left: set[str] = set()
    for deed in sorted(deeds, key=lambda d: (d.second, ACTIONS.index(d.action), d.name)):
        if deed.action == REMOVE:
            left -= deed.ids
        else:
            left = {*deed.ids, *(left if deed.action == APPEND else ())}
    return left
