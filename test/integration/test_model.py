"""Random stories of sets, removals and appends, in which anything goes wrong at any moment.

Whatever happens in whatever order: no id is lost, none comes back, and no audience is made twice.
To see one again: `story(<seed>, steps=<steps>)`, as in the text of a failure.
"""

from pathlib import Path

import pytest
from support.stories.generator import story
from support.stories.runner import run
from support.stories.shrink import broken_rule, report
from support.stories.steps import Story

SHORT, LONG = range(200), range(1_000, 4_000)
FEW_STEPS, MANY_STEPS = 14, 24
MODELLED = ("replace", "part", "confirm", "remove")


class Check:
    """Runs stories, each in a folder of its own, and tells of the first that breaks a rule."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._runs = 0

    def run(self, one: Story) -> None:
        self._runs += 1
        folder = self._directory / str(self._runs)
        folder.mkdir()
        run(one, folder)

    def all_of(self, seeds: range, *, steps: int) -> None:
        for seed in seeds:
            told = story(seed, steps=steps)
            if broken_rule(told, self.run):
                pytest.fail(f"steps {steps}: {report(told, self.run)}")


@pytest.fixture
def check(tmp_path: Path) -> Check:
    return Check(tmp_path)


def test_no_story_of_a_few_hundred_breaks_a_rule(check: Check) -> None:
    check.all_of(SHORT, steps=FEW_STEPS)


@pytest.mark.long
def test_no_story_of_thousands_breaks_a_rule(check: Check) -> None:
    check.all_of(LONG, steps=MANY_STEPS)


def test_sets_and_removals_are_at_least_half_of_all_steps() -> None:
    steps = [step for seed in LONG for step in story(seed, steps=MANY_STEPS).steps]

    modelled = sum(step.do in MODELLED for step in steps)

    assert modelled * 2 >= len(steps)
