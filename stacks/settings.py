"""The settings of a deployment: the only place that reads the context, and the only defaults."""

from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Any

from constructs import Node

from stacks import context_validators as read
from stacks.context_validators import Reader

_CONTEXT_FILE = "cdk.context.json"
LEAST_CONCURRENCY = 2
_LEAST_CONCURRENCY = f" ({LEAST_CONCURRENCY} is the least that SQS allows)"
# The longest delay is 360 x the base, and SQS hides a message for 12 hours at most.
_BASE_LIMIT = ", because the longest wait is 360 times as long and SQS ends all waits at 12 hours"


class SettingsError(ValueError):
    """A setting is missing, misspelt or out of range; the text says what to put where."""


def _setting(default: object, reader: Reader, example: str) -> Any:
    return field(default=default, metadata={"reader": reader, "example": example})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One deployment's settings; every name is the context key. The README explains each."""

    tiktok_data_bucket_name: str = _setting("", read.bucket_name, "example-corp-tiktok-audiences")
    deployment_name: str = _setting("", read.deployment_name, "staging")
    tiktok_api_url: str = _setting(
        "https://business-api.tiktok.com", read.api_url, "https://business-api.tiktok.com"
    )
    settle_seconds: int = _setting(60, read.whole_number(0, 900), "60")
    sweep_minutes: int = _setting(
        60, read.whole_number(5, 1440, also=[0], why=" (0 = no sweep)"), "60"
    )
    retry_base_delay_seconds: float = _setting(30.0, read.number(0.01, 120, why=_BASE_LIMIT), "30")
    data_retention_days: int = _setting(
        30, read.whole_number(0, 3650, why=" (0 keeps everything)"), "30"
    )
    function_timeout_seconds: int = _setting(900, read.whole_number(10, 900), "900")
    tiktok_calls_per_second: float = _setting(8.0, read.number(0.1, 1000), "8")
    max_concurrency: int = _setting(
        5, read.whole_number(LEAST_CONCURRENCY, 1000, why=_LEAST_CONCURRENCY), "5"
    )
    replace_minimum_percent: int = _setting(
        50, read.whole_number(0, 100, why=" (0 = no shrink guard)"), "50"
    )
    parquet_support: bool = _setting(False, read.flag, "true")
    function_architecture: str = _setting("arm64", read.one_of("arm64", "x86_64"), "arm64")
    reuse_existing_secret: bool = _setting(False, read.flag, "true")
    alarm_email: str = _setting("", read.email, "audiences-team@example.com")

    @classmethod
    def from_context(cls, node: Node) -> "Settings":
        """Return the checked settings of this app; SettingsError says what to put right."""
        _refuse_misspelt_keys(node)
        given = {key: node.try_get_context(key) for key in _KEYS}
        if given["tiktok_data_bucket_name"] in (None, ""):
            raise SettingsError(_missing_bucket_name())
        present = {key: raw for key, raw in given.items() if raw not in (None, "")}
        return cls(**{key: _read(key, raw) for key, raw in present.items()})

    @property
    def functions_at_once(self) -> int:
        """How many functions may run at once: `max_concurrency`, but no more than calls a second.

        They know nothing of each other, so all may call in the same second: only then the rate is
        kept in each. Below two calls a second, SQS' least concurrency, they take turns.
        """
        in_a_second = max(LEAST_CONCURRENCY, int(self.tiktok_calls_per_second))
        return min(self.max_concurrency, in_a_second)

    def named(self, name: str, *, joint: str = "-") -> str:
        """Return `name` as it is for the first deployment, with the deployment's name for others.

        Only what needs a fixed name has one; all else is named by CloudFormation.
        """
        return f"{name}{joint}{self.deployment_name}" if self.deployment_name else name


_KEYS = {setting.name: setting.metadata for setting in fields(Settings)}


def _read(key: str, raw: object) -> Any:
    try:
        return _KEYS[key]["reader"](raw)
    except ValueError as error:
        where = f"change it in {_CONTEXT_FILE} or deploy with -c {key}={_KEYS[key]['example']}"
        raise SettingsError(f"{key} {error}, not {raw!r}: {where}") from error


def _missing_bucket_name() -> str:
    key, example = "tiktok_data_bucket_name", _KEYS["tiktok_data_bucket_name"]["example"]
    return (
        f"{key} is missing: put the name of the data bucket to create into {_CONTEXT_FILE}, "
        f'as in "{key}": "{example}", or deploy with -c {key}={example}'
    )


def _refuse_misspelt_keys(node: Node) -> None:
    """Refuse a misspelt key, which would be ignored without a word and its default used."""
    for key in node.get_all_context():
        meant = get_close_matches(key, _KEYS, n=1, cutoff=0.8)
        if meant and key not in _KEYS:
            raise SettingsError(
                f"{key} is not a setting: write {meant[0]} in {_CONTEXT_FILE} or after -c"
            )
