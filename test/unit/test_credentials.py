"""The secret: cached, re-read, unset, malformed, unreadable, failing."""

import json

import pytest
from audience_uploader.adapters.secrets import (
    CACHE_SECONDS,
    Credentials,
    CredentialsMissing,
    CredentialStore,
)
from audience_uploader.domain.outcomes import Unavailable
from botocore.exceptions import EndpointConnectionError
from support.fake_s3 import client_error
from support.fake_secrets import FakeSecrets

PLACEHOLDERS = {
    "ACCESS_TOKEN": "replace-with-your-tiktok-access-token",
    "ADVERTISER_ID": "replace-with-your-tiktok-advertiser-id",
}


@pytest.fixture
def secrets() -> FakeSecrets:
    return FakeSecrets(ACCESS_TOKEN="token", ADVERTISER_ID="7000")


@pytest.fixture
def times() -> list[float]:
    """Give what the store's clock tells: the last of it."""
    return [1_800_000_000.0]


@pytest.fixture
def store(secrets: FakeSecrets, times: list[float]) -> CredentialStore:
    return CredentialStore(secrets, "name", clock=lambda: times[-1])  # type: ignore[arg-type]


def test_secret_is_read_once_in_five_minutes(
    store: CredentialStore, secrets: FakeSecrets, times: list[float]
) -> None:
    assert store.get() == store.get() == Credentials("token", "7000")
    assert secrets.reads == 1
    assert CACHE_SECONDS <= 300

    secrets.put(ACCESS_TOKEN="new", ADVERTISER_ID="7000")
    times.append(times[0] + 299)
    assert store.get().access_token == "token"
    times.append(times[0] + 301)
    assert store.get().access_token == "new"


def test_fresh_credentials_are_read_past_the_cache_and_kept_in_it(
    store: CredentialStore, secrets: FakeSecrets
) -> None:
    store.get()
    secrets.put(ACCESS_TOKEN="new", ADVERTISER_ID="7000")

    assert store.get(fresh=True).access_token == "new"
    assert store.get().access_token == "new"
    assert secrets.reads == 2


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(PLACEHOLDERS),
        json.dumps({**PLACEHOLDERS, "ACCESS_TOKEN": "token"}),
        json.dumps({**PLACEHOLDERS, "ADVERTISER_ID": "7000"}),
        json.dumps({"ACCESS_TOKEN": "token"}),
        json.dumps({"ACCESS_TOKEN": "", "ADVERTISER_ID": "7000"}),
        json.dumps({"ACCESS_TOKEN": " ", "ADVERTISER_ID": "7000"}),
        json.dumps({"ACCESS_TOKEN": "a\nb", "ADVERTISER_ID": "7000"}),
        json.dumps({"ACCESS_TOKEN": "tökén", "ADVERTISER_ID": "7000"}),
        json.dumps({"ACCESS_TOKEN": "token", "ADVERTISER_ID": "7000/../x"}),
        json.dumps({"ACCESS_TOKEN": "token", "ADVERTISER_ID": None}),
        json.dumps(["token"]), json.dumps("token"), "null", "token", "", "{",
    ],
)  # fmt: skip
def test_secret_that_a_person_must_set_is_missing_and_counts_once_it_is_set(
    store: CredentialStore, secrets: FakeSecrets, text: str
) -> None:
    secrets.text = text
    with pytest.raises(CredentialsMissing) as missing:
        store.get()
    assert "token" not in str(missing.value).replace("no token", "")

    secrets.put(ACCESS_TOKEN=" token\n", ADVERTISER_ID="7000")
    assert store.get() == Credentials("token", "7000")


def test_advertiser_id_as_a_json_number_is_taken(
    store: CredentialStore, secrets: FakeSecrets
) -> None:
    secrets.text = '{"ACCESS_TOKEN": "token", "ADVERTISER_ID": 7000000000000000001}'

    assert store.get().advertiser_id == "7000000000000000001"


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (client_error("ResourceNotFoundException"), CredentialsMissing),
        (client_error("AccessDeniedException"), CredentialsMissing),
        (client_error("DecryptionFailure"), CredentialsMissing),
        (client_error("InvalidRequestException"), CredentialsMissing),
        (client_error("InternalServiceError", 500), Unavailable),
        (client_error("ThrottlingException"), Unavailable),
        (EndpointConnectionError(endpoint_url="https://x"), Unavailable),
    ],
    ids=lambda value: getattr(value, "response", {}).get("Error", {}).get("Code"),
)
def test_unreadable_secret_is_told_from_a_failing_service(
    store: CredentialStore, secrets: FakeSecrets, error: Exception, kind: type[Exception]
) -> None:
    secrets.error = error

    with pytest.raises(kind):
        store.get()


def test_token_is_in_no_repr() -> None:
    credentials = Credentials("the-token", "7000")

    assert "the-token" not in f"{credentials!r} {credentials}"
