"""The event source mapping and the runtime around the real handler, on moto's queues."""

import json
import logging
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from audience_uploader import handler

VISIBILITY = 60  # seconds


def forget_the_sandbox() -> None:
    """Make the next invocation a cold start."""
    for cached in (handler._app, handler._logger, handler._metrics):
        cached.cache_clear()
    loggers = logging.root.manager.loggerDict
    loggers.pop("audience-uploader", None)  # its handler writes to the stdout of the test before


def context(seconds: float = 900) -> Any:
    """Return as much of the Lambda context as the handler uses."""
    return SimpleNamespace(
        get_remaining_time_in_millis=lambda: seconds * 1000, aws_request_id="request-1"
    )


def as_record(message: dict[str, Any]) -> dict[str, Any]:
    """Return an SQS message as the event source mapping hands it over."""
    attributes = message.get("MessageAttributes", {})
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {
            name: {"stringValue": a["StringValue"], "dataType": a["DataType"]}
            for name, a in attributes.items()
        },
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:eu-west-1:1:queue",
        "awsRegion": "eu-west-1",
    }


@dataclass
class EventSource:
    """Polls a queue, invokes the handler, and deletes what the handler does not give back."""

    sqs: Any
    queue_url: str
    answers: list[dict[str, Any]] = field(default_factory=list)

    def poll(self, *, most: int = 10) -> list[str]:
        """Make one invocation; return the ids that stay in the queue."""
        found = self.sqs.receive_message(
            QueueUrl=self.queue_url,
            MaxNumberOfMessages=most,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
            VisibilityTimeout=VISIBILITY,
        ).get("Messages", [])
        event = {"Records": [as_record(m) for m in found]}
        answer = json.loads(json.dumps(handler.lambda_handler(event, context())))
        self.answers.append(answer)
        kept = [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]
        for message in found:
            if message["MessageId"] not in kept:
                self.sqs.delete_message(
                    QueueUrl=self.queue_url, ReceiptHandle=message["ReceiptHandle"]
                )
        return kept
