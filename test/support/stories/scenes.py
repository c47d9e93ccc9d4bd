"""Sequences of steps that chance alone makes too seldom for what hangs on them."""

import random
from dataclasses import replace

from support.stories.steps import Step
from support.stories.timeline import GOOD

_CREATING = ("append", "replace")
_FAILS_LATER = {"endpoint": "update", "kind": "fails_later", "message": "Matching failed."}


def with_scenes(chance: random.Random, steps: list[Step], name: str, *, clean: bool) -> list[Step]:
    """Lose what many a story hears of its create, and set a scene in some."""
    made = _with_a_lost_create(chance.random(), steps)
    if chance.random() > 0.25:
        return made
    scenes = [_set_written_meanwhile, _late_set]
    scenes += [] if clean else [_failed_removal, _failed_set, _set_that_shrinks]
    scene = chance.choice(scenes)(name)
    at = chance.randrange(len(made) + 1)
    return [*made[:at], *scene, *made[at:]]


def _with_a_lost_create(draw: float, steps: list[Step]) -> list[Step]:
    if draw < 0.3:
        fault = Step(0, "fault", {"endpoint": "create", "kind": "cut_after", "times": 1})
        return [fault, *steps]
    first = next((n for n, step in enumerate(steps) if step.do in _CREATING), None)
    if draw > 0.5 or first is None:
        return steps
    killed = replace(steps[first], then="killed after change")
    return [*steps[:first], killed, *_after_a_lease(steps[first + 1 :])]


def _after_a_lease(steps: list[Step]) -> list[Step]:
    """Have the next step fall between the end of a lease and the end of the list's lag."""
    return [replace(steps[0], gap=1500), *steps[1:]] if steps else []


def _failed_removal(name: str) -> list[Step]:
    """Replay a file that a removal had overtaken which then failed."""
    about = {"name": name, "form": "email_sha256", "content": GOOD}
    return [
        Step(1, "append", {**about, "file": "a.csv", "people": [0, 1]}, "work 60"),
        Step(1, "fault", {**_FAILS_LATER, "times": 1}),
        Step(1, "remove", {**about, "file": "remove/o1.csv", "people": [0]}, "work 60"),
        Step(1, "again", {"drop": -2, "replay": True}, "work 6"),
    ]


def _failed_set(name: str) -> list[Step]:
    """Have a set fail that overtook what was pending."""
    about = {"name": name, "form": "email_sha256"}
    part = {"people": [2, 3], "content": GOOD}
    return [
        Step(1, "append", {**about, "file": "b.csv", "people": [0, 1], "content": GOOD}),
        Step(1, "fault", {**_FAILS_LATER, "times": 1}),
        Step(1, "replace", {**about, "set": "s1", "parts": [part], "confirmed": True}, "work 60"),
    ]


def _set_written_meanwhile(name: str) -> list[Step]:
    """Write a part anew while its set is read."""
    about = {"name": name, "form": "email_sha256", "set": "s2"}
    part = {"people": [1, 4], "content": GOOD}
    return [
        Step(1, "replace", {**about, "parts": [part, part], "confirmed": True}),
        Step(700, "part", {**about, "part": 1, **part}, "during read 1"),
    ]


def _late_set(name: str) -> list[Step]:
    """Have a set go again that is older than what was appended since."""
    about = {"name": name, "form": "email_sha256"}
    part = {"people": [1, 4], "content": GOOD}
    return [
        Step(1, "replace", {**about, "set": "s1", "parts": [part, part]}, "work 60"),
        Step(1, "append", {**about, "file": "b.csv", "people": [5], "content": GOOD}, "work 60"),
        Step(1, "part", {**about, "set": "s1", "part": 1, **part}, "work 60"),
    ]


def _set_that_shrinks(name: str) -> list[Step]:
    """Write a set of a third of the one before it, which nobody confirms."""
    about = {"name": name, "form": "email_sha256"}
    large = {"people": [0, 1, 2, 3, 4], "content": GOOD}
    small = {"people": [0], "content": GOOD}
    return [
        Step(1, "replace", {**about, "set": "s1", "parts": [large], "confirmed": True}, "work 60"),
        Step(1, "replace", {**about, "set": "s9", "parts": [small]}, "work 60"),
    ]
