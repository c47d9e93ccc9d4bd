"""A story as plain data, made from its seed: what the user does, and what happens then."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from support.stories.faults import LATER_FAULTS, PASSING_FAULTS, REFUSING_FAULTS, S3_OPERATIONS
from support.stories.timeline import EMPTY, GOOD
from support.world import HOUR

NAMES = ("foodies", "a+b %25&ü")
FORMATS = ("email_sha256", "email_sha256", "EMAIL_SHA256")
POISON = {
    "no_valid_rows": b"jane@example.com\n",
    "damaged_gzip": b"\x1f\x8b\x08\x00broken",
    "unsupported_content": b"PAR1" + bytes(40),
}
SETS = ("s1", "s2", "s3")
SECRETS = ("wrong", "placeholder", "unreadable", "right", "right")


@dataclass(frozen=True, slots=True)
class Step:
    """After `gap` seconds the user does something; `then` is how the function goes on.

    `then` is empty, `receive`, `work <hours>`, `killed before|after <call>` or `during <call>`,
    which means that the user's deed falls into the handling of a message.
    """

    gap: int
    do: str
    how: Mapping[str, Any] = field(default_factory=dict)
    then: str = ""

    def __str__(self) -> str:
        told = ", ".join(f"{k} {v}" for k, v in self.how.items())
        then = f"  => {self.then}" if self.then else ""
        return f"+{self.gap:>6} s  {self.do:<11} {told}{then}"


@dataclass(frozen=True, slots=True)
class Story:
    """One story; `options` are the simulator's, `percent` is the shrink guard."""

    seed: int
    options: Mapping[str, Any]
    settle: int
    percent: int
    sweeps: bool
    steps: tuple[Step, ...]

    @property
    def base(self) -> float:
        """The base delay in seconds: a longer one where days are waited for, to save tries."""
        return 120.0 if self.options["processing_seconds"] > 24 * HOUR else 30.0

    def __str__(self) -> str:
        said = f"seed {self.seed}: {dict(self.options)}, settle_seconds {self.settle}, "
        said += f"replace_minimum_percent {self.percent}, sweeps {self.sweeps}"
        return "\n".join([said, *map(str, self.steps)])

    def with_steps(self, steps: list[Step]) -> "Story":
        return replace(self, steps=tuple(steps))


def story(seed: int, *, steps: int = 24) -> Story:
    """Return the story of a seed. A third of all are without anything that refuses a drop."""
    chance = random.Random(seed)
    clean, sweeps = chance.random() < 0.35, chance.random() < 0.8
    names = NAMES[: 1 if chance.random() < 0.7 else 2]
    maker = _Maker(chance, names, clean=clean, sweeps=sweeps)
    made = [maker.step() for _ in range(chance.randint(steps // 3, steps))]
    if chance.random() < 0.4:  # there are few creates in a story, and they matter most
        made.insert(0, Step(0, "fault", {"endpoint": "create", "kind": "cut_after", "times": 1}))
    options = _options(chance, clean=clean)
    percent = 0 if clean else chance.choice([0, 50, 50])
    return Story(seed, options, chance.choice([0, 0, 60, 600]), percent, sweeps, tuple(made))


def _options(chance: random.Random, *, clean: bool) -> dict[str, Any]:
    options: dict[str, Any] = {
        "processing_seconds": chance.choice([0.0, 0.0, 600.0, 2 * HOUR, 26 * HOUR, 48 * HOUR]),
        "list_lag_seconds": chance.choice([0.0, 0.0, 600.0, 3500.0]),
        "valid_during_update": chance.random() < 0.6,
        "list_order": chance.choice(["newest", "unstable"]),
        "single_use_files": chance.random() < 0.3,
        "error_msg_ends": chance.choice(["success", "accept", "never"]),
        "history_from": chance.choice(["accept", "result"]),
    }
    if not clean:
        options["floor"] = chance.choice([0, 0, 0, 3])
        options["floor_mode"] = chance.choice(["sync", "async"])
        options["valid_after_failed_update"] = chance.random() < 0.85
    return options


class _Maker:
    def __init__(
        self, chance: random.Random, names: tuple[str, ...], *, clean: bool, sweeps: bool
    ) -> None:
        self._chance = chance
        self._names = names
        self._clean = clean
        self._sweeps = sweeps
        weights = {**_WEIGHTS, **({} if clean else _REFUSING), **(_LOSING if sweeps else {})}
        self._kinds, self._weights = list(weights), list(weights.values())

    def step(self) -> Step:
        do = self._chance.choices(self._kinds, self._weights)[0]
        how = {
            name: value
            for name, value in getattr(self, f"_{do}")().items()
            if value not in ("", False, [])
        }
        gap = self._chance.choice([0, 0, 1, 1, 30, 700, 4000, 3 * 3600, 50 * 3600])
        return Step(gap, do, how, self._then(do))

    def _then(self, do: str) -> str:
        at, hours = self._chance.randrange(24), self._chance.choice([1, 1, 6, 60])
        moments = [f"killed before {at}", f"killed after {at // 3}", f"during {at}"]
        many = ["", "", "receive", "receive", f"work {hours}", f"work {hours}", f"work {hours}"]
        return self._chance.choice(many if do in ("sweep", "redrive") else many + moments)

    def _about(self) -> dict[str, Any]:
        lost = self._sweeps and self._chance.random() < 0.15
        return {
            "name": self._chance.choice(self._names),
            "form": self._chance.choice(FORMATS),
            "event": "lost" if lost else "",
        }

    def _content(self) -> dict[str, Any]:
        people = sorted(self._chance.sample(range(6), self._chance.choice([0, 1, 1, 2, 4])))
        draw = self._chance.random()
        odd = EMPTY if draw < 0.08 else ""
        if not self._clean and draw > 0.86:
            odd = self._chance.choice(sorted(POISON))
        return {"people": people, "content": odd or GOOD}

    def _append(self) -> dict[str, Any]:
        file = self._chance.choice(["a.csv", "b.csv", "run/part-1", "append/c.csv"])
        return {**self._about(), "file": file, **self._content()}

    def _remove(self) -> dict[str, Any]:
        folder = self._chance.choice(["remove", "remove", "REMOVE"])
        file = self._chance.choice(["o1.csv", "o2.csv", "o3.csv"])
        marks = self._chance.choice([0, 0, 1])
        return {**self._about(), "file": f"{folder}/{file}", **self._content(), "marks": marks}

    def _replace(self) -> dict[str, Any]:
        parts = self._chance.choice([1, 2, 2, 3])
        return {
            **self._about(),
            "set": self._chance.choice(SETS),
            "parts": [self._content() for _ in range(parts)],
            "apart": self._chance.choice([0, 0, 1, 40]),
            "confirmed": self._chance.random() < 0.2,
        }

    def _part(self) -> dict[str, Any]:
        part = self._chance.randrange(3)
        return {
            **self._about(),
            "set": self._chance.choice(SETS),
            "part": part or "",
            **self._content(),
        }

    def _confirm(self) -> dict[str, Any]:
        return {"name": self._chance.choice(self._names), "set": self._chance.choice(SETS)}

    def _again(self) -> dict[str, Any]:
        return {"drop": self._chance.randrange(12), "replay": self._chance.random() < 0.4}

    def _delete(self) -> dict[str, Any]:
        return {"drop": self._chance.randrange(12)}

    def _unreadable(self) -> dict[str, Any]:
        return {"drop": self._chance.randrange(12), "readable": self._chance.random() < 0.4}

    def _lose(self) -> dict[str, Any]:
        return {"message": self._chance.choice(["all", 0, 1, 2])}

    def _sweep(self) -> dict[str, Any]:
        at = self._chance.randrange(16)
        how = self._chance.choice(["", "", "", f"killed before {at}", f"killed after {at // 4}"])
        return {"how": how or self._chance.choice(["", f"twice {at}"])}

    def _fault(self) -> dict[str, Any]:
        faults = PASSING_FAULTS if self._clean else PASSING_FAULTS + REFUSING_FAULTS
        if not self._clean and self._chance.random() < 0.4:
            faults = LATER_FAULTS
        fault = self._chance.choice(faults)
        places = ["*", "list", "get", "upload", "create", "update", "update"]
        place = "*" if "endpoint" in fault else self._chance.choice(places)
        return {"endpoint": place, **fault, "times": self._chance.choice([1, 1, 2, 4])}

    def _s3(self) -> dict[str, Any]:
        operation = self._chance.choice(S3_OPERATIONS)
        return {"operation": operation, "times": self._chance.choice([1, 2, 3])}

    def _secret(self) -> dict[str, Any]:
        return {"how": self._chance.choice(SECRETS)}

    def _redrive(self) -> dict[str, Any]:
        return {}

    def _gone(self) -> dict[str, Any]:
        return {"name": self._chance.choice(self._names)}


# Sets and removals are more than half of all steps.
_WEIGHTS = {"replace": 18, "part": 14, "remove": 24, "append": 14, "again": 3} | {
    "sweep": 6, "fault": 6, "s3": 1, "secret": 2, "delete": 2,
}  # fmt: skip
_REFUSING = {"confirm": 5, "redrive": 4, "unreadable": 3, "gone": 1, "fault": 8}
_LOSING = {"lose": 3}
