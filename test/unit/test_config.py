"""The function's environment, checked."""

import pytest
from audience_uploader.config import Config, ConfigError

GOOD = {
    "BUCKET_NAME": "b",
    "QUEUE_URL": "https://q",
    "DEAD_LETTER_QUEUE_URL": "https://d",
    "SECRET_NAME": "tiktok_activation_credentials",
    "TIKTOK_API_URL": "https://business-api.tiktok.com/",
    "RETRY_BASE_DELAY_SECONDS": "0.5",
    "FUNCTION_TIMEOUT_SECONDS": "900",
    "MAX_CONCURRENCY": "5",
}


def test_environment_gives_typed_values_and_a_lease_that_outlives_the_function() -> None:
    config = Config.from_env({**GOOD, "OTHER": "x"})

    assert config.retry_base_delay_seconds == 0.5
    assert config.max_concurrency == 5
    assert config.tiktok_api_url == "https://business-api.tiktok.com"
    assert config.lease_seconds == 960


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("value", [None, "", "  "])
def test_missing_variable_is_named(name: str, value: str | None) -> None:
    environ = {k: v for k, v in {**GOOD, name: value}.items() if v is not None}

    with pytest.raises(ConfigError, match=name):
        Config.from_env(environ)


@pytest.mark.parametrize(
    "name", ["RETRY_BASE_DELAY_SECONDS", "FUNCTION_TIMEOUT_SECONDS", "MAX_CONCURRENCY"]
)
@pytest.mark.parametrize("value", ["soon", "0", "-1", "nan", "inf", "1,5", "0x10"])
def test_number_that_is_none_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        Config.from_env({**GOOD, name: value})
