"""What a context value may be: readers that return the typed value or say what to put instead.

A value comes from JSON (any type) or from `-c key=value` (always a string). A reader takes the raw
value and raises ValueError with the middle of a sentence: what its key must be.
"""

import ipaddress
import math
import re
from collections.abc import Callable, Collection
from urllib.parse import SplitResult, urlsplit

from stacks.bucket_names import is_bucket_name

Reader = Callable[[object], object]

_BUCKET_RULE = (
    "must be a bucket name that S3 allows (3 to 63 lower-case letters, digits, hyphens and dots, "
    "a letter or digit at both ends), such as example-corp-tiktok-audiences"
)
_URL_RULE = (
    "must be http:// or https:// and a host, with a port if need be and no path, "
    "such as https://business-api.tiktok.com"
)
_PLAIN_HTTP_RULE = (
    "must be https://, since the access token travels with every call (plain http:// is for a "
    "simulator on this machine: localhost, 127.0.0.1 or [::1])"
)
_HOST_SHAPE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
_DEPLOYMENT_SHAPE = re.compile(r"[a-z0-9-]{1,20}")
_EMAIL_SHAPE = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")


def bucket_name(raw: object) -> str:
    """Return a name that S3's naming rules allow; ValueError otherwise."""
    if not isinstance(raw, str) or not is_bucket_name(raw):
        raise ValueError(_BUCKET_RULE)
    return raw


def api_url(raw: object) -> str:
    """Return scheme, host and port with no trailing slash; plain http for loopback alone."""
    if not isinstance(raw, str):
        raise ValueError(_URL_RULE)
    try:
        parts = urlsplit(raw)
        bare = _is_bare_host(parts)
    except ValueError as error:
        raise ValueError(_URL_RULE) from error
    if not bare or not raw.isprintable():
        raise ValueError(_URL_RULE)
    if parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        raise ValueError(_PLAIN_HTTP_RULE)
    return f"{parts.scheme}://{parts.netloc}"


def deployment_name(raw: object) -> str:
    """Return the name of a deployment, which ends the names of its stack and its secret."""
    if not isinstance(raw, str) or not _DEPLOYMENT_SHAPE.fullmatch(raw):
        raise ValueError("must be 1 to 20 lower-case letters, digits and hyphens, such as staging")
    return raw


def email(raw: object) -> str:
    """Return one e-mail address; ValueError otherwise."""
    if not isinstance(raw, str) or not _EMAIL_SHAPE.fullmatch(raw):
        raise ValueError("must be one e-mail address, such as audiences-team@example.com")
    return raw


def flag(raw: object) -> bool:
    """Return a truth value from true, false or their spelling as text; ValueError otherwise."""
    spelled = {"true": True, "false": False}
    if isinstance(raw, bool):
        return raw
    if not isinstance(raw, str) or raw.strip().lower() not in spelled:
        raise ValueError("must be true or false")
    return spelled[raw.strip().lower()]


def one_of(*words: str) -> Reader:
    """Return a reader of one of these words, in lower case."""

    def read(raw: object) -> str:
        if not isinstance(raw, str) or raw.strip().lower() not in words:
            raise ValueError(f"must be {' or '.join(words)}")
        return raw.strip().lower()

    return read


def whole_number(low: int, high: int, *, also: Collection[int] = (), why: str = "") -> Reader:
    """Return a reader of integers from `low` to `high`, both allowed, and of those in `also`."""
    others = "".join(f"{value} or " for value in also)

    def read(raw: object) -> int:
        value = _number(raw)
        if value is None or value != int(value) or not (low <= value <= high or value in also):
            raise ValueError(f"must be {others}a whole number from {low} to {high}{why}")
        return int(value)

    return read


def number(low: float, high: float, *, why: str = "") -> Reader:
    """Return a reader of numbers from `low` to `high`, both allowed, fractions too."""

    def read(raw: object) -> float:
        value = _number(raw)
        if value is None or not low <= value <= high:
            raise ValueError(f"must be a number from {low:g} to {high:g}{why}")
        return value

    return read


def _number(raw: object) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return None
    try:
        value = float(raw)
    except (ValueError, OverflowError):
        return None
    return value if math.isfinite(value) else None


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_bare_host(parts: SplitResult) -> bool:
    """Tell a scheme with a host and at most a port; raise ValueError when the port is none."""
    host = parts.netloc if parts.port is None else parts.netloc.rpartition(":")[0]
    only_host = parts.path in ("", "/") and not parts.query and not parts.fragment
    return parts.scheme in ("http", "https") and only_host and bool(_HOST_SHAPE.fullmatch(host))
