"""What a person looks at: the alarms, and the dashboard that shows them first."""

from constructs import Construct

from stacks.alarm_definitions import AlarmDefinition, function_alarms, queue_alarms, rule_alarms
from stacks.alarms import Alarms
from stacks.dashboard import Dashboard
from stacks.function import UploaderFunction
from stacks.ingestion import Ingestion
from stacks.metrics import FunctionMetrics
from stacks.pace import Pace
from stacks.reported_alarms import delivery_alarms, outcome_alarms, sweep_alarms


class Monitoring(Construct):
    """Alarms and one dashboard over what takes the drops in and what delivers them."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        ingestion: Ingestion,
        uploader: UploaderFunction,
        metrics: FunctionMetrics,
        pace: Pace,
        alarm_email: str,
    ) -> None:
        super().__init__(scope, id_)
        definitions: list[AlarmDefinition] = [
            *queue_alarms(ingestion.queue, ingestion.dead_letter_queue),
            *rule_alarms(ingestion.rule, ingestion.sweep_rule),
            *function_alarms(uploader.function),
            *delivery_alarms(metrics, pace),
            *outcome_alarms(metrics),
            *sweep_alarms(metrics, pace),
        ]
        alarms = Alarms(self, "Alarms", definitions=definitions, email=alarm_email)
        self.dashboard_name = Dashboard(
            self,
            "Dashboard",
            ingestion=ingestion,
            uploader=uploader,
            metrics=metrics,
            alarms=alarms.alarms,
        ).name
