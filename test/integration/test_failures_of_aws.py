"""S3, KMS, Secrets Manager or SQS fails: the message waits, and nothing is lost or doubled."""

from collections.abc import Callable
from typing import Any

import pytest
from support.fake_s3 import client_error
from support.world import World, hashes

FOLDER = "tiktok/foodies/email_sha256/"
KEY = FOLDER + "a.csv"
S3_CALLS = [
    ("get", "state/"),
    ("put", "state/"),
    ("head", "tiktok/"),
    ("get", "tiktok/"),
    ("list", "tiktok/"),
    ("list", "receipts/"),
    ("get", "receipts/"),
    ("put", "receipts/"),
]


def failing(operation: str, prefix: str) -> Callable[[str, str], None]:
    def fail(called: str, key: str) -> None:
        if called == operation and key.startswith(prefix):
            raise client_error("SlowDown", 503)

    return fail


@pytest.mark.parametrize(("operation", "prefix"), S3_CALLS, ids=" ".join)
def test_failing_s3_hides_the_message_and_nothing_is_lost_or_doubled(
    w: World, operation: str, prefix: str
) -> None:
    message = w.drop(KEY, hashes(0, 5))
    w.s3.before = failing(operation, prefix)

    waits = [w.come(message) for _ in range(2)]

    assert waits == [30, 60]
    w.s3.before = lambda operation, key: None
    w.run()
    assert w.ids("foodies") == [set(hashes(0, 5))]
    assert w.called("create") == ["create"]
    assert w.receipt(KEY)
    assert not w.sqs.dead


@pytest.mark.parametrize("code", ["InternalServiceError", "ThrottlingException"])
def test_failing_secrets_manager_hides_the_message_as_a_failure_not_as_wrong_credentials(
    w: World, code: str
) -> None:
    w.secrets.error = client_error(code, 500)
    message = w.drop(KEY, hashes(0, 5))

    assert [w.come(message) for _ in range(3)] == [30, 60, 120]

    w.secrets.error = None
    w.run()
    assert w.receipt(KEY)


@pytest.mark.parametrize("operation", ["hide", "dead-letter"])
def test_failing_sqs_leaves_the_message_to_its_visibility_timeout(w: World, operation: str) -> None:
    def fail(called: str) -> None:
        raise client_error("ServiceUnavailable", 503)

    w.sim.faults.add({"kind": "http", "value": 502})
    key = KEY if operation == "hide" else "tiktok/foodies/a.csv"
    message = w.drop(key, hashes(0, 5))
    w.sqs.before = fail
    assert w.come(message) == 5400

    w.sqs.before = lambda operation: None
    w.sim.faults.clear()
    w.run()
    receipt: Any = w.receipt(key)
    assert receipt["status"] == ("delivered" if operation == "hide" else "rejected")
    assert w.reasons() == ([] if operation == "hide" else ["bad_key"])
