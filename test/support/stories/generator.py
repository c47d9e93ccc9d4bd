"""Make stories from their seeds."""

import random
from typing import Any

from support.stories.making import Maker
from support.stories.scenes import with_scenes
from support.stories.steps import Story
from support.world import HOUR

NAMES = ("foodies", "a+b %25&ü")


def story(seed: int, *, steps: int = 24) -> Story:
    """Return the story of a seed. A third of all are without anything that refuses a drop."""
    chance = random.Random(seed)
    clean, sweeps = chance.random() < 0.35, chance.random() < 0.8
    names = NAMES[: 1 if chance.random() < 0.7 else 2]
    maker = Maker(chance, names, clean=clean, sweeps=sweeps)
    made = [maker.step() for _ in range(chance.randint(steps // 3, steps))]
    made = with_scenes(chance, made, names[0], clean=clean)
    options = _options(chance, clean=clean)
    percent = 0 if clean else chance.choice([0, 50, 50])
    settle, replays = chance.choice([0, 0, 60, 600]), chance.random() < 0.3
    return Story(seed, options, settle, percent, sweeps, replays, tuple(made))


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
