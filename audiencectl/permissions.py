"""Which IAM permission an AWS call needs, and on what, for the person who lacks it."""

_BUCKET, _OBJECTS = "the data bucket", "the data bucket's objects"
_QUEUE, _DEAD = "the queue or its dead-letter queue", "the dead-letter queue"
_SECRET = "the secret with TikTok's credentials"  # noqa: S105 - names it, holds nothing

_NEEDED = {
    "DescribeStacks": ("cloudformation:DescribeStacks", "the CloudFormation stack"),
    "ListObjectsV2": ("s3:ListBucket", _BUCKET),
    "GetObject": ("s3:GetObject", _OBJECTS),
    "HeadObject": ("s3:GetObject", _OBJECTS),
    "PutObject": ("s3:PutObject", _OBJECTS),
    "CreateMultipartUpload": ("s3:PutObject", _OBJECTS),
    "UploadPart": ("s3:PutObject", _OBJECTS),
    "CompleteMultipartUpload": ("s3:PutObject", _OBJECTS),
    "GetQueueAttributes": ("sqs:GetQueueAttributes", _QUEUE),
    "ReceiveMessage": ("sqs:ReceiveMessage", _DEAD),
    "ChangeMessageVisibility": ("sqs:ChangeMessageVisibility", _DEAD),
    "ChangeMessageVisibilityBatch": ("sqs:ChangeMessageVisibility", _DEAD),
    "DeleteMessage": ("sqs:DeleteMessage", _DEAD),
    "SendMessage": ("sqs:SendMessage", "the queue"),
    "StartMessageMoveTask": ("sqs:StartMessageMoveTask", _DEAD),
    "ListMessageMoveTasks": ("sqs:ListMessageMoveTasks", _DEAD),
    "GetSecretValue": ("secretsmanager:GetSecretValue", _SECRET),
    "PutSecretValue": ("secretsmanager:PutSecretValue", _SECRET),
    "GetFunctionConfiguration": ("lambda:GetFunctionConfiguration", "the function"),
}


def permission_of(operation: str) -> tuple[str, str]:
    """Return the IAM action that an AWS operation needs, and the kind of resource it is on."""
    return _NEEDED.get(operation, (operation, "what it works on"))
