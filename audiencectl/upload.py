"""From a local file to a drop: its key, and the upload in parts with progress."""

from collections.abc import Callable
from pathlib import Path

from boto3.s3.transfer import TransferConfig

from audiencectl.deployment import Deployment
from audiencectl.errors import WrongUse

_PART_BYTES = 16 << 20
_CONFIG = TransferConfig(
    multipart_threshold=_PART_BYTES, multipart_chunksize=_PART_BYTES, max_concurrency=4
)
APPEND, REPLACE = "append", "replace"


def drop_key(file: Path, audience: str, id_format: str, action: str, set_name: str | None) -> str:
    """Return the key to drop a file at; raises WrongUse where action and set don't go together."""
    if action == REPLACE and not set_name:
        raise WrongUse(
            "--action replace needs --set NAME: the files of a set together are the whole "
            "audience, such as --set 2026-11-25."
        )
    if set_name and action != REPLACE:
        raise WrongUse("--set goes with --action replace only.")
    folders = [] if action == APPEND else [action] if not set_name else [action, set_name]
    return "/".join(["tiktok", audience, id_format, *folders, file.name])


def upload(deployment: Deployment, file: Path, key: str, advance: Callable[[int], None]) -> None:
    """Upload a file, in parts where it is large; it is there whole or not at all."""
    deployment.client("s3").upload_file(
        str(file), deployment.bucket, key, Config=_CONFIG, Callback=advance
    )
