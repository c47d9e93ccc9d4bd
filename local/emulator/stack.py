"""The deployed stack, as those see it who use it: keys, receipts, messages, the secret."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from local.emulator.clients import Clients
from local.emulator.simulator import ACCESS_TOKEN, ADVERTISER_ID
from local.emulator.waiting import wait_for

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef


def receipt_prefix(key: str) -> str:
    """Give the folder of a drop's receipts; a key too long to stand in a key is hashed."""
    prefix = f"receipts/{key}/"
    longest = len(f"{prefix}{'0' * 32}.json".encode())
    return prefix if longest <= 1024 else f"receipts/long/{sha256(key.encode()).hexdigest()}/"


@dataclass(frozen=True, slots=True)
class Stack:
    """A deployed stack by its outputs."""

    outputs: Mapping[str, str]
    clients: Clients

    @property
    def bucket(self) -> str:
        """The data bucket's name."""
        return self.outputs["BucketName"]

    @property
    def queue_url(self) -> str:
        """The queue of messages that tell of drops."""
        return self.outputs["QueueUrl"]

    @property
    def dead_letter_queue_url(self) -> str:
        """The queue of messages that no waiting helps."""
        return self.outputs["DeadLetterQueueUrl"]

    def set_credentials(
        self, *, token: str = ACCESS_TOKEN, advertiser_id: str = ADVERTISER_ID
    ) -> None:
        """Store TikTok credentials in the secret, by default those that the simulator takes."""
        secret = {"ACCESS_TOKEN": token, "ADVERTISER_ID": advertiser_id}
        self.clients.secrets.put_secret_value(
            SecretId=self.outputs["SecretName"], SecretString=json.dumps(secret)
        )

    def drop(self, audience: str, id_type: str, body: bytes, *, name: str = "drop.csv") -> str:
        """Put a file at `tiktok/<audience>/<id_type>/<name>` and give its key."""
        return self.put(f"tiktok/{audience}/{id_type}/{name}", body)

    def sweep(self) -> None:
        """Ask for a sweep now, as the schedule does every so often."""
        body = json.dumps({"source": "aws.events", "detail-type": "Scheduled Event"})
        self.clients.sqs.send_message(QueueUrl=self.queue_url, MessageBody=body)

    def put(self, key: str, body: bytes) -> str:
        """Put an object at any key of the data bucket and give the key."""
        self.clients.s3.put_object(Bucket=self.bucket, Key=key, Body=body)
        return key

    def keys(self, prefix: str) -> list[str]:
        """Give the keys below a prefix of the data bucket, oldest object first."""
        pages = self.clients.s3.get_paginator("list_objects_v2").paginate(
            Bucket=self.bucket, Prefix=prefix
        )
        entries = [entry for page in pages for entry in page.get("Contents", [])]
        return [entry["Key"] for entry in sorted(entries, key=lambda e: e["LastModified"])]

    def receipt(self, key: str) -> dict[str, Any] | None:
        """Give the newest receipt of a drop, or None while there is none."""
        return next(reversed(self.receipts(key)), None)

    def awaited_receipt(self, key: str, *, seconds: float = 120.0) -> dict[str, Any]:
        """Give the newest receipt of a drop as soon as there is one; raises WaitedTooLongError."""
        return wait_for(lambda: self.receipt(key), f"a receipt of {key}", seconds=seconds)

    def receipts(self, key: str) -> list[dict[str, Any]]:
        """Give the receipts of all versions of a drop, oldest first."""
        # The function removes a receipt when its dead letter is redriven.
        read = (self.json_if_there(found) for found in self.keys(receipt_prefix(key)))
        return [receipt for receipt in read if receipt is not None]

    def status(self, audience: str) -> dict[str, Any] | None:
        """Give the audience's status as the last sweep wrote it, or None before the first one."""
        return self.json_if_there(f"status/{audience}.json")

    def json_if_there(self, key: str) -> dict[str, Any] | None:
        """Give the decoded JSON object at a key of the data bucket, or None."""
        try:
            return self.read_json(key)
        except self.clients.s3.exceptions.NoSuchKey:
            return None

    def read_json(self, key: str) -> dict[str, Any]:
        """Give the decoded JSON object at a key of the data bucket."""
        body = self.clients.s3.get_object(Bucket=self.bucket, Key=key)["Body"]
        with body:
            decoded: dict[str, Any] = json.loads(body.read())
        return decoded

    def link(self, key: str) -> str:
        """Give an address at which anyone can read the object for an hour, without an account."""
        return self.clients.s3.generate_presigned_url(
            "get_object", Params={"Bucket": self.bucket, "Key": key}
        )

    def dead_letters(self, *, wait_seconds: int = 0) -> list["MessageTypeDef"]:
        """Receive up to ten messages of the dead-letter queue, with attributes; hidden for 2 s."""
        answer = self.clients.sqs.receive_message(
            QueueUrl=self.dead_letter_queue_url,
            MaxNumberOfMessages=10,
            VisibilityTimeout=2,
            WaitTimeSeconds=wait_seconds,
            MessageAttributeNames=["All"],
        )
        return answer.get("Messages", [])

    def redrive(self, message: "MessageTypeDef") -> None:
        """Move one dead letter back to the queue, attributes and all, as SQS's own redrive does."""
        self.clients.sqs.send_message(
            QueueUrl=self.queue_url,
            MessageBody=message["Body"],
            MessageAttributes=message.get("MessageAttributes", {}),
        )
        self.clients.sqs.delete_message(
            QueueUrl=self.dead_letter_queue_url, ReceiptHandle=message["ReceiptHandle"]
        )

    def log_lines(self) -> list[str]:
        """Give the function's log, oldest line first."""
        logs = self.clients.of("logs")
        pages = logs.get_paginator("filter_log_events").paginate(
            logGroupName=self.outputs["LogGroupName"]
        )
        events = [event for page in pages for event in page["events"]]
        # The emulator does not keep the streams in order.
        return [e["message"].rstrip() for e in sorted(events, key=lambda e: e["timestamp"])]
