"""Where a deploy goes: into an account, or into an emulator on this machine."""

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit


def goes_to_this_machine(environ: Mapping[str, str]) -> bool:
    """Return whether the AWS that is deployed to is an emulator on this machine's loopback."""
    host = urlsplit(environ.get("AWS_ENDPOINT_URL", "")).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
