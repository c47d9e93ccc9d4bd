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

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "Config":
        """The configuration in `environ`; raises ConfigError naming the variable that is wrong."""
        return cls(
            bucket_name=_text(environ, "BUCKET_NAME"),
            queue_url=_text(environ, "QUEUE_URL"),
            dead_letter_queue_url=_text(environ, "DEAD_LETTER_QUEUE_URL"),
            secret_name=_text(environ, "SECRET_NAME"),
            tiktok_api_url=_text(environ, "TIKTOK_API_URL").rstrip("/"),
            retry_base_delay_seconds=_number(environ, "RETRY_BASE_DELAY_SECONDS"),
            function_timeout_seconds=_number(environ, "FUNCTION_TIMEOUT_SECONDS"),
            max_concurrency=int(_number(environ, "MAX_CONCURRENCY")),
        )

    @property
    def lease_seconds(self) -> float:
        """A lease outlives every holder: the function's timeout and a minute for clocks."""
        return self.function_timeout_seconds + 60


def _text(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "").strip()
    if not value:
        raise ConfigError(f"The environment variable {name} is missing; deploy the stack again.")
    return value


def _number(environ: Mapping[str, str], name: str) -> float:
    text = _text(environ, name)
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 < value < float("inf"):
        raise ConfigError(
            f"The environment variable {name} must be a number above 0, not {text!r}."
        )
    return value
