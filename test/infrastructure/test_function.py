"""The function: its shape, its environment, its messages, its log."""

from typing import Any

import pytest
from aws_cdk.assertions import Annotations, Match


def test_function_is_shaped_for_two_upload_files_and_one_cpu(stack: Any) -> None:
    function = stack.the("function")

    assert function["Runtime"] == "python3.14"
    assert function["Architectures"] == ["arm64"]
    assert function["Handler"] == "audience_uploader.handler.lambda_handler"
    assert function["MemorySize"] == 1769
    assert function["EphemeralStorage"] == {"Size": 1024}
    assert function["Timeout"] == 900


def test_environment_holds_what_the_function_reads_and_no_secret(synthesise: Any) -> None:
    stack = synthesise(
        tiktok_api_url="http://127.0.0.1:8080/",
        retry_base_delay_seconds="0.25",
        function_timeout_seconds="20",
        settle_seconds="0",
        sweep_minutes="5",
        tiktok_calls_per_second="2.5",
        max_concurrency="2",
        replace_minimum_percent="0",
    )

    assert stack.the("function")["Environment"]["Variables"] == {
        "BUCKET_NAME": "<bucket>",
        "QUEUE_URL": "<queue>",
        "DEAD_LETTER_QUEUE_URL": "<dead letters>",
        "SECRET_NAME": "tiktok_activation_credentials",
        "TIKTOK_API_URL": "http://127.0.0.1:8080",
        "RETRY_BASE_DELAY_SECONDS": "0.25",
        "FUNCTION_TIMEOUT_SECONDS": "20",
        "SETTLE_SECONDS": "0",
        "SWEEP_MINUTES": "5",
        "TIKTOK_CALLS_PER_SECOND": "2.5",
        "MAX_CONCURRENCY": "2",
        "REPLACE_MINIMUM_PERCENT": "0",
        "PARQUET_SUPPORT": "false",
        "POWERTOOLS_SERVICE_NAME": "audience-uploader",
        "POWERTOOLS_METRICS_NAMESPACE": "TikTokAudienceUploader",
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }


def test_environment_writes_whole_delays_without_a_fraction(stack: Any) -> None:
    variables = stack.the("function")["Environment"]["Variables"]

    assert variables["RETRY_BASE_DELAY_SECONDS"] == "30"
    assert variables["TIKTOK_CALLS_PER_SECOND"] == "8"


def test_environment_of_the_defaults_says_what_the_deployment_decided(stack: Any) -> None:
    variables = stack.the("function")["Environment"]["Variables"]

    defaults = {
        "SETTLE_SECONDS": "60",
        "SWEEP_MINUTES": "60",
        "MAX_CONCURRENCY": "5",
        "REPLACE_MINIMUM_PERCENT": "50",
    }
    assert {name: variables[name] for name in defaults} == defaults


def test_messages_come_one_by_one_with_partial_answers_five_at_a_time(stack: Any) -> None:
    assert stack.all("AWS::Lambda::EventSourceMapping") == [
        {
            "EventSourceArn": "<queue.Arn>",
            "FunctionName": "<function>",
            "BatchSize": 1,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "ScalingConfig": {"MaximumConcurrency": 5},
        }
    ]


@pytest.mark.parametrize(
    ("calls_per_second", "max_concurrency", "at_once", "warning"),
    [
        ("8", "5", 5, ""),
        ("2.5", "2", 2, ""),
        ("100", "100", 100, ""),
        ("8", "9", 8, "8 functions run at once, not the 9 of max_concurrency"),
        ("2.5", "5", 2, "2 functions run at once, not the 5 of max_concurrency"),
        ("1.9", "2", 2, ""),
        ("0.5", "5", 2, "2 functions run at once, not the 5 of max_concurrency"),
    ],
)
def test_no_more_functions_at_once_than_calls_a_second(
    synthesise: Any, calls_per_second: str, max_concurrency: str, at_once: int, warning: str
) -> None:
    stack = synthesise(tiktok_calls_per_second=calls_per_second, max_concurrency=max_concurrency)

    (mapping,) = stack.all("AWS::Lambda::EventSourceMapping")
    assert mapping["ScalingConfig"] == {"MaximumConcurrency": at_once}
    variables = stack.the("function")["Environment"]["Variables"]
    assert variables["MAX_CONCURRENCY"] == str(at_once)
    found = Annotations.from_stack(stack.stack).find_warning("*", Match.any_value())
    told = [str(one.entry.data) for one in found if "calls_per_second" in str(one.entry.data)]
    assert len(told) == bool(warning)
    assert all(warning in text for text in told)


def test_function_waits_for_its_permissions_before_it_is_made(stack: Any) -> None:
    stack.template.has_resource(
        "AWS::Lambda::Function",
        {
            "Properties": {"Handler": "audience_uploader.handler.lambda_handler"},
            "DependsOn": Match.array_with([Match.string_like_regexp("RoleDefaultPolicy")]),
        },
    )


def test_function_reserves_no_concurrency_and_has_no_fixed_name(stack: Any) -> None:
    function = stack.the("function")

    assert "ReservedConcurrentExecutions" not in function
    assert "FunctionName" not in function


def test_log_group_is_the_functions_own_and_has_no_fixed_name(stack: Any) -> None:
    assert stack.the("function")["LoggingConfig"] == {"LogGroup": "<logs>"}
    assert stack.the("logs") == {"RetentionInDays": 180}
