"""The dashboard: five questions from top to bottom, and whether the widgets can answer them."""

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

# What the function writes; a name that is not here would be an empty graph.
WRITTEN = {
    "DropsDelivered", "DropsRejected", "MessagesParked", "MessagesDeadLettered",
    "RowsSent", "RowsRejected", "TikTokCalls", "TikTokErrors", "DeliveryLatency",
    "CredentialsRefused", "UnexpectedErrors", "AudienceCrashes",
    "DropsRemoved", "DropsReplaced", "DropsSuperseded", "DropsSkipped",
    "OutcomeFailed", "OutcomeUnclear", "AudienceTooSmall", "AudienceExpiring",
    "DropsFoundBySweep", "SweepUnfinished",
}  # fmt: skip


@pytest.fixture(scope="module")
def widgets(stack: Any) -> list[dict[str, Any]]:
    body: dict[str, Any] = json.loads(stack.the("dashboard")["DashboardBody"])
    found: list[dict[str, Any]] = body["widgets"]
    return found


def test_dashboard_asks_its_questions_from_top_to_bottom(widgets: list[dict[str, Any]]) -> None:
    headings = sorted((w["y"], w["properties"]["markdown"]) for w in widgets if w["type"] == "text")

    assert [text for _, text in headings] == [
        "## Is it healthy?",
        "## What moved today?",
        "## What did TikTok make of it?",
        "## What is waiting, and why?",
        "## What failed, and why?",
    ]


def test_widgets_fill_the_width_without_overlap(widgets: list[dict[str, Any]]) -> None:
    cells = [
        {(x, y) for x in range(w["x"], w["x"] + w["width"])
         for y in range(w["y"], w["y"] + w["height"])}
        for w in widgets
    ]  # fmt: skip

    assert not any(one & other for one, other in combinations(cells, 2))
    assert {x for cell in cells for x, _ in cell} == set(range(24))


def test_health_begins_with_every_alarm(widgets: list[dict[str, Any]], stack: Any) -> None:
    (status,) = [w for w in widgets if w["type"] == "alarm"]

    assert len(status["properties"]["alarms"]) == len(stack.all("AWS::CloudWatch::Alarm"))
    assert status["y"] == 1


def test_own_metrics_are_ones_that_the_function_writes(widgets: list[dict[str, Any]]) -> None:
    metrics = [m for w in widgets for m in w["properties"].get("metrics", [])]
    own = {m[1] for m in metrics if m[0] == "TikTokAudienceUploader"}

    assert own <= WRITTEN
    assert own >= WRITTEN - {"TikTokErrors"}


def test_refusals_are_shown_by_class(widgets: list[dict[str, Any]]) -> None:
    (expression,) = [
        metric[0]["expression"]
        for widget in widgets
        for metric in widget["properties"].get("metrics", [])
        if isinstance(metric[0], dict)
    ]

    assert expression == (
        'SEARCH(\'{"TikTokAudienceUploader",service,error} '
        "MetricName=\"TikTokErrors\"', 'Sum', 300)"
    )


def test_reasons_come_from_lines_that_the_function_logs(widgets: list[dict[str, Any]]) -> None:
    queries = [w["properties"]["query"] for w in widgets if w["type"] == "log"]

    assert len(queries) == 2
    for query in queries:
        source, condition, grouping, _ = (part.strip() for part in query.split("|"))
        assert source == "SOURCE '<logs>'"
        assert condition.removeprefix("filter message = ") in function_text()
        fields = grouping.partition(" by ")[2].split(", ")
        assert [name for name in fields if f'"{name}"' not in function_text()] == []


@pytest.mark.parametrize("metric", sorted(WRITTEN))
def test_the_function_writes_the_metric(metric: str) -> None:
    assert f'"{metric}"' in function_text()


def function_text() -> str:
    package = Path(__file__).resolve().parents[2] / "lambda" / "audience_uploader"
    return "\n".join(file.read_text(encoding="utf-8") for file in package.rglob("*.py"))
