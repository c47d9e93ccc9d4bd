"""Deployed again over what is there: the operator's token, and the files under another name.

Taking the stack down and bringing it back is in `test_return.py`.
"""

from collections.abc import Iterator

import pytest
from support.invented import csv, ids

from local.emulator import Sandbox, Stack
from local.emulator.inventory import inventory
from local.emulator.sandbox import restore_bucket_tag
from local.emulator.waiting import wait_for

pytestmark = pytest.mark.e2e
Context = dict[str, object]


def _secret(stack: Stack) -> tuple[str, str]:
    """Return the secret's text and the id of its version, which any write would change."""
    secret = stack.clients.secrets.get_secret_value(SecretId=stack.outputs["SecretName"])
    return secret["SecretString"], secret["VersionId"]


def test_redeploy_with_other_settings_leaves_the_secret_as_the_operator_wrote_it(
    sandbox: Sandbox, stack: Stack, with_parquet: Context
) -> None:
    before = _secret(stack)

    sandbox.deploy(with_parquet | {"data_retention_days": 60})

    assert _secret(stack) == before


@pytest.fixture
def other_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox.opened(tmp_path_factory.mktemp("renamed")) as opened:
        opened.tiktok.control.set_options(processing_seconds=0)
        opened.cdk.bootstrap()
        yield opened


@pytest.mark.long
def test_bucket_renamed_in_the_context_old_one_keeps_its_files_new_one_works(
    other_sandbox: Sandbox, context: Context
) -> None:
    sandbox, renamed = (
        other_sandbox,
        context | {"tiktok_data_bucket_name": "tiktok-audiences-other"},
    )
    old = sandbox.deploy(context)
    waiting = old.drop("renamed", "phone_sha256", csv(ids("waits for credentials", 1000)))
    wait_for(lambda: old.keys("state/waiting/"), "the file to wait", seconds=120)
    restore_bucket_tag(old)  # with it the clean-up would empty the bucket, if it were asked to

    new = sandbox.deploy(renamed)
    new.set_credentials()

    assert old.keys("tiktok/") == [waiting]
    letter = wait_for(new.dead_letters, "the waiting message's end", seconds=120)[0]
    assert waiting in letter["Body"]
    assert letter["MessageAttributes"]["ErrorReason"]["StringValue"] == "bad_event"
    new.clients.s3.copy_object(
        Bucket=new.bucket, Key=waiting, CopySource={"Bucket": old.bucket, "Key": waiting}
    )
    assert new.awaited_receipt(waiting)["status"] == "delivered"
    sandbox.destroy(new, renamed)
    assert ("bucket", old.bucket) in inventory(sandbox.clients)
    assert old.keys("tiktok/") == [waiting]
