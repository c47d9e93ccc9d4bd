"""The one stack: it puts the constructs together and creates nothing itself."""

import aws_cdk as cdk
from constructs import Construct

from stacks.credentials import Credentials
from stacks.function import UploaderFunction
from stacks.ingestion import Ingestion
from stacks.metrics import SERVICE, FunctionMetrics
from stacks.monitoring import Monitoring
from stacks.pace import Pace
from stacks.permissions import allow_credentials_and_log, allow_data, allow_messages
from stacks.settings import Settings

STACK_NAME = "TikTokAudienceUploader"
SECRET_NAME = "tiktok_activation_credentials"  # noqa: S105 (a name)
# AWS's own advice: a message stays hidden for six times as long as a function may take.
_VISIBILITY_PER_TIMEOUT = 6


class UploaderStack(cdk.Stack):
    """Everything that brings a drop into a TikTok audience, in whatever account it goes to.

    The ids of constructs are those of version 0.1.0: a new one would replace what is deployed.
    """

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(
            scope, id_, description="Hashed identifiers from S3 into TikTok custom audiences"
        )
        # The CDK writes a function's dependency on its role in two ways; cfn-lint minds.
        self.template_options.metadata = {"cfn-lint": {"config": {"ignore_checks": ["W3005"]}}}
        self._settings = settings
        self._metrics = FunctionMetrics(settings.named(STACK_NAME))
        self._ingestion = self._build_ingestion()
        self._credentials = Credentials(
            self,
            "Credentials",
            name=settings.named(SECRET_NAME, joint="_"),
            reuse_existing=settings.reuse_existing_secret,
        )
        self._uploader = self._build_uploader()
        self._monitoring = self._build_monitoring()
        allow_data(self._uploader, self._ingestion)
        allow_messages(self._uploader, self._ingestion)
        allow_credentials_and_log(self._uploader, self._credentials)
        self._warn_of_pace()
        self._outputs()

    def _build_ingestion(self) -> Ingestion:
        visibility = _VISIBILITY_PER_TIMEOUT * self._settings.function_timeout_seconds
        return Ingestion(
            self,
            "Intake",
            bucket_name=self._settings.tiktok_data_bucket_name,
            retention_days=self._settings.data_retention_days,
            sweep_minutes=self._settings.sweep_minutes,
            settle=cdk.Duration.seconds(self._settings.settle_seconds),
            visibility=cdk.Duration.seconds(visibility),
        )

    def _build_uploader(self) -> UploaderFunction:
        return UploaderFunction(
            self,
            "Uploader",
            queue=self._ingestion.queue,
            timeout=cdk.Duration.seconds(self._settings.function_timeout_seconds),
            max_concurrency=self._settings.functions_at_once,
            architecture=self._settings.function_architecture,
            parquet_support=self._settings.parquet_support,
            environment=self._resource_names() | self._behaviour(),
        )

    def _build_monitoring(self) -> Monitoring:
        return Monitoring(
            self,
            "Monitoring",
            ingestion=self._ingestion,
            uploader=self._uploader,
            metrics=self._metrics,
            pace=Pace(
                settle_seconds=self._settings.settle_seconds,
                retry_base_delay_seconds=self._settings.retry_base_delay_seconds,
                sweep_minutes=self._settings.sweep_minutes,
            ),
            alarm_email=self._settings.alarm_email,
        )

    def _resource_names(self) -> dict[str, str]:
        """Return the variables that tell where the function's things are, and how it is called."""
        return {
            "BUCKET_NAME": self._ingestion.bucket.bucket_name,
            "QUEUE_URL": self._ingestion.queue.queue_url,
            "DEAD_LETTER_QUEUE_URL": self._ingestion.dead_letter_queue.queue_url,
            "SECRET_NAME": self._credentials.secret_name,
            "POWERTOOLS_SERVICE_NAME": SERVICE,
            "POWERTOOLS_METRICS_NAMESPACE": self._metrics.namespace,
            "POWERTOOLS_LOG_LEVEL": "INFO",
        }

    def _behaviour(self) -> dict[str, str]:
        """Return the variables that tell the function what the deployment decided."""
        settings = self._settings
        return {
            "TIKTOK_API_URL": settings.tiktok_api_url,
            "RETRY_BASE_DELAY_SECONDS": f"{settings.retry_base_delay_seconds:g}",
            "FUNCTION_TIMEOUT_SECONDS": f"{settings.function_timeout_seconds}",
            "SETTLE_SECONDS": f"{settings.settle_seconds}",
            "SWEEP_MINUTES": f"{settings.sweep_minutes}",
            "TIKTOK_CALLS_PER_SECOND": f"{settings.tiktok_calls_per_second:g}",
            "MAX_CONCURRENCY": f"{settings.functions_at_once}",
            "REPLACE_MINIMUM_PERCENT": f"{settings.replace_minimum_percent}",
            "PARQUET_SUPPORT": "true" if settings.parquet_support else "false",
        }

    def _warn_of_pace(self) -> None:
        """Say where the settings cannot both be had: the rate in every second comes first."""
        settings, at_once = self._settings, self._settings.functions_at_once
        if at_once == settings.max_concurrency:
            return
        text = (
            f"tiktok_calls_per_second is {settings.tiktok_calls_per_second:g}: {at_once} functions "
            f"run at once, not the {settings.max_concurrency} of max_concurrency, so that the rate "
            "is kept in every second"
        )
        cdk.Annotations.of(self).add_warning_v2("uploader:tiktok_calls_per_second", text)

    def _outputs(self) -> None:
        outputs = {
            "BucketName": self._ingestion.bucket.bucket_name,
            "QueueUrl": self._ingestion.queue.queue_url,
            "DeadLetterQueueUrl": self._ingestion.dead_letter_queue.queue_url,
            "SecretName": self._credentials.secret_name,
            "FunctionName": self._uploader.function.function_name,
            "LogGroupName": self._uploader.log_group.log_group_name,
            "DashboardName": self._monitoring.dashboard_name,
            "TikTokApiUrl": self._settings.tiktok_api_url,
        }
        for name, value in outputs.items():
            cdk.CfnOutput(self, name, value=value)
