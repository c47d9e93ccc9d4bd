"""What the function may do: every statement of its role, each as narrow as it can be."""

from typing import Final

from stacks.credentials import Credentials
from stacks.function import UploaderFunction
from stacks.ingestion import Ingestion
from stacks.nag_suppressions import acknowledge_objects

_FOLDERS: Final = ("tiktok/*", "receipts/*", "state/*", "status/*")


def allow_data(uploader: UploaderFunction, ingestion: Ingestion) -> None:
    """Let the function read drops, and keep receipts, state and status, under the stack's key."""
    bucket = ingestion.bucket
    drops, receipts, state, status = (bucket.arn_for_objects(folder) for folder in _FOLDERS)
    readable, written = [drops, receipts, state, status], [receipts, state, status]
    uploader.allow("ReadData", actions=["s3:GetObject"], resources=readable)
    uploader.allow("WriteRecords", actions=["s3:PutObject"], resources=written)
    uploader.allow("ForgetRecords", actions=["s3:DeleteObject"], resources=[receipts, state])
    # Lists drops and receipts; without it a missing object reads as forbidden, not as missing.
    uploader.allow("ListData", actions=["s3:ListBucket"], resources=[bucket.bucket_arn])
    uploader.allow(
        "UseKey",
        actions=["kms:Decrypt", "kms:GenerateDataKey"],
        resources=[ingestion.key.key_arn],
        conditions=ingestion.key_conditions,
    )
    for folder in _FOLDERS:
        acknowledge_objects(
            uploader.role,
            bucket,
            folder,
            reason="The names of drops are the customer's and those of receipts, state and "
            "status follow from them; the folder is as narrow as it can be.",
        )


def allow_messages(uploader: UploaderFunction, ingestion: Ingestion) -> None:
    """Let the function take messages, say when they come back, announce and dead-letter drops."""
    queue, dead_letters = ingestion.queue.queue_arn, ingestion.dead_letter_queue.queue_arn
    uploader.allow(
        "TakeMessages",
        actions=[
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:ChangeMessageVisibility",
            "sqs:GetQueueAttributes",
        ],
        resources=[queue],
    )
    # A sweep announces the drops that it finds without a message.
    uploader.allow("AnnounceDrops", actions=["sqs:SendMessage"], resources=[queue])
    uploader.allow("DeadLetter", actions=["sqs:SendMessage"], resources=[dead_letters])


def allow_credentials_and_log(uploader: UploaderFunction, credentials: Credentials) -> None:
    """Let the function read its secret and write its log."""
    uploader.allow(
        "ReadCredentials",
        actions=["secretsmanager:GetSecretValue"],
        resources=[credentials.secret_arn],
    )
    uploader.allow(
        "WriteLogs",
        actions=["logs:CreateLogStream", "logs:PutLogEvents"],
        resources=[uploader.log_group.log_group_arn],
    )
