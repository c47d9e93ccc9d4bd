"""The real handler with real boto3 clients, on moto, with the simulator over HTTP."""

import json

import pytest
from support.events import BUCKET, event_body, hashes
from support.fake_lambda import forget_the_sandbox
from support.stack import AUDIENCE, Stack


def rows(start: int, count: int) -> bytes:
    return "".join(f"{i}\n" for i in hashes(start, count)).encode()


def test_drops_reach_their_audience_cold_and_warm_and_cold_again(stack: Stack) -> None:
    for n in range(4):
        if n == 3:
            forget_the_sandbox()
        key = stack.drop(f"{n}.csv", rows(n * 5, 5))

        assert stack.source.poll() == []

        receipt = stack.receipt(key)
        assert receipt["status"] == "delivered"
        assert receipt["audience_name"] == AUDIENCE
        assert receipt["action"] == "append"
        assert receipt["call"] == ("update" if n else "create")
    [audience] = stack.sim.audiences(AUDIENCE)
    assert audience["ids"] == sorted(hashes(0, 20))


def test_of_a_batch_only_what_must_come_back_is_answered_and_hidden(stack: Stack) -> None:
    stack.drop("good.csv", rows(0, 5))
    stack.drop("bad.csv", b"jane@example.com\n")
    other = event_body("tiktok/other/email_sha256/gone.csv", "e", 1)
    stack.sqs.send_message(QueueUrl=stack.source.queue_url, MessageBody=other)
    stack.sim.faults.add({"kind": "http", "value": 502, "endpoint": "create"})
    stack.sim.faults.add({"kind": "http", "value": 502, "endpoint": "list", "skip": 1})

    kept = stack.source.poll()

    assert len(kept) == 1
    counts = stack.sqs.get_queue_attributes(
        QueueUrl=stack.source.queue_url, AttributeNames=["All"]
    )["Attributes"]
    assert counts["ApproximateNumberOfMessages"] == "0"
    assert counts["ApproximateNumberOfMessagesNotVisible"] == "1"
    [dead] = stack.dead()
    assert dead["MessageAttributes"]["ErrorReason"]["StringValue"] == "no_valid_rows"


def test_dead_letter_carries_body_and_reason_and_its_receipt_says_the_same(stack: Stack) -> None:
    key = stack.drop("bad.csv", b"jane@example.com\n")

    assert stack.source.poll() == []

    [dead] = stack.dead()
    told = {n: a["StringValue"] for n, a in dead["MessageAttributes"].items()}
    receipt = stack.receipt(key)
    assert json.loads(dead["Body"])["detail"]["object"]["key"] == key
    assert told == {"ErrorReason": receipt["reason"], "ErrorMessage": receipt["message"]}
    assert receipt["rows"]["rejected"] == {"raw_email": {"count": 1, "first_lines": [1]}}


def test_redriven_dead_letter_of_a_corrected_file_is_delivered(stack: Stack) -> None:
    key = stack.drop("a.csv", b"jane@example.com\n")
    stack.source.poll()
    stack.s3.put_object(Bucket=BUCKET, Key=key, Body=rows(0, 5))
    [dead] = stack.dead()
    stack.sqs.send_message(
        QueueUrl=stack.source.queue_url,
        MessageBody=dead["Body"],
        MessageAttributes=dead["MessageAttributes"],
    )

    assert stack.source.poll() == []

    assert stack.receipt(key)["status"] == "delivered"


def test_secret_corrected_under_a_warm_function_lets_the_drop_through(stack: Stack) -> None:
    secret = "tiktok_activation_credentials"
    right = stack.secrets.get_secret_value(SecretId=secret)["SecretString"]
    stack.secrets.put_secret_value(SecretId=secret, SecretString='{"ACCESS_TOKEN":"replace-with-",'
                                   '"ADVERTISER_ID":"replace-with-"}')  # fmt: skip
    stack.drop("a.csv", rows(0, 5))
    assert len(stack.source.poll()) == 1
    stack.secrets.put_secret_value(SecretId=secret, SecretString=right)

    key = stack.drop("b.csv", rows(5, 5))
    assert stack.source.poll() == []

    assert stack.receipt(key)["status"] == "delivered"


def test_each_drop_is_told_of_in_one_json_line_and_in_metrics(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.drop("a.csv", rows(0, 5))

    stack.source.poll()

    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    logged = [line for line in lines if "message" in line]
    [summary] = [line for line in logged if line["message"] == "drop delivered"]
    assert {"message_id", "function_request_id", "tiktok_request_id", "audience"} <= set(summary)
    [metrics] = [line for line in lines if "DropsDelivered" in line]
    assert metrics["DropsDelivered"] == [1]
    assert metrics["RowsSent"] == [5]
    assert metrics["service"] == "audience-uploader"
    assert metrics["_aws"]["CloudWatchMetrics"][0]["Namespace"] == "TikTokAudienceUploader"
    assert AUDIENCE not in json.dumps(lines, ensure_ascii=False)
