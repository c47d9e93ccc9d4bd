"""Imports run one way: handler -> delivery -> audiences, rows, keys -> errors."""

import sys
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import pytest

OURS = "audience_uploader"
STORY = ("handler", "app", "delivery", "looks", "nudges", "doors", "endings", "bookkeeping")
AWS = ("state", "receipts", "notes", "drops", "credentials", "queue", "aws")
ADAPTERS = (*AWS, "tiktok")
PURE = ("errors", "keys", "events", "rows", "waits", "times", "record")
STANDARD = tuple(sorted(sys.stdlib_module_names))


def ours(*names: str) -> tuple[str, ...]:
    return tuple(f"{OURS}.{name}" for name in names)


@dataclass(frozen=True)
class Rule:
    """Who must not reach what, or may reach nothing but what.

    A name stands for the module and all below it, and may be a shell pattern. `direct` looks at a
    module's own imports alone, not at what comes along with them.
    """

    says: str
    who: tuple[str, ...]
    but: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    direct: bool = False


RULES = [
    Rule("nothing imports the handler", (OURS,), never=ours("handler")),
    Rule("adapters never import the story", ours(*ADAPTERS), never=ours(*STORY)),
    Rule("audiences never imports the story", ours("audiences"), never=ours(*STORY)),
    Rule("delivery never imports what wires it", ours("delivery"), never=ours("handler", "app")),
    Rule("pure modules are standard library", ours(*PURE), only=(OURS, *STANDARD)),
    Rule("errors imports nothing of ours", ours("errors"), never=(OURS,)),
    Rule("keys imports errors alone", ours("keys"), only=(*ours("errors"), *STANDARD)),
    Rule(
        "tiktok knows TikTok, and nothing of S3",
        ours("tiktok"),
        only=(*ours("tiktok"), "requests", "urllib3", *STANDARD),
    ),
    Rule("S3, SQS and the secret know no TikTok", ours(*AWS), never=ours("tiktok")),
    Rule(
        "only the handler makes clients",
        (OURS,),
        but=ours("handler"),
        never=("boto3",),
        direct=True,
    ),
    Rule(
        "the function knows no infrastructure",
        (OURS,),
        never=("stacks", "local", "aws_cdk", "constructs", "jsii"),
    ),
    Rule("the infrastructure knows no function", ("stacks",), never=(OURS, "local", "boto3")),
    Rule(
        "the stack composes and creates nothing",
        ("stacks.uploader_stack",),
        never=("aws_cdk.aws_*",),
        direct=True,
    ),
    Rule("a deploy needs no development tools", ("stacks",), never=("cdk_nag", "pytest")),
    Rule(
        "the simulator shares no code with the client",
        ("local.tiktok_simulator",),
        never=(OURS, "stacks"),
    ),
]


def broken(rule: Rule, sources: Any) -> list[str]:
    """Gives a line for each module that breaks the rule."""
    look = sources.imports if rule.direct else sources.reach
    return sorted(
        f"{module} -> {target}"
        for module in sources.trees
        if within(module, rule.who) and not within(module, rule.but)
        for target in look(module)
        if within(target, rule.never) or (rule.only and not within(target, rule.only))
    )


def within(name: str, patterns: tuple[str, ...]) -> bool:
    return any(
        fnmatchcase(name, pattern) or fnmatchcase(name, f"{pattern}.*") for pattern in patterns
    )


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.says)
def test_imports_of_this_checkout_keep_the_rule(rule: Rule, sources: Any) -> None:
    assert broken(rule, sources) == []


@pytest.mark.parametrize(
    ("says", "path", "text"),
    [
        ("nothing imports the handler", "batch", "from audience_uploader import handler"),
        ("adapters never import the story", "state", "from audience_uploader.delivery import x"),
        ("adapters never import the story", "tiktok/client", "import audience_uploader.delivery"),
        ("pure modules are standard library", "rows", "import requests"),
        ("errors imports nothing of ours", "errors", "from audience_uploader.keys import Key"),
        ("tiktok knows TikTok, and nothing of S3", "tiktok/x", "import botocore.exceptions"),
        ("tiktok knows TikTok, and nothing of S3", "tiktok/x", "import audience_uploader.keys"),
        ("only the handler makes clients", "drops", "import boto3"),
        ("the function knows no infrastructure", "config", "from stacks.settings import Settings"),
    ],
)  # fmt: skip
def test_a_planted_import_breaks_the_rule(says: str, path: str, text: str, plant: Any) -> None:
    rule = next(rule for rule in RULES if rule.says == says)

    sources = plant(f"lambda/audience_uploader/{path}.py", text)

    assert broken(rule, sources)


def test_an_import_by_way_of_another_module_breaks_the_rule_too(plant: Any) -> None:
    plant("lambda/audience_uploader/helper.py", "from audience_uploader.delivery import Delivery")
    sources = plant("lambda/audience_uploader/state.py", "import audience_uploader.helper")

    rule = next(rule for rule in RULES if rule.says == "adapters never import the story")

    assert broken(rule, sources)


def test_no_two_modules_of_the_function_import_each_other(sources: Any) -> None:
    circles = [
        module
        for module in sources.trees
        if module.startswith(f"{OURS}.")
        for target in sources.imports(module)
        if module in sources.reach(target)
    ]

    assert circles == []
