"""The command line as a whole: help, deployments, and every failure that a person can cause."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from support.deployment_in_moto import Run, World

from audiencectl.cli import main
from audiencectl.deployment import Deployment
from audiencectl.errors import Refusal, explained
from local.tiktok_simulator import Simulator

COMMANDS = [*((name,) for name in main.commands), ("credentials", "set"), ("credentials", "check")]
KMS = "not authorized to perform: kms:Decrypt"
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_of_every_command_has_examples(run: Run, command: tuple[str, ...]) -> None:
    result = run(*command, "--help")

    assert result.exit_code == 0
    assert "Examples:" in result.output or command == ("credentials",)


@pytest.mark.parametrize("place", ["before", "after"])
def test_deployment_is_named_before_the_command_or_after_it(
    run: Run, aws: None, tiktok: Simulator, place: str
) -> None:
    staging = World(tiktok.url, "staging")
    staging.put("status/there.json", {"audience_name": "there"})
    words = ["status", "--json"]
    at = 0 if place == "before" else len(words)
    words[at:at] = ["--deployment", "staging"]

    result = run(*words, world=staging)

    assert json.loads(result.stdout) == {"audiences": [{"audience_name": "there"}]}


def test_no_stack_is_one_sentence_and_exit_1(run: Run, aws: None) -> None:
    result = run("status", "--deployment", "nope")

    assert result.exit_code == 1
    assert result.output.startswith("There is no stack TikTokAudienceUploader-nope")
    assert len(result.output.splitlines()) == 1


def test_no_demo_is_one_sentence_and_exit_1(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="make demo KEEP=1"):
        _ = Deployment(demo=True, record=tmp_path / "none.json").outputs


def test_demo_that_does_not_answer_any_more_is_none(tmp_path: Path, tiktok: Simulator) -> None:
    record = tmp_path / "demo.json"
    record.write_text(json.dumps({"emulator_url": tiktok.url, "outputs": {"BucketName": "b"}}))

    with pytest.raises(Refusal, match="make demo KEEP=1"):
        _ = Deployment(demo=True, record=record).bucket


def test_unreachable_endpoint_is_one_sentence_and_exit_1(run: Run) -> None:
    result = run("status")  # conftest points AWS at a port where nothing listens

    assert result.exit_code == 1
    assert result.output.startswith("AWS can't be reached.")


@pytest.mark.parametrize(
    ("code", "text", "operation", "words"),
    [
        ("AccessDenied", "Access Denied", "ListObjectsV2", "s3:ListBucket on the data bucket"),
        ("403", "Forbidden", "HeadObject", "s3:GetObject"),
        ("AccessDenied", f"x is {KMS} on y", "GetObject", "kms:Decrypt on the stack's KMS key"),
        ("AccessDeniedException", "", "PutSecretValue", "secretsmanager:PutSecretValue"),
        ("ExpiredToken", "", "GetObject", "expired"),
        ("InternalError", "", "GetObject", "AWS refused GetObject"),
    ],
)
def test_refusal_of_aws_names_the_permission(
    code: str, text: str, operation: str, words: str
) -> None:
    with pytest.raises(Refusal) as refused, explained():
        raise ClientError({"Error": {"Code": code, "Message": text}}, operation)

    assert words in refused.value.message


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({}, "There are no AWS credentials"),
        ({"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}, "No AWS region"),
        ({"AWS_PROFILE": "nobody"}, "AWS_PROFILE"),
    ],
    ids=["nothing", "no region", "no profile"],
)
def test_bare_environment_is_one_sentence_and_no_traceback(
    tmp_path: Path, variables: dict[str, str], words: str
) -> None:
    region = {} if "AWS_ACCESS_KEY_ID" in variables else {"AWS_REGION": "eu-west-1"}
    environment = {"HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true"}
    environment |= variables | region

    done = subprocess.run(
        [sys.executable, "-m", "audiencectl", "status"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(words)
    assert len(done.stderr.splitlines()) == 1
