"""From a story that fails to the shortest one that still does, told in a readable way."""

from collections.abc import Callable
from dataclasses import replace

from support.stories.steps import Step, Story
from support.stories.violation import Violation

Run = Callable[[Story], None]


def broken_rule(story: Story, run: Run) -> tuple[str, str] | None:
    """Return which rule a story breaks, and how; None when all holds."""
    try:
        run(story)
    except Violation as violation:
        return violation.rule, str(violation)
    except Exception as error:  # noqa: BLE001 - a bug of any kind is what stories look for
        return type(error).__name__, f"{type(error).__name__}: {error}"
    return None


def shortest(story: Story, run: Run) -> Story:
    """Return the story without all steps that are not needed to break the same rule."""
    broken = broken_rule(story, run)
    steps, size = list(story.steps), max(1, len(story.steps) // 2)
    while broken and size:
        start = 0
        while start < len(steps):
            fewer = steps[:start] + steps[start + size :]
            found = broken_rule(story.with_steps(fewer), run)
            if found and found[0] == broken[0]:
                steps = fewer
            else:
                start += size
        size //= 2
    return _plainer(story.with_steps(steps), run, broken[0] if broken else "")


def _plainer(story: Story, run: Run, rule: str) -> Story:
    """Leave out what follows a step, and the time before it, where that changes nothing."""
    for n in range(len(story.steps)):
        for simpler in ({"then": ""}, {"gap": 1}):
            step: Step = replace(story.steps[n], **simpler)  # type: ignore[arg-type]
            steps = [*story.steps[:n], step, *story.steps[n + 1 :]]
            found = broken_rule(story.with_steps(steps), run)
            if found and found[0] == rule:
                story = story.with_steps(steps)
    return story


def report(story: Story, run: Run) -> str:
    """Return the shortest story that breaks the rule, as text with the seed to repeat it."""
    short = shortest(story, run)
    found = broken_rule(short, run) or broken_rule(story, run)
    return f"{found[1] if found else 'It does not fail again.'}\n{short}"
