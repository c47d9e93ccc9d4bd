"""The two queues in figures."""

from dataclasses import dataclass
from typing import Any

from audiencectl.deployment import Deployment
from audiencectl.words import counted

_NOW = "ApproximateNumberOfMessages"
_HELD = "ApproximateNumberOfMessagesNotVisible"
_LATER = "ApproximateNumberOfMessagesDelayed"


@dataclass(frozen=True, slots=True)
class Figures:
    """Messages that can be had, that are worked on or wait for a try, that settle; dead ones."""

    ready: int
    hidden: int
    delayed: int
    dead: int

    def sentence(self) -> str:
        """Return them as one line."""
        messages = self.ready + self.hidden + self.delayed
        dead = f"{counted(self.dead, 'dead letter')}" + (
            ": audiencectl dead-letters" if self.dead else ""
        )
        return f"{counted(messages, 'message')} in the queue, {dead}."


def figures(deployment: Deployment) -> Figures:
    """Return the figures of a deployment's queues, which AWS counts roughly."""
    sqs = deployment.client("sqs")
    queue = _counts(sqs, deployment.output("QueueUrl"))
    dead = _counts(sqs, deployment.output("DeadLetterQueueUrl"))
    return Figures(queue[0], queue[1], queue[2], sum(dead))


def _counts(sqs: Any, url: str) -> tuple[int, int, int]:
    names = [_NOW, _HELD, _LATER]
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    ready, hidden, delayed = (int(found.get(name, 0)) for name in names)
    return ready, hidden, delayed
