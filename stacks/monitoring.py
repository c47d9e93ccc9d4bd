"""What a person looks at: the alarms, and the dashboard that shows them first."""

from constructs import Construct

from stacks.alarms import Alarms
from stacks.dashboard import Dashboard
from stacks.function import UploaderFunction
from stacks.intake import Intake
from stacks.watches import longest_explained_wait


class Monitoring(Construct):
    """Alarms and one dashboard over what takes the drops in and what delivers them."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        intake: Intake,
        uploader: UploaderFunction,
        settle_seconds: int,
        retry_base_delay_seconds: float,
        alarm_email: str,
    ) -> None:
        super().__init__(scope, id_)
        alarms = Alarms(
            self,
            "Alarms",
            queue=intake.queue,
            dead_letter_queue=intake.dead_letter_queue,
            rule=intake.rule,
            function=uploader.function,
            longest_explained_wait=longest_explained_wait(
                settle_seconds=settle_seconds, base_seconds=retry_base_delay_seconds
            ),
            email=alarm_email,
        )
        self.dashboard_name = Dashboard(
            self,
            "Dashboard",
            queue=intake.queue,
            dead_letter_queue=intake.dead_letter_queue,
            rule=intake.rule,
            function=uploader.function,
            log_group=uploader.log_group,
            alarms=alarms.alarms,
        ).name
