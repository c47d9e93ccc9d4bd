"""The settings: what is taken, what is refused, and that the refusal says what to put where."""

from typing import Any

import pytest

from stacks.settings import Settings, SettingsError

BUCKET = "example-corp-tiktok-audiences"


class FakeNode:
    """A construct node that knows a context and nothing else."""

    def __init__(self, **context: object) -> None:
        self._context = context

    def try_get_context(self, key: str) -> object:
        return self._context.get(key)

    def get_all_context(self) -> dict[str, object]:
        return self._context


def settings(**context: object) -> Settings:
    node: Any = FakeNode(**{"tiktok_data_bucket_name": BUCKET} | context)
    return Settings.from_context(node)


def refusal(**context: object) -> str:
    with pytest.raises(SettingsError) as refused:
        settings(**context)
    return str(refused.value)


def test_defaults_are_those_of_the_design() -> None:
    assert settings() == Settings(
        tiktok_data_bucket_name=BUCKET,
        tiktok_api_url="https://business-api.tiktok.com",
        deployment_name="",
        settle_seconds=60,
        sweep_minutes=60,
        retry_base_delay_seconds=30,
        data_retention_days=30,
        function_timeout_seconds=900,
        tiktok_calls_per_second=8,
        max_concurrency=5,
        replace_minimum_percent=50,
        parquet_support=False,
        function_architecture="arm64",
        reuse_existing_secret=False,
        alarm_email="",
    )


@pytest.mark.parametrize(
    ("key", "raw", "value"),
    [
        ("tiktok_data_bucket_name", "abc", "abc"),
        ("tiktok_data_bucket_name", "a" * 63, "a" * 63),
        ("tiktok_data_bucket_name", "my.bucket-1", "my.bucket-1"),
        ("tiktok_api_url", "http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("tiktok_api_url", "http://[::1]:8080", "http://[::1]:8080"),
        ("tiktok_api_url", "http://127.8.8.8", "http://127.8.8.8"),
        ("tiktok_api_url", "http://localhost:1", "http://localhost:1"),
        ("tiktok_api_url", "https://sandbox.example.com/", "https://sandbox.example.com"),
        ("settle_seconds", "0", 0),
        ("settle_seconds", 900, 900),
        ("deployment_name", "agency-2", "agency-2"),
        ("deployment_name", "a" * 20, "a" * 20),
        ("deployment_name", "", ""),
        ("sweep_minutes", "0", 0),
        ("sweep_minutes", 5, 5),
        ("sweep_minutes", "1440", 1440),
        ("tiktok_calls_per_second", "8", 8.0),
        ("tiktok_calls_per_second", 0.5, 0.5),
        ("max_concurrency", "2", 2),
        ("max_concurrency", 1000, 1000),
        ("replace_minimum_percent", "0", 0),
        ("replace_minimum_percent", 100, 100),
        ("parquet_support", "true", True),
        ("parquet_support", False, False),
        ("function_architecture", "x86_64", "x86_64"),
        ("function_architecture", "ARM64", "arm64"),
        ("settle_seconds", 5.0, 5),
        ("retry_base_delay_seconds", "0.01", 0.01),
        ("retry_base_delay_seconds", 120, 120),
        ("retry_base_delay_seconds", "0.25", 0.25),
        ("data_retention_days", "0", 0),
        ("data_retention_days", 3650, 3650),
        ("function_timeout_seconds", "10", 10),
        ("function_timeout_seconds", 900, 900),
        ("reuse_existing_secret", True, True),
        ("reuse_existing_secret", "true", True),
        ("reuse_existing_secret", "True", True),
        ("reuse_existing_secret", "false", False),
        ("alarm_email", "a.b+c@example.co.uk", "a.b+c@example.co.uk"),
        ("alarm_email", "", ""),
        ("settle_seconds", "", 60),
        ("settle_seconds", None, 60),
    ],
)
def test_a_value_in_range_is_taken_as_its_type(key: str, raw: object, value: object) -> None:
    taken = getattr(settings(**{key: raw}), key)

    assert taken == value
    assert type(taken) is type(getattr(settings(), key))


@pytest.mark.parametrize(
    ("key", "raw", "says"),
    [
        *[
            ("tiktok_data_bucket_name", name, "must be a bucket name that S3 allows")
            for name in [
                "ab", "a" * 64, "My-Bucket", "under_score", "-a-b", "a-b-", ".abc", "a..b",
                "192.168.5.4", "xn--abc", "sthree-abc", "amzn-s3-demo-abc", "abc-s3alias",
                "abc--ol-s3", "abc.mrap", "abc--x-s3", "abc--table-s3", "a b c", "aé-bucket",
                "abc\n", "s3://abc", 7, ["abc"],
            ]
        ],
        *[
            ("tiktok_api_url", url, "must be http:// or https:// and a host")
            for url in [
                "business-api.tiktok.com", "ftp://host", "https://", "https://host/open_api",
                "https://host?x=1", "https://host#x", "https://user:pw@host", "https://host:port",
                "https://host:99999", "https://ho st", "https://host\n", "http://[::1", 7,
            ]
        ],
        *[
            ("tiktok_api_url", url, "must be https://, since the access token travels")
            for url in [
                "http://business-api.tiktok.com", "http://10.0.0.1", "http://[2001:db8::1]",
                "http://127.0.0.1.example.com", "http://localhost.example.com",
            ]
        ],
        *[
            ("deployment_name", v, "must be 1 to 20 lower-case letters, digits and hyphens")
            for v in ("A", "a_b", "a" * 21, "a b", "a\n", 7, ["a"])
        ],
        *[
            ("sweep_minutes", v, "must be 0 or a whole number from 5 to 1440 (0 = no sweep)")
            for v in (1, 4, 1441, -1, "x", 5.5, True)
        ],
        *[
            ("tiktok_calls_per_second", v, "must be a number from 0.1 to 1000")
            for v in (0, "-1", 1001, "nan", "fast")
        ],
        *[
            ("max_concurrency", v, "from 2 to 1000 (2 is the least that SQS allows)")
            for v in (1, 0, 1001, "2.5")
        ],
        *[
            ("replace_minimum_percent", v, "must be a whole number from 0 to 100")
            for v in (-1, 101, "50%")
        ],
        *[("parquet_support", v, "must be true or false") for v in ("yes", 1)],
        *[
            ("function_architecture", v, "must be arm64 or x86_64")
            for v in ("arm", "x86", "amd64", 64)
        ],
        *[("settle_seconds", v, "a whole number from 0 to 900") for v in (-1, 901, "x", 0.5, True)],
        *[
            ("retry_base_delay_seconds", v, "a number from 0.01 to 120, because")
            for v in (0, "0.009", 120.5, "nan", "inf", "1,5", False)
        ],
        *[("data_retention_days", v, "a whole number from 0 to 3650") for v in (-1, 3651, "1.5")],
        *[("function_timeout_seconds", v, "a whole number from 10 to 900") for v in (9, 901, "x")],
        *[("reuse_existing_secret", v, "must be true or false") for v in ("yes", 1, 0, "ja")],
        *[
            ("alarm_email", v, "must be one e-mail address")
            for v in ("nobody", "a@b", "a@b.c,d@e.f", "a b@c.de", "<a@b.de>", 7)
        ],
    ],
)  # fmt: skip
def test_a_value_out_of_range_is_refused_with_what_to_put_where(
    key: str, raw: object, says: str
) -> None:
    message = refusal(**{key: raw})

    assert message.startswith(f"{key} must be ")
    assert says in message
    assert f"not {raw!r}: change it in cdk.context.json or deploy with -c {key}=" in message
    assert "\n" not in message


@pytest.mark.parametrize("raw", [None, ""], ids=["missing", "as cloned"])
def test_a_missing_bucket_name_is_refused_with_what_to_put_where(raw: object) -> None:
    message = refusal(tiktok_data_bucket_name=raw)

    assert message == (
        "tiktok_data_bucket_name is missing: put the name of the data bucket to create into "
        'cdk.context.json, as in "tiktok_data_bucket_name": "example-corp-tiktok-audiences", '
        "or deploy with -c tiktok_data_bucket_name=example-corp-tiktok-audiences"
    )


def test_the_longest_base_delay_is_what_sqs_can_wait() -> None:
    message = refusal(retry_base_delay_seconds="121")

    assert "the longest wait is 360 times as long and SQS ends all waits at 12 hours" in message


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("tiktok_bucket_name", "tiktok_data_bucket_name"),
        ("settle_second", "settle_seconds"),
        ("function_timeout", "function_timeout_seconds"),
        ("reuse-existing-secret", "reuse_existing_secret"),
        ("deployment", "deployment_name"),
        ("parquet-support", "parquet_support"),
        ("sweep_minute", "sweep_minutes"),
    ],
)
def test_a_misspelt_key_is_refused_with_the_right_one(key: str, meant: str) -> None:
    message = refusal(**{key: "1"})

    assert message == f"{key} is not a setting: write {meant} in cdk.context.json or after -c"


def test_keys_of_others_are_left_alone() -> None:
    foreign = {"@aws-cdk/core:checkSecretUsage": True, "aws:cdk:bundling-stacks": [], "team": "x"}

    assert settings(**foreign) == settings()
