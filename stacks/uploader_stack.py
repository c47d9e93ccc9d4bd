"""The one stack: it puts the constructs together and creates nothing itself."""

from collections.abc import Mapping

import aws_cdk as cdk
from constructs import Construct

from stacks import metrics
from stacks.acknowledge import acknowledge_objects
from stacks.credentials import SECRET_NAME, Credentials
from stacks.function import UploaderFunction
from stacks.intake import Intake
from stacks.monitoring import Monitoring
from stacks.settings import Settings

# AWS's own advice: a message stays hidden for six times as long as a function may take.
_VISIBILITY_PER_TIMEOUT = 6


class UploaderStack(cdk.Stack):
    """Everything that brings a drop into a TikTok audience, in whatever account it goes to."""

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(
            scope, id_, description="Hashed identifiers from S3 into TikTok custom audiences"
        )
        self._intake = self._build_intake(settings)
        self._credentials = Credentials(
            self, "Credentials", reuse_existing=settings.reuse_existing_secret
        )
        self._uploader = UploaderFunction(
            self,
            "Uploader",
            queue=self._intake.queue,
            timeout=cdk.Duration.seconds(settings.function_timeout_seconds),
            environment=self._environment(settings),
        )
        self._monitoring = self._build_monitoring(settings)
        self._intake.let_in(self._uploader.role)
        self._allow_data()
        self._allow_messages()
        self._allow_credentials_and_logs()
        self._outputs()

    def _build_intake(self, settings: Settings) -> Intake:
        visibility = _VISIBILITY_PER_TIMEOUT * settings.function_timeout_seconds
        return Intake(
            self,
            "Intake",
            bucket_name=settings.tiktok_data_bucket_name,
            retention_days=settings.data_retention_days,
            settle=cdk.Duration.seconds(settings.settle_seconds),
            visibility=cdk.Duration.seconds(visibility),
        )

    def _build_monitoring(self, settings: Settings) -> Monitoring:
        return Monitoring(
            self,
            "Monitoring",
            intake=self._intake,
            uploader=self._uploader,
            settle_seconds=settings.settle_seconds,
            retry_base_delay_seconds=settings.retry_base_delay_seconds,
            alarm_email=settings.alarm_email,
        )

    def _environment(self, settings: Settings) -> Mapping[str, str]:
        """The variables that the function's configuration reads, and no others."""
        return {
            "BUCKET_NAME": self._intake.bucket.bucket_name,
            "QUEUE_URL": self._intake.queue.queue_url,
            "DEAD_LETTER_QUEUE_URL": self._intake.dead_letter_queue.queue_url,
            "SECRET_NAME": SECRET_NAME,
            "TIKTOK_API_URL": settings.tiktok_api_url,
            "RETRY_BASE_DELAY_SECONDS": f"{settings.retry_base_delay_seconds:g}",
            "FUNCTION_TIMEOUT_SECONDS": f"{settings.function_timeout_seconds}",
            "POWERTOOLS_SERVICE_NAME": metrics.SERVICE,
            "POWERTOOLS_METRICS_NAMESPACE": metrics.NAMESPACE,
            "POWERTOOLS_LOG_LEVEL": "INFO",
        }

    def _allow_data(self) -> None:
        bucket = self._intake.bucket
        folders = ("tiktok/*", "receipts/*", "state/*")
        drops, receipts, state = (bucket.arn_for_objects(folder) for folder in folders)
        allow = self._uploader.allow
        allow("ReadData", actions=["s3:GetObject"], resources=[drops, receipts, state])
        allow("WriteRecords", actions=["s3:PutObject"], resources=[receipts, state])
        allow("ForgetReceipts", actions=["s3:DeleteObject"], resources=[receipts])
        # Lists drops and receipts; without it a missing object reads as forbidden, not as missing.
        allow("ListData", actions=["s3:ListBucket"], resources=[bucket.bucket_arn])
        allow(
            "UseKey",
            actions=["kms:Decrypt", "kms:GenerateDataKey"],
            resources=[self._intake.key.key_arn],
            conditions=self._intake.key_conditions,
        )
        for folder in folders:
            acknowledge_objects(
                self._uploader.role,
                bucket,
                folder,
                reason="The names of drops are the customer's and those of receipts and state "
                "follow from them; the folder is as narrow as it can be.",
            )

    def _allow_messages(self) -> None:
        self._uploader.allow(
            "TakeMessages",
            actions=[
                "sqs:ReceiveMessage",
                "sqs:DeleteMessage",
                "sqs:ChangeMessageVisibility",
                "sqs:GetQueueAttributes",
            ],
            resources=[self._intake.queue.queue_arn],
        )
        self._uploader.allow(
            "DeadLetter",
            actions=["sqs:SendMessage"],
            resources=[self._intake.dead_letter_queue.queue_arn],
        )

    def _allow_credentials_and_logs(self) -> None:
        self._uploader.allow(
            "ReadCredentials",
            actions=["secretsmanager:GetSecretValue"],
            resources=[self._credentials.secret_arn],
        )
        self._uploader.allow(
            "WriteLogs",
            actions=["logs:CreateLogStream", "logs:PutLogEvents"],
            resources=[self._uploader.log_group.log_group_arn],
        )

    def _outputs(self) -> None:
        outputs = {
            "BucketName": self._intake.bucket.bucket_name,
            "QueueUrl": self._intake.queue.queue_url,
            "DeadLetterQueueUrl": self._intake.dead_letter_queue.queue_url,
            "SecretName": SECRET_NAME,
            "FunctionName": self._uploader.function.function_name,
            "LogGroupName": self._uploader.log_group.log_group_name,
            "DashboardName": self._monitoring.dashboard_name,
        }
        for name, value in outputs.items():
            cdk.CfnOutput(self, name, value=value)
