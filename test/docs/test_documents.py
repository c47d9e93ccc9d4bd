"""The documents against what they speak of: code and links."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from audience_uploader.domain import backoff

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("docs/**/*.md"), ROOT / "CHANGELOG.md"])
OPERATIONS = (ROOT / "docs/operations.md").read_text("utf-8")


def links(page: Path) -> Iterator[tuple[Path, str]]:
    for target in re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8")):
        if not target.startswith("https://"):
            file, _, anchor = target.partition("#")
            yield (page.parent / file if file else page), anchor


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}


def reasons() -> set[str]:
    calls = (
        node
        for file in (ROOT / "lambda/audience_uploader").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in RAISED and node.args
    )
    return {str(c.args[0].value) for c in calls if isinstance(c.args[0], ast.Constant)}


RAISED = {"Advice", "DeadLetter", "DropRefused", "Refusal"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_within_the_repository_lead_somewhere(page: Path) -> None:
    for target, anchor in links(page):
        assert target.exists(), target
        assert not anchor or anchor in anchors(target), anchor


def test_every_error_reason_of_the_code_has_its_row_and_no_other_has() -> None:
    table = OPERATIONS.partition("| `ErrorReason` |")[2].partition("\n\n")[0]

    assert set(re.findall(r"^\| `(\w+)` \|", table, re.M)) == reasons()


def test_every_kind_of_wait_has_its_row_with_its_times() -> None:
    table = OPERATIONS.partition("| it waits for |")[2].partition("\n\n")[0]

    for kind, schedule in backoff.SCHEDULES.items():
        assert f"| `{kind}` | {shown(schedule.first)}, {shown(schedule.most)} |" in table


def shown(bases: int) -> str:
    """Return the wait at the default base of 30 s, as the table has it."""
    seconds = 30 * bases
    if seconds < 60:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 3600 else f"{seconds // 3600} h"
