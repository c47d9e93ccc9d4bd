"""The function's role is enough, and nothing in it is too much: each permission is taken away.

IAM is enforced. Each permission has a job that needs it. Without the permission the function runs
and the job stays undone; with it back, the same message finishes the job by itself.
"""

from collections.abc import Iterator

import pytest
from support.deployed_role import DeployedRole
from support.jobs import (
    Employer,
    Job,
    Work,
    announce,
    dead_letter,
    deliver,
    deliver_again_after_redrive,
    deliver_by_a_new_token,
    retry_later,
    sweep,
)
from support.secured_sandbox import secured_sandbox

from local.emulator import Sandbox, Stack
from local.emulator.waiting import wait_for

pytestmark = pytest.mark.e2e
SECONDS = 120

NEEDED_FOR: dict[str, Job] = {
    "s3:GetObject on tiktok/*": deliver,
    "s3:GetObject on receipts/*": deliver,
    "s3:GetObject on state/*": deliver,
    "s3:PutObject on receipts/*": deliver,
    "s3:PutObject on state/*": deliver,
    "s3:DeleteObject on receipts/*": deliver_again_after_redrive,
    "s3:ListBucket": deliver,
    "s3:GetObject on status/*": sweep,
    "s3:PutObject on status/*": sweep,
    "s3:DeleteObject on state/*": sweep,
    "sqs:ChangeMessageVisibility": retry_later,
    "sqs:SendMessage by DeadLetter": dead_letter,
    "sqs:SendMessage by AnnounceDrops": announce,
    "secretsmanager:GetSecretValue": deliver_by_a_new_token,
}
NOT_ENFORCED = {
    "kms:Decrypt": "the emulator's S3 and SQS do not ask KMS in the caller's name",
    "kms:GenerateDataKey": "the emulator's S3 and SQS do not ask KMS in the caller's name",
    "sqs:ReceiveMessage": "the emulator takes messages for the function without its role",
    "sqs:DeleteMessage": "the emulator deletes messages for the function without its role",
    "sqs:GetQueueAttributes": "the emulator reads the queue for the function without its role",
    "logs:CreateLogStream": "the emulator writes the function's log without its role",
    "logs:PutLogEvents": "the emulator writes the function's log without its role",
}
# Without the permission of these two the function cannot say when the message should come back, so
# it does at the end of its visibility timeout: a minute here.
COMES_BACK_LATE = {announce, dead_letter, retry_later, sweep}


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Give an account that enforces IAM; the whole deployment goes through it."""
    with secured_sandbox(tmp_path_factory.mktemp("secured")) as opened:
        opened.tiktok.control.set_options(processing_seconds=0)
        opened.cdk.bootstrap()
        yield opened


@pytest.fixture(scope="module")
def stack(sandbox: Sandbox, context: dict[str, object]) -> Stack:
    deployed = sandbox.deploy(context)
    deployed.set_credentials()
    return deployed


@pytest.fixture(scope="module")
def employer(sandbox: Sandbox, stack: Stack) -> Employer:
    return Employer(stack, sandbox.tiktok.control)


@pytest.fixture(scope="module")
def role(stack: Stack) -> DeployedRole:
    return DeployedRole.of_function(stack)


def _finish(work: Work) -> None:
    wait_for(work.done, "the job to be done", seconds=SECONDS)


def test_every_permission_of_the_role_has_a_job_or_is_beyond_the_emulator(
    role: DeployedRole,
) -> None:
    names = [grant.name for grant in role.grants()]

    assert sorted(names) == sorted([*NEEDED_FOR, *NOT_ENFORCED])


@pytest.mark.parametrize("job", dict.fromkeys(NEEDED_FOR.values()), ids=lambda job: job.__name__)
def test_job_with_the_whole_role_done(employer: Employer, job: Job) -> None:
    _finish(job(employer))


@pytest.mark.parametrize("grant", NEEDED_FOR)
def test_job_without_a_permission_it_needs_undone_until_it_is_back(
    employer: Employer, role: DeployedRole, grant: str
) -> None:
    job = NEEDED_FOR[grant]

    with role.without(grant):
        work = job(employer)
        wait_for(lambda: employer.runs > work.runs_before, "the function to try", seconds=SECONDS)
        refused = not work.done()

    assert refused
    _finish(job(employer) if job in COMES_BACK_LATE else work)


@pytest.mark.parametrize("grant", NOT_ENFORCED)
def test_delivery_without_a_permission_that_is_not_enforced_done_all_the_same(
    employer: Employer, role: DeployedRole, grant: str
) -> None:
    with role.without(grant):
        _finish(deliver(employer))
