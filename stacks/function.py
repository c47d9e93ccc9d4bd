"""The function that delivers drops, with the role, log group and event source that are its own."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.bundling import RUNTIME, function_code
from stacks.parquet_layer import ParquetLayer

_ARCHITECTURES: Final = {
    "arm64": lambda_.Architecture.ARM_64,
    "x86_64": lambda_.Architecture.X86_64,
}
_ONE_CPU_MEBIBYTES: Final = 1769
# Two upload files of 240 MB, one being sent and one being written, with room to spare.
_SCRATCH_MEBIBYTES: Final = 1024
# A Parquet drop is read from a file as well, of up to 5 GB, and its uploads wait for its end, of up
# to 5 GB too. The most that Lambda has; the price is 1 % of the memory's.
_SCRATCH_MEBIBYTES_WITH_PARQUET: Final = 10240


class UploaderFunction(Construct):
    """Takes messages one by one, `max_concurrency` at once; may do nothing until `allow`ed.

    `architecture` is `arm64` or `x86_64`; `parquet_support` adds the layer and room in /tmp.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        queue: sqs.IQueue,
        timeout: cdk.Duration,
        max_concurrency: int,
        architecture: str,
        parquet_support: bool,
        environment: Mapping[str, str],
    ) -> None:
        super().__init__(scope, id_)
        self._architecture = _ARCHITECTURES[architecture]
        self.log_group = self._create_log_group()
        self.role = self._create_role()
        self.function = self._create_function(timeout, environment, parquet=parquet_support)
        self._take_messages_from(queue, max_concurrency)

    def allow(
        self,
        sid: str,
        *,
        actions: Sequence[str],
        resources: Sequence[str],
        conditions: Mapping[str, Any] | None = None,
    ) -> None:
        """Add one statement to the role: these actions on these resources."""
        statement = iam.PolicyStatement(
            sid=sid, actions=[*actions], resources=[*resources], conditions=conditions
        )
        self.role.add_to_principal_policy(statement)

    def _create_log_group(self) -> logs.LogGroup:
        """Give no fixed name, which would be taken when the stack comes back."""
        return logs.LogGroup(
            self,
            "Logs",
            retention=logs.RetentionDays.SIX_MONTHS,
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )

    def _create_role(self) -> iam.Role:
        return iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description="The TikTok audience uploader's function, and nothing else",
        )

    def _create_function(
        self, timeout: cdk.Duration, environment: Mapping[str, str], *, parquet: bool
    ) -> lambda_.Function:
        scratch = _SCRATCH_MEBIBYTES_WITH_PARQUET if parquet else _SCRATCH_MEBIBYTES
        layers = [ParquetLayer(self, "Parquet", self._architecture).layer] if parquet else []
        return lambda_.Function(
            self,
            "Function",
            description="Delivers the drops of one TikTok audience",
            runtime=RUNTIME,
            architecture=self._architecture,
            code=function_code(),
            layers=layers,
            handler="audience_uploader.handler.lambda_handler",
            role=self.role,
            log_group=self.log_group,
            timeout=timeout,
            memory_size=_ONE_CPU_MEBIBYTES,
            ephemeral_storage_size=cdk.Size.mebibytes(scratch),
            environment={**environment},
        )

    def _take_messages_from(self, queue: sqs.IQueue, max_concurrency: int) -> None:
        """Not by SqsEventSource, whose grant is wider than what the function does."""
        lambda_.EventSourceMapping(
            self,
            "Messages",
            target=self.function,
            event_source_arn=queue.queue_arn,
            batch_size=1,
            max_concurrency=max_concurrency,
            report_batch_item_failures=True,
        )
