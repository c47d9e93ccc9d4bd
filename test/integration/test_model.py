"""Random stories of sets, removals and appends, in which anything goes wrong at any moment.

Whatever happens in whatever order: no id is lost, none comes back, none is taken twice.
"""

from pathlib import Path

import pytest
from support.stories.runner import run
from support.stories.shrink import broken_rule, report
from support.stories.steps import Story, story

SHORT, MANY = range(200), range(1_000, 4_000)
MODELLED = ("replace", "part", "confirm", "remove")


@pytest.fixture
def check(tmp_path: Path) -> "Check":
    return Check(tmp_path)


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

    def all_of(self, seeds: range) -> None:
        for seed in seeds:
            if broken_rule(story(seed), self.run):
                pytest.fail(report(story(seed), self.run))


def test_no_story_of_a_few_hundred_breaks_a_rule(check: Check) -> None:
    check.all_of(SHORT)


@pytest.mark.long
def test_no_story_of_thousands_breaks_a_rule(check: Check) -> None:
    check.all_of(MANY)


def test_sets_and_removals_are_at_least_half_of_all_steps() -> None:
    steps = [step for seed in MANY for step in story(seed).steps]

    modelled = sum(step.do in MODELLED for step in steps)

    assert modelled * 2 >= len(steps)
