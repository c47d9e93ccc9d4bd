"""What a person looks at: the alarms and the dashboard."""

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from stacks.function import UploaderFunction
from stacks.intake import Intake
from stacks.settings import Settings


class Monitoring(Construct):
    """Alarms and one dashboard over the constructs that move the drops."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        intake: Intake,
        uploader: UploaderFunction,
        settings: Settings,
    ) -> None:
        super().__init__(scope, id_)
        dashboard = cloudwatch.Dashboard(self, "Dashboard")
        self.dashboard_name = dashboard.dashboard_name
