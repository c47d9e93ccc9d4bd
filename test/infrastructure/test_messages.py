"""The way of a message: from the rule into the queue, and what lies behind it."""

from typing import Any

import pytest

FOURTEEN_DAYS = 1_209_600


def test_rule_matches_new_objects_under_tiktok_in_this_bucket_and_only_them(stack: Any) -> None:
    assert stack.the("rule")["EventPattern"] == {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {
            "bucket": {"name": ["<bucket>"]},
            "object": {"key": [{"prefix": "tiktok/"}]},
        },
    }


def test_rule_feeds_the_queue_and_its_failures_go_to_the_dead_letters(stack: Any) -> None:
    (target,) = stack.the("rule")["Targets"]

    assert target["Arn"] == "<queue.Arn>"
    assert target["DeadLetterConfig"] == {"Arn": "<dead letters.Arn>"}
    assert "InputTransformer" not in target
    assert "InputPath" not in target


@pytest.mark.parametrize("word", ["queue", "dead letters"])
def test_queues_keep_for_fourteen_days(stack: Any, word: str) -> None:
    assert stack.the(word)["MessageRetentionPeriod"] == FOURTEEN_DAYS


def test_queue_is_under_the_stacks_key(stack: Any) -> None:
    assert stack.the("queue")["KmsMasterKeyId"] == "<key.Arn>"


def test_dead_letters_outlive_the_key_since_sqs_encrypts_them_itself(stack: Any) -> None:
    queue = stack.the("dead letters")

    assert "KmsMasterKeyId" not in queue
    assert queue["SqsManagedSseEnabled"] is True


@pytest.mark.parametrize(
    ("minutes", "rate"),
    [("5", "rate(5 minutes)"), ("60", "rate(1 hour)"), ("90", "rate(90 minutes)"),
     ("1440", "rate(1 day)")],
)  # fmt: skip
def test_schedule_sends_its_ordinary_event_into_the_same_queue(
    synthesise: Any, minutes: str, rate: str
) -> None:
    rule = synthesise(sweep_minutes=minutes).the("sweep rule")

    assert rule["ScheduleExpression"] == rate
    assert rule["State"] == "ENABLED"
    assert rule["Targets"] == [{"Arn": "<queue.Arn>", "Id": "Target0"}]


def test_no_sweep_takes_the_schedule_away_and_nothing_else(synthesise: Any, stack: Any) -> None:
    without = synthesise(sweep_minutes="0").resources()

    gone = {name for name in set(stack.resources()) - set(without) if "SweepNotSent" not in name}
    assert gone == {"sweep rule"}
    assert set(without) <= set(stack.resources())


@pytest.mark.parametrize(("days", "kept"), [("30", 30), ("0", 0), ("3650", 3650)])
def test_archive_keeps_the_events_of_drops_as_long_as_the_drops(
    synthesise: Any, days: str, kept: int
) -> None:
    stack = synthesise(data_retention_days=days)

    archive = stack.the("archive")

    assert archive["EventPattern"] == stack.the("rule")["EventPattern"]
    assert archive["RetentionDays"] == kept
    assert archive["SourceArn"] == "arn:<Partition>:events:<Region>:<AccountId>:event-bus/default"
    assert "ArchiveName" not in archive


def test_archive_hangs_on_a_condition_that_is_true_on_aws_and_refused_by_the_emulator(
    stack: Any,
) -> None:
    conditions = stack.template.to_json()["Conditions"]

    assert conditions[stack.whole("archive")["Condition"]] == {
        "Fn::Equals": [{"Ref": "AWS::AccountId"}, {"Fn::Sub": "${AWS::AccountId}"}]
    }


@pytest.mark.parametrize("word", ["queue", "dead letters"])
def test_queues_deny_what_is_not_sent_over_tls(stack: Any, word: str) -> None:
    (statement,) = statements(stack, word, "Deny")

    assert statement["Action"] == "sqs:*"
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_queue_takes_messages_from_eventbridge_of_this_account_alone(stack: Any) -> None:
    (statement,) = statements(stack, "queue", "Allow")

    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert statement["Action"] == "sqs:SendMessage"
    assert statement["Condition"] == {"StringEquals": {"aws:SourceAccount": "<AccountId>"}}


def test_dead_letters_take_messages_from_this_rule_alone(stack: Any) -> None:
    (statement,) = statements(stack, "dead letters", "Allow")

    assert statement["Principal"] == {"Service": "events.amazonaws.com"}
    assert statement["Action"] == "sqs:SendMessage"
    assert statement["Condition"] == {"ArnEquals": {"aws:SourceArn": "<rule.Arn>"}}


def statements(stack: Any, word: str, effect: str) -> list[dict[str, Any]]:
    policies = [p for p in stack.all("AWS::SQS::QueuePolicy") if p["Queues"] == [f"<{word}>"]]
    return [
        statement
        for policy in policies
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == effect
    ]


def test_queue_leaves_the_counting_to_the_function(stack: Any) -> None:
    assert stack.the("queue")["RedrivePolicy"] == {
        "deadLetterTargetArn": "<dead letters.Arn>",
        "maxReceiveCount": 1000,
    }


@pytest.mark.parametrize("seconds", ["0", "60", "900"])
def test_queue_delays_by_the_settle_time(synthesise: Any, seconds: str) -> None:
    assert synthesise(settle_seconds=seconds).the("queue")["DelaySeconds"] == int(seconds)


@pytest.mark.parametrize(("timeout", "hidden"), [("10", 60), ("900", 5400)])
def test_a_message_is_hidden_for_six_timeouts(synthesise: Any, timeout: str, hidden: int) -> None:
    stack = synthesise(function_timeout_seconds=timeout)

    assert stack.the("queue")["VisibilityTimeout"] == hidden
    assert stack.the("function")["Timeout"] == int(timeout)
