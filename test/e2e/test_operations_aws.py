"""Every command of docs/operations_aws.md, as it stands there, but for what only a reader knows."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from support.practice import Practice, assert_all_practised, practises

from local.emulator.environment import ACCOUNT, REGION
from local.emulator.invented import csv, ids
from local.emulator.simulator import ACCESS_TOKEN, ADVERTISER_ID
from local.emulator.waiting import wait_for

pytestmark = pytest.mark.e2e

PAGE = "operations_aws"
KEY = "tiktok/foodies/phone_sha256/phone_sha256.csv"
SWEEP = """aws sqs send-message --queue-url "$queue" --message-body \
  '{"source":"aws.events","detail-type":"Scheduled Event"}'"""


@pytest.fixture
def dropped(practice: Practice) -> str:
    """Drop a file of the test's own as the document has it, and see it delivered."""
    (practice.folder / "hashed").mkdir(exist_ok=True)
    practice.write("hashed/phone_sha256.csv", csv(ids("foodies by aws", 1200)))
    practice.run(PAGE, "Drop a file")
    practice.delivered(KEY)
    return KEY


def test_every_block_of_the_document_is_practised_here() -> None:
    assert_all_practised(PAGE)


@practises(PAGE, "Operations with plain AWS commands", 1)
def test_names_are_all_found(practice: Practice) -> None:
    names = ["bucket", "queue", "dlq", "secret", "function", "logs"]

    told = practice.named(f"printf '%s\\n' {' '.join(f'${name}' for name in names)}")

    outputs = practice.stack.outputs
    assert told.split() == [
        outputs["BucketName"],
        outputs["QueueUrl"],
        outputs["DeadLetterQueueUrl"],
        outputs["SecretName"],
        outputs["FunctionName"],
        outputs["LogGroupName"],
    ]


@practises(PAGE, "Drop a file", 1)
@practises(PAGE, "What happened to my file", 1, 2)
def test_receipt_status_and_log_are_read(practice: Practice, dropped: str) -> None:
    practice.named(SWEEP)
    wait_for(lambda: practice.stack.keys("status/foodies.json"), "the status", seconds=60)

    told = practice.run(PAGE, "What happened to my file")
    logged = practice.run(PAGE, "What happened to my file", 2)

    assert '"status": "delivered"' in told
    assert '"state": ' in told
    assert "drop delivered" in logged


@practises(PAGE, "Credentials", 1)
def test_credentials_are_put_from_a_file_that_is_gone_then(practice: Practice) -> None:
    practice.stack.set_credentials(token="revoked")
    good = {"ACCESS_TOKEN": ACCESS_TOKEN, "ADVERTISER_ID": ADVERTISER_ID}
    practice.write("credentials.json", json.dumps(good).encode())

    practice.run(PAGE, "Credentials")

    assert practice.shell("audiencectl credentials check").returncode == 0
    assert not (practice.folder / "credentials.json").exists()


@practises(PAGE, "A dead letter", 1, 2)
def test_dead_letter_is_read_and_sqs_is_asked_to_move_it(practice: Practice) -> None:
    key = practice.stack.put("tiktok/bad/phone_sha256/raw.csv", b"0207 123 4567\n")
    wait_for(lambda: key in practice.dead, "the dead letter", seconds=60)
    move = practice.block(PAGE, "A dead letter", 2)

    told = practice.run(PAGE, "A dead letter")
    asked = practice.shell(practice.names + move)

    assert '"reason": "no_valid_rows"' in told
    # The emulator does not know the call; when it does, run it as all others are.
    assert "StartMessageMoveTask is not valid" in asked.stderr


@practises(PAGE, "Replay", 1)
def test_replay_is_started(practice: Practice) -> None:
    """The emulator archives no events of S3; what a replayed one does has tests elsewhere."""
    archive = _archive(practice)
    script = practice.block(PAGE, "Replay")
    lookup = script[script.index("archive=") : script.index("source=")]
    now = datetime.now(UTC)

    practice.run(
        PAGE,
        "Replay",
        instead={
            lookup: f"archive={archive}\n",  # the emulator's template has none
            "2026-11-01T00:00:00Z": f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
            "2026-11-26T00:00:00Z": f"{now + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
        },
    )

    events = practice.clients.of("events")
    wait_for(
        lambda: events.describe_replay(ReplayName="again-1")["State"] == "COMPLETED",
        "the replay to end",
        seconds=30,
    )


def _archive(practice: Practice) -> str:
    """Make the archive that the template makes on AWS alone."""
    detail = {
        "bucket": {"name": [practice.stack.bucket]},
        "object": {"key": [{"prefix": "tiktok/"}]},
    }
    pattern = {"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": detail}
    practice.clients.of("events").create_archive(
        ArchiveName="practice",
        EventSourceArn=f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/default",
        EventPattern=json.dumps(pattern),
    )
    return "practice"


@practises(PAGE, "Be rid of what a destroy leaves", 1)
def test_secret_and_logs_can_be_deleted(practice: Practice) -> None:
    clients = practice.clients
    clients.secrets.create_secret(Name="left", SecretString="x")
    clients.of("logs").create_log_group(logGroupName="left")

    left = {'"$secret"': "left", '"$logs"': "left"}
    practice.run(PAGE, "Be rid of what a destroy leaves", instead=left)

    secrets = [secret["Name"] for secret in clients.secrets.list_secrets()["SecretList"]]
    groups = clients.of("logs").describe_log_groups(logGroupNamePrefix="left")["logGroups"]
    assert ("left" in secrets, groups) == (False, [])
