"""What a soak will do, drawn from its seed: audiences, drops, and when each drop is written."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from support.soak.contents import POISON, SHAPES, hashed
from support.soak.scale import FLOOR, Scale

FORMATS = ("email_sha256", "phone_sha256", "idfa_sha256", "gaid_sha256", "first_sha256")
_NAMES = ("soak {n}", "soak+{n}%25", "soak & co. {n}", "søak-{n}", "浸す {n}", "soak_{n}")
_THERE_EVERY = 5  # every fifth audience is at TikTok already
_BURSTS = 6


@dataclass(frozen=True, slots=True)
class Target:
    """An audience that good drops go to; `there` are ids it holds from before."""

    name: str
    format: str
    there: frozenset[str]

    @property
    def calculate_type(self) -> str:
        """The format as TikTok spells it."""
        return self.format.upper()


@dataclass(frozen=True, slots=True)
class PlannedDrop:
    """One object to be written `at` seconds; `reason` is why it is refused, "" for a good one.

    `target` and `ids` are only a good one's.
    """

    at: float
    key: str
    body: bytes
    target: Target | None = None
    ids: frozenset[str] = frozenset()
    reason: str = ""


@dataclass(frozen=True)
class Plan:
    """The whole of it; `markers` are keys that are no drops and must leave no trace."""

    targets: tuple[Target, ...]
    drops: tuple[PlannedDrop, ...]
    markers: tuple[PlannedDrop, ...]

    @cached_property
    def good(self) -> tuple[PlannedDrop, ...]:
        """The drops that must arrive."""
        return tuple(d for d in self.drops if not d.reason)

    @cached_property
    def poison(self) -> tuple[PlannedDrop, ...]:
        """The drops that must be refused."""
        return tuple(d for d in self.drops if d.reason)

    @cached_property
    def expected(self) -> dict[str, frozenset[str]]:
        """Audience name -> all ids that it must hold in the end."""
        ids = {t.name: set(t.there) for t in self.targets}
        for drop in self.good:
            assert drop.target
            ids[drop.target.name] |= drop.ids
        return {name: frozenset(found) for name, found in ids.items()}

    @cached_property
    def bursts(self) -> tuple[tuple[float, tuple[PlannedDrop, ...]], ...]:
        """What is written together, in order of time."""
        together: dict[float, list[PlannedDrop]] = defaultdict(list)
        for drop in (*self.drops, *self.markers):
            together[drop.at].append(drop)
        return tuple((at, tuple(together[at])) for at in sorted(together))


def make_plan(scale: Scale) -> Plan:
    """Give the plan of this scale; the same scale gives the same plan."""
    chance = random.Random(scale.seed)
    targets = tuple(_target(scale.seed, n, chance) for n in range(scale.audiences))
    good = tuple(_good(scale, targets, chance))
    poison = tuple(_poison(scale, good, chance))
    markers = tuple(_marker(drop) for drop in good[:: max(1, scale.drops // 10)])
    return Plan(targets, good + poison, markers)


def _target(seed: int, n: int, chance: random.Random) -> Target:
    name = _NAMES[n % len(_NAMES)].format(n=n)
    size = 3 * FLOOR if n % _THERE_EVERY == _THERE_EVERY - 1 else 0
    there = frozenset(hashed(f"{seed} {name} there {i}") for i in range(size))
    return Target(name, chance.choice(FORMATS), there)


def _good(scale: Scale, targets: Sequence[Target], chance: random.Random) -> Iterator[PlannedDrop]:
    moments = {t.name: _moments(scale, chance) for t in targets}
    # Every audience gets at least one; the rest falls unevenly, so that some get many parts.
    weights = [chance.paretovariate(1.2) for _ in targets]
    more = chance.choices(targets, weights, k=max(0, scale.drops - len(targets)))
    for n, target in enumerate([*targets, *more][: scale.drops]):
        ids = _ids(scale.seed, target, chance)
        body = chance.choice(SHAPES)(ids)
        at = chance.choice(moments[target.name])
        yield PlannedDrop(at, _key(target, n, chance), body, target, frozenset(ids))


def _moments(scale: Scale, chance: random.Random) -> list[float]:
    return [round(chance.uniform(0, scale.spread), 1) for _ in range(chance.randint(1, _BURSTS))]


def _ids(seed: int, target: Target, chance: random.Random) -> list[str]:
    size = chance.choice((FLOOR + 10, 150, 150, 300, 1200))
    # From a pool that is larger, but not much: drops of one audience overlap.
    return [hashed(f"{seed} {target.name} {i}") for i in chance.sample(range(6000), size)]


def _key(target: Target, n: int, chance: random.Random) -> str:
    spelling = chance.choice((str.lower, str.upper, str.title))(target.format)
    folder = chance.choice(("", "2026/11/", f"query-{n}/"))
    return f"tiktok/{target.name}/{spelling}/{folder}part-{n:05}.csv"


def _poison(
    scale: Scale, good: Sequence[PlannedDrop], chance: random.Random
) -> Iterator[PlannedDrop]:
    """Bad drops, each beside a good one: in its folder, and in its burst."""
    for n in range(scale.poison):
        kind = POISON[n % len(POISON)]
        beside = chance.choice(good)
        assert beside.target
        key = kind.key.format(audience=beside.target.name, format=beside.target.format, n=n)
        yield PlannedDrop(beside.at, key, kind.make(n), reason=kind.reason)


def _marker(beside: PlannedDrop) -> PlannedDrop:
    return PlannedDrop(beside.at, f"{beside.key.rpartition('/')[0]}/_SUCCESS", b"done")
