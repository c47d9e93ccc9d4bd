"""Make the steps of a story by chance."""

import random
from typing import Any

from support.stories.faults import LATER_FAULTS, PASSING_FAULTS, REFUSING_FAULTS, S3_OPERATIONS
from support.stories.steps import POISON, Step
from support.stories.timeline import EMPTY, GOOD

FORMATS = ("email_sha256", "email_sha256", "EMAIL_SHA256")
# Of a bad key nobody knows whether it was meant to add people or to take them out.
BAD_FILES = (
    "../orphan.csv",
    "email_sha256/optouts/x.csv",
    "email_sha256/replace/x.csv",
    "email_sha256/run/remove/x.csv",
)
SETS = ("s1", "s2", "s3")
SECRETS = ("wrong", "placeholder", "unreadable", "right", "right")


class Maker:
    """Draws one step after the other; a `clean` story has nothing that refuses a drop."""

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
        gap = self._chance.choice([0, 0, 1, 1, 30, 700, 1500, 4000, 3 * 3600, 50 * 3600])
        return Step(gap, do, how, self._then(do))

    def _then(self, do: str) -> str:
        at, hours = self._chance.randrange(24), self._chance.choice([1, 1, 6, 60])
        named = self._chance.choice(["change", "receipt"])
        moments = [f"killed before {at}", f"killed after {at // 3}", f"killed after {named}"]
        beside = self._chance.choice([at, named, "read"])
        moments.append(f"during {beside} {self._chance.choice([1, 1, 6])}")
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

    def _bad_key(self) -> dict[str, Any]:
        return {"name": self._chance.choice(self._names), "file": self._chance.choice(BAD_FILES)}

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
_REFUSING = {"confirm": 5, "redrive": 4, "unreadable": 3, "gone": 1, "fault": 8, "bad_key": 2}
_LOSING = {"lose": 3}
