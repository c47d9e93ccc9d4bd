"""Make stories from their seeds."""

import random
from dataclasses import replace
from typing import Any

from support.stories.making import Maker
from support.stories.steps import Step, Story
from support.world import HOUR

NAMES = ("foodies", "a+b %25&ü")
_CREATING = ("append", "replace")


def story(seed: int, *, steps: int = 24) -> Story:
    """Return the story of a seed. A third of all are without anything that refuses a drop."""
    chance = random.Random(seed)
    clean, sweeps = chance.random() < 0.35, chance.random() < 0.8
    names = NAMES[: 1 if chance.random() < 0.7 else 2]
    maker = Maker(chance, names, clean=clean, sweeps=sweeps)
    made = [maker.step() for _ in range(chance.randint(steps // 3, steps))]
    made = _with_a_lost_create(chance.random(), made)
    options = _options(chance, clean=clean)
    percent = 0 if clean else chance.choice([0, 50, 50])
    settle, replays = chance.choice([0, 0, 60, 600]), chance.random() < 0.3
    return Story(seed, options, settle, percent, sweeps, replays, tuple(made))


def _with_a_lost_create(draw: float, made: list[Step]) -> list[Step]:
    """Lose what many a story hears of its create: there are few of them, and they matter most."""
    if draw < 0.3:
        fault = Step(0, "fault", {"endpoint": "create", "kind": "cut_after", "times": 1})
        return [fault, *made]
    first = next((n for n, step in enumerate(made) if step.do in _CREATING), None)
    if draw > 0.5 or first is None:
        return made
    killed = [*made[:first], replace(made[first], then="killed after change"), *made[first + 1 :]]
    return [*killed[: first + 1], *_after_a_lease(killed[first + 1 :])]


def _after_a_lease(steps: list[Step]) -> list[Step]:
    """Have the next step fall between the end of a lease and the end of the list's lag."""
    return [replace(steps[0], gap=1500), *steps[1:]] if steps else []


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
