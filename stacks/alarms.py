"""The alarms: one for each definition, and a mail to a person where one is named."""

from collections.abc import Sequence

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from stacks.alarm_definitions import AlarmDefinition
from stacks.alarm_topic import AlarmTopic


class Alarms(Construct):
    """One alarm for each thing that needs a person; mailed if there is somebody to mail to."""

    def __init__(
        self, scope: Construct, id_: str, *, definitions: Sequence[AlarmDefinition], email: str
    ) -> None:
        super().__init__(scope, id_)
        self.alarms = [self._create(definition) for definition in definitions]
        if email:
            self._mail_to(email)

    def _create(self, definition: AlarmDefinition) -> cloudwatch.Alarm:
        return cloudwatch.Alarm(
            self,
            definition.id_,
            alarm_description=definition.description,
            metric=definition.metric,
            threshold=definition.threshold,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            evaluation_periods=definition.intervals,
            datapoints_to_alarm=definition.hits,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )

    def _mail_to(self, email: str) -> None:
        topic = AlarmTopic(self, "Topic", email=email)
        for alarm in self.alarms:
            alarm.add_alarm_action(topic.action)
