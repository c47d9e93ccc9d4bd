"""What exists in the account, to compare before a deploy with after a destroy."""

from collections.abc import Iterator

from local.emulator.clients import Clients

# Kind of thing -> service, operation, key of the list in its answer, key of the name.
_LISTINGS = {
    "bucket": ("s3", "list_buckets", "Buckets", "Name"),
    "queue": ("sqs", "list_queues", "QueueUrls", ""),
    "rule": ("events", "list_rules", "Rules", "Name"),
    "function": ("lambda", "list_functions", "Functions", "FunctionName"),
    "layer": ("lambda", "list_layers", "Layers", "LayerName"),
    "event source": ("lambda", "list_event_source_mappings", "EventSourceMappings", "UUID"),
    "role": ("iam", "list_roles", "Roles", "RoleName"),
    "secret": ("secretsmanager", "list_secrets", "SecretList", "Name"),
    "log group": ("logs", "describe_log_groups", "logGroups", "logGroupName"),
    "alarm": ("cloudwatch", "describe_alarms", "MetricAlarms", "AlarmName"),
    "dashboard": ("cloudwatch", "list_dashboards", "DashboardEntries", "DashboardName"),
    "topic": ("sns", "list_topics", "Topics", "TopicArn"),
}
Thing = tuple[str, str]


def inventory(clients: Clients) -> frozenset[Thing]:
    """Give (kind, name) of everything in the account that this template could have made."""
    named = (
        (kind, entry[name] if name else entry)
        for kind, (service, operation, entries, name) in _LISTINGS.items()
        for entry in getattr(clients.of(service), operation)().get(entries, [])
    )
    return frozenset([*named, *_usable_keys(clients)])


def _usable_keys(clients: Clients) -> Iterator[Thing]:
    kms = clients.of("kms")
    for entry in kms.list_keys()["Keys"]:
        key = kms.describe_key(KeyId=entry["KeyId"])["KeyMetadata"]
        # A deleted key lives on for a while, unusable; AWS's own keys belong to no stack.
        if key["KeyState"] != "PendingDeletion" and key["KeyManager"] == "CUSTOMER":
            yield "key", entry["KeyId"]
