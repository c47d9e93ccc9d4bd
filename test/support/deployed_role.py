"""The deployed function's role, from which one permission at a time can be taken away."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from local.emulator.stack import Stack

_S3_OBJECTS = "arn:aws:s3:::"


@dataclass(frozen=True, slots=True)
class Grant:
    """The smallest thing that can be taken away: one action on one resource of a statement."""

    sid: str
    action: str
    resource: str

    @property
    def name(self) -> str:
        """The action, and for objects the folder, such as `s3:GetObject on receipts/*`."""
        if self.action == "sqs:SendMessage":  # to both queues
            return f"{self.action} by {self.sid}"
        folder = self.resource.removeprefix(_S3_OBJECTS).partition("/")[2]
        return (
            f"{self.action} on {folder}"
            if self.action.startswith("s3:") and folder
            else self.action
        )


@dataclass(frozen=True, slots=True)
class DeployedRole:
    """A role as it was deployed, with its one inline policy; changes count at once."""

    stack: Stack
    name: str
    policy: str
    document: dict[str, Any]

    @classmethod
    def of_function(cls, stack: Stack) -> "DeployedRole":
        """Give the role of the deployed function; raises ValueError if it has other policies."""
        function = stack.clients.of("lambda").get_function_configuration(
            FunctionName=stack.outputs["FunctionName"]
        )
        name = function["Role"].rpartition("/")[2]
        iam = stack.clients.of("iam")
        (policy,) = iam.list_role_policies(RoleName=name)["PolicyNames"]
        document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        return cls(stack, name, policy, document)

    def grants(self) -> list[Grant]:
        """Give every permission of the role, each once."""
        return [
            Grant(statement["Sid"], action, resource)
            for statement in self.document["Statement"]
            for action in _as_list(statement["Action"])
            for resource in _as_list(statement["Resource"])
        ]

    @contextmanager
    def without(self, name: str) -> Iterator[None]:
        """Take the grant of this name away while the block runs; raises ValueError for others."""
        (taken,) = [grant for grant in self.grants() if grant.name == name]
        kept = [grant for grant in self.grants() if grant != taken]
        self._put({"Version": "2012-10-17", "Statement": [self._statement(g) for g in kept]})
        try:
            yield
        finally:
            self._put(self.document)

    def _statement(self, grant: Grant) -> dict[str, Any]:
        (whole,) = [s for s in self.document["Statement"] if s["Sid"] == grant.sid]
        conditions = {"Condition": whole["Condition"]} if "Condition" in whole else {}
        allowed = {"Effect": "Allow", "Action": grant.action, "Resource": grant.resource}
        return allowed | conditions

    def _put(self, document: dict[str, Any]) -> None:
        self.stack.clients.of("iam").put_role_policy(
            RoleName=self.name, PolicyName=self.policy, PolicyDocument=json.dumps(document)
        )


def _as_list(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value
