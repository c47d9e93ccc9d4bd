"""How a person hears of an alarm: an encrypted topic with one e-mail subscription."""

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct


class AlarmTopic(Construct):
    """A topic that CloudWatch may publish to, for this account's alarms only.

    It has a key of its own. CloudWatch cannot use the AWS-managed key of SNS, and the stack's key
    stays closed to everyone but the account, EventBridge and the function.
    """

    def __init__(self, scope: Construct, id_: str, *, email: str) -> None:
        super().__init__(scope, id_)
        key = self._create_key()
        topic = sns.Topic(
            self, "Topic", display_name="TikTok audiences", master_key=key, enforce_ssl=True
        )
        topic.add_to_resource_policy(self._let_cloudwatch_publish(topic))
        topic.add_subscription(subscriptions.EmailSubscription(email))
        self.action = actions.SnsAction(topic)

    def _create_key(self) -> kms.Key:
        key = kms.Key(
            self,
            "Key",
            description="TikTok audience uploader: alarms on their way to a person",
            enable_key_rotation=True,
            removal_policy=cdk.RemovalPolicy.DESTROY,
            pending_window=cdk.Duration.days(7),
        )
        # As CloudWatch documents it, without a condition; whose alarms may come in is decided by
        # the topic's policy, and nothing else is under this key.
        key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="Alarms",
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["kms:Decrypt", "kms:GenerateDataKey*"],
                resources=["*"],
            )
        )
        return key

    def _let_cloudwatch_publish(self, topic: sns.ITopic) -> iam.PolicyStatement:
        """Demanding TLS gives the topic a policy, and with one the default permission is gone."""
        return iam.PolicyStatement(
            sid="Alarms",
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            actions=["sns:Publish"],
            resources=[topic.topic_arn],
            conditions={"StringEquals": {"aws:SourceAccount": cdk.Stack.of(self).account}},
        )
