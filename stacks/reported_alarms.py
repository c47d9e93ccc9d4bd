"""What needs a person, as the function reports it; each says what it means and what to do first."""

import aws_cdk as cdk

from stacks.alarm_definitions import AlarmDefinition, intervals_over
from stacks.metrics import FunctionMetrics
from stacks.pace import LONGEST_REFUSAL_PER_BASE, LONGEST_WAIT_PER_BASE, Pace


def delivery_alarms(metrics: FunctionMetrics, pace: Pace) -> list[AlarmDefinition]:
    """Return the alarms over waits past explaining, the credentials, and bugs.

    SQS leaves messages that were received three times out of the age it reports, so the function
    says itself how old the message is that it will retry.
    """
    base = pace.retry_base_delay_seconds
    return [
        AlarmDefinition(
            id_="OldestMessageTooOld",
            meaning="A file has been waiting for longer than TikTok's processing explains.",
            first="look at 'What is waiting' on the dashboard for what it waits for; SQS deletes "
            "its message 14 days after the upload.",
            metric=metrics.named("ParkedMessageAge", statistic="Maximum"),
            threshold=pace.longest_explained_wait,
            # Tries of one message come that far apart, and are one and the same trouble.
            intervals=intervals_over(LONGEST_WAIT_PER_BASE * base),
        ),
        AlarmDefinition(
            id_="CredentialsRefused",
            meaning="TikTok refuses the token or the advertiser id, or the secret cannot be read, "
            "lacks one of them or still holds its placeholders. No file is lost: all of them wait.",
            first="read what is wrong in the log line 'credentials refused', then put a valid "
            "ACCESS_TOKEN and ADVERTISER_ID into the secret; nothing else is needed, deliveries "
            "go on by themselves when their present wait ends.",
            metric=metrics.named("CredentialsRefused"),
            intervals=intervals_over(LONGEST_REFUSAL_PER_BASE * base),
        ),
        AlarmDefinition(
            id_="UnexpectedErrors",
            meaning="The function met something it was not made for: a bug.",
            first="find 'unexpected error' in the log group; it names the place. The message is "
            "tried five times, then dead-lettered.",
            metric=metrics.named("UnexpectedErrors"),
        ),
    ]


def outcome_alarms(metrics: FunctionMetrics) -> list[AlarmDefinition]:
    """Return the alarms over what TikTok made of changes that it had accepted."""
    return [*_change_alarms(metrics), *_audience_alarms(metrics)]


def _change_alarms(metrics: FunctionMetrics) -> list[AlarmDefinition]:
    return [
        AlarmDefinition(
            id_="OutcomeFailed",
            meaning="TikTok accepted a change of an audience and then failed to apply it. Its "
            "files are in the dead-letter queue, with the reason tiktok_failed.",
            first="read TikTok's error text in the audience's status object, fix what it says, "
            "then redrive the dead letters: that delivers the same files again.",
            metric=metrics.named("OutcomeFailed"),
        ),
        AlarmDefinition(
            id_="OutcomeUnclear",
            meaning="48 hours after a change the audience still shows the error text that it "
            "showed before: the change was applied, or it failed in the same words.",
            first="compare the audience's size in its status object with the rows of its last "
            "change; if it did not move, drop the file again.",
            metric=metrics.named("OutcomeUnclear"),
        ),
    ]


def _audience_alarms(metrics: FunctionMetrics) -> list[AlarmDefinition]:
    return [
        AlarmDefinition(
            id_="AudienceTooSmall",
            meaning="TikTok matched fewer than 1,000 people in a new audience, 48 hours after it "
            "was made. It cannot be used, and takes no more files.",
            first="delete the audience in Ads Manager, drop more identifiers for it, then redrive "
            "its dead letters; check how the identifiers were normalised before hashing.",
            metric=metrics.named("AudienceTooSmall"),
        ),
        AlarmDefinition(
            id_="AudienceExpiring",
            meaning="TikTok is about to delete an audience because no ad group uses it.",
            first="find is_expiring in the status page, then use the audience in an ad group or "
            "drop a file to it before the day it names.",
            # It is reported once a day for as long as it is true, and is one and the same trouble.
            metric=metrics.named("AudienceExpiring", period=cdk.Duration.hours(1)),
            intervals=25,
        ),
    ]


def sweep_alarms(metrics: FunctionMetrics, pace: Pace) -> list[AlarmDefinition]:
    """Return the alarms over what sweeps find, and over sweeps that do not reach their end."""
    return [
        AlarmDefinition(
            id_="DropsFoundBySweep",
            meaning="A sweep found files that no message had announced. They are delivered now; "
            "in the first minutes after a deploy, and after a purge, that is expected.",
            first="if it goes on, see whether the bucket still sends its events to EventBridge "
            "and whether the rule is enabled; a deploy puts both right.",
            metric=metrics.named("DropsFoundBySweep"),
            # Sweeps that find something each time are one and the same trouble.
            intervals=intervals_over(pace.between_sweeps.to_seconds()),
        ),
        AlarmDefinition(
            id_="SweepUnfinished",
            meaning="Sweeps fail or do not come to their end within an invocation, twice out of "
            "three: files without a message and outcomes at TikTok are seen late.",
            first="search the log group for 'sweep'; if the bucket holds very many objects, "
            "shorten data_retention_days or sweep_minutes.",
            metric=metrics.named("SweepUnfinished", period=pace.between_sweeps),
            hits=2,
            intervals=3,
        ),
    ]
