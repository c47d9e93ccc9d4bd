"""The function's environment as one frozen value, checked at the first invocation."""

from collections.abc import Mapping
from dataclasses import dataclass


class ConfigError(Exception):
    """The function's environment lacks a variable or holds a value that is none."""


@dataclass(frozen=True, slots=True)
class Config:
    """All that the deployment decides; delays and timeouts in seconds."""

    bucket_name: str
    queue_url: str
    dead_letter_queue_url: str
    secret_name: str
    tiktok_api_url: str
    retry_base_delay_seconds: float
    function_timeout_seconds: float
    max_concurrency: int
    tiktok_calls_per_second: float = 8
    settle_seconds: float = 60
    replace_minimum_percent: float = 50
    parquet_support: bool = False

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Config":
        """Return the configuration in `environ`; raises ConfigError naming a wrong variable."""
        return cls(
            bucket_name=_text(environ, "BUCKET_NAME"),
            queue_url=_text(environ, "QUEUE_URL"),
            dead_letter_queue_url=_text(environ, "DEAD_LETTER_QUEUE_URL"),
            secret_name=_text(environ, "SECRET_NAME"),
            tiktok_api_url=_text(environ, "TIKTOK_API_URL").rstrip("/"),
            retry_base_delay_seconds=_number(environ, "RETRY_BASE_DELAY_SECONDS"),
            function_timeout_seconds=_number(environ, "FUNCTION_TIMEOUT_SECONDS"),
            max_concurrency=int(_number(environ, "MAX_CONCURRENCY")),
            tiktok_calls_per_second=_number(environ, "TIKTOK_CALLS_PER_SECOND", default="8"),
            settle_seconds=_number(environ, "SETTLE_SECONDS", default="60", least=0),
            replace_minimum_percent=_number(
                environ, "REPLACE_MINIMUM_PERCENT", default="50", least=0
            ),
            parquet_support=environ.get("PARQUET_SUPPORT", "").strip().lower() == "true",
        )

    @property
    def lease_seconds(self) -> float:
        """The seconds of a lease: the function's timeout, and a minute since clocks differ."""
        return self.function_timeout_seconds + 60


def _text(environ: Mapping[str, str], name: str, *, default: str = "") -> str:
    value = environ.get(name, default).strip()
    if not value:
        raise ConfigError(f"The environment variable {name} is missing; deploy the stack again.")
    return value


def _number(
    environ: Mapping[str, str], name: str, *, default: str = "", least: float | None = None
) -> float:
    """Return a number above 0, or from `least` on."""
    text = _text(environ, name, default=default)
    try:
        value = float(text)
    except ValueError:
        value = -1
    fits = value > 0 if least is None else value >= least
    if not (fits and value < float("inf")):
        bound = "above 0" if least is None else f"of {least:g} or more"
        raise ConfigError(
            f"The environment variable {name} must be a number {bound}, not {text!r}."
        )
    return value
