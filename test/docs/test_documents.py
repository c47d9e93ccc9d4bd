"""The documents against what they speak of: code and links."""

import ast
import hashlib
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from audience_uploader.domain import backoff

from audiencectl import permissions
from audiencectl.hashing.normalise import Forms, normalisers
from stacks.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md")])
OPERATIONS = (ROOT / "docs/operations.md").read_text("utf-8")
REASONS = (ROOT / "docs/reasons.md").read_text("utf-8")
README = (ROOT / "README.md").read_text("utf-8")
STARTED = (ROOT / "docs/getting_started.md").read_text("utf-8")


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
    table = REASONS.partition("| `ErrorReason` |")[2].partition("\n\n")[0]

    assert set(re.findall(r"^\| `(\w+)` \|", table, re.M)) == reasons()


def test_every_kind_of_wait_has_its_row_with_its_times() -> None:
    table = REASONS.partition("| it waits for |")[2].partition("\n\n")[0]

    for kind, schedule in backoff.SCHEDULES.items():
        assert f"| `{kind}` | {shown(schedule.first)}, {shown(schedule.most)} |" in table


def shown(bases: int) -> str:
    """Return the wait at the default base of 30 s, as the table has it."""
    seconds = 30 * bases
    if seconds < 60:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 3600 else f"{seconds // 3600} h"


def test_every_alarm_of_the_code_has_its_row_and_no_other_has() -> None:
    table = REASONS.partition("| alarm |")[2].partition("\n\n")[0]
    code = "".join(file.read_text("utf-8") for file in (ROOT / "stacks").glob("*alarm*.py"))

    assert set(re.findall(r"^\| `(\w+)` \|", table, re.M)) == set(re.findall(r'id_="(\w+)"', code))


def test_every_context_key_stands_in_the_readme_with_its_default() -> None:
    table = README.partition("| context key | default |")[2].partition("\n\n")[0]
    rows = [[cell.strip() for cell in row.split("|")[1:3]] for row in table.splitlines()[2:]]
    told = {
        key.strip("` "): default.strip("` ")
        for keys, defaults in rows
        for key, default in zip(keys.split(","), defaults.split(","), strict=True)
    }

    assert told.pop("tiktok_data_bucket_name") == "required"
    usual = {setting.name: default_shown(setting.default) for setting in fields(Settings)}
    assert usual.pop("tiktok_data_bucket_name") == "none"
    assert told == usual


def default_shown(default: object) -> str:
    if isinstance(default, bool):
        return str(default).lower()
    return f"{default:g}" if isinstance(default, int | float) else str(default) or "none"


def test_every_output_of_the_stack_that_the_documents_use_is_there() -> None:
    code = (ROOT / "stacks/uploader_stack.py").read_text("utf-8")
    used = {
        name for page in PAGES for name in re.findall(r"\bout (\w+)\)", page.read_text("utf-8"))
    }

    assert used
    assert all(f'"{name}": ' in code for name in used), used


def test_every_permission_that_the_tool_can_miss_is_listed() -> None:
    table = STARTED.partition("| to | permissions |")[2].partition("\n\n")[0]
    needed = {permission for permission, _ in permissions._NEEDED.values()}

    assert set(re.findall(r"`(\w+:\w+)`", table)) == needed


@pytest.mark.parametrize("row", re.findall(r"^\| (?:e-mail|phone|IDFA).*", STARTED, re.M))
def test_every_example_of_hashing_is_what_the_tool_makes_of_it(row: str) -> None:
    raw, written, digest = re.findall(r"`([^`]+)`", row)[-3:]
    kind = {"e": "email", "p": "phone", "I": "device"}[row[2]]

    assert normalisers(Forms(country="GB"))[kind](raw) == written
    assert hashlib.sha256(written.encode()).hexdigest() == digest


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_word_of_our_own_stands_in_a_document(page: Path) -> None:
    text = page.read_text("utf-8").lower()

    assert not re.findall(r"\b(?:parked|nudges?|mended|mend|trumps|stays? home)\b", text)


def test_every_module_that_the_architecture_names_is_there() -> None:
    page = (ROOT / "docs/architecture.md").read_text("utf-8")
    told = page.partition("## The story")[2].partition("## What is stored")[0]
    code = [ROOT / "lambda/audience_uploader", ROOT / "stacks", ROOT / "audiencectl"]
    there = {path.stem for folder in code for path in [folder, *folder.rglob("*")]}
    ours = {"settle_seconds", "_behaviour"}

    names = set(re.findall(r"`(?:\w+/)*([a-z_]+)/?`", told)) - ours

    assert len(names) > 40
    assert names <= there, names - there
