"""What a fresh clone holds: the context to edit, and the CLI's own settings."""

import json
from dataclasses import fields
from pathlib import Path

from stacks.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def read(name: str) -> dict[str, object]:
    content: dict[str, object] = json.loads((ROOT / name).read_text(encoding="utf-8"))
    return content


def test_committed_context_asks_for_the_bucket_name() -> None:
    context = read("cdk.context.json")

    assert context["tiktok_data_bucket_name"] == ""


def test_committed_context_lists_every_setting_with_its_default() -> None:
    context = read("cdk.context.json")

    assert context == {setting.name: setting.default for setting in fields(Settings)}


def test_cli_neither_reports_nor_asks_for_notices() -> None:
    config = read("cdk.json")

    assert config["versionReporting"] is False
    assert config["notices"] is False


def test_event_targets_are_bound_to_the_account() -> None:
    context = read("cdk.json")["context"]

    assert isinstance(context, dict)
    assert context["@aws-cdk/aws-events:eventsTargetQueueSameAccount"] is True
