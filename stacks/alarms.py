"""The alarms: one for each watch, and a mail to a person where one is named."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_events as events
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.alarm_topic import AlarmTopic
from stacks.watches import (
    Watch,
    watch_credentials_and_bugs,
    watch_dead_letters,
    watch_function,
    watch_queue,
    watch_rule,
)


class Alarms(Construct):
    """One alarm for each thing that needs a person; mailed if there is somebody to mail to."""

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        queue: sqs.IQueue,
        dead_letter_queue: sqs.IQueue,
        rule: events.IRule,
        function: lambda_.IFunction,
        longest_explained_wait: cdk.Duration,
        email: str,
    ) -> None:
        super().__init__(scope, id_)
        watches = [
            *watch_dead_letters(dead_letter_queue),
            *watch_queue(queue, longest_explained_wait),
            *watch_rule(rule),
            *watch_function(function),
            *watch_credentials_and_bugs(),
        ]
        self.alarms = [self._create(watch) for watch in watches]
        if email:
            self._mail_to(email)

    def _create(self, watch: Watch) -> cloudwatch.Alarm:
        return cloudwatch.Alarm(
            self,
            watch.id_,
            alarm_description=watch.description,
            metric=watch.metric,
            threshold=watch.threshold,
            comparison_operator=(cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD),
            evaluation_periods=watch.intervals,
            datapoints_to_alarm=watch.hits,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )

    def _mail_to(self, email: str) -> None:
        topic = AlarmTopic(self, "Topic", email=email)
        for alarm in self.alarms:
            alarm.add_alarm_action(topic.action)
