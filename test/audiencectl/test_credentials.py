"""`audiencectl credentials`: verified before they are stored, and shown nowhere."""

import json
from typing import Any

import pytest
from support.deployment_in_moto import Run, World

from local.tiktok_simulator import Simulator

WRONG = "s3cr3t-token-that-is-wrong"


def stored(world: World) -> dict[str, Any]:
    text = world.secrets.get_secret_value(SecretId=world.secret)["SecretString"]
    data: dict[str, Any] = json.loads(text)
    return data


def test_credentials_set_stores_what_tiktok_takes(
    run: Run, world: World, tiktok: Simulator
) -> None:
    result = run("credentials", "set", stdin=f"{tiktok.token}\n{tiktok.advertiser_id}\n")

    assert result.exit_code == 0, result.output
    assert stored(world) == {"ACCESS_TOKEN": tiktok.token, "ADVERTISER_ID": tiktok.advertiser_id}
    assert tiktok.token not in result.output


@pytest.mark.parametrize(
    ("token", "advertiser", "words"),
    [(WRONG, None, "wrong or was revoked"), (None, "999", "advertiser"), (None, "x1", "digits")],
)
def test_credentials_set_stores_nothing_that_tiktok_refuses(
    run: Run, world: World, tiktok: Simulator, token: str, advertiser: str, words: str
) -> None:
    lines = f"{token or tiktok.token}\n{advertiser or tiktok.advertiser_id}\n"

    result = run("credentials", "set", stdin=lines)

    assert result.exit_code == 1, result.output
    assert words in result.output
    assert (token or tiktok.token) not in result.output
    assert stored(world) == {"ACCESS_TOKEN": "replace-with-x"}


def test_credentials_set_without_two_lines_is_wrong_use(run: Run, world: World) -> None:
    assert run("credentials", "set", stdin="one\n").exit_code == 2


def test_credentials_check_says_good(run: Run, world: World, tiktok: Simulator) -> None:
    value = {"ACCESS_TOKEN": tiktok.token, "ADVERTISER_ID": tiktok.advertiser_id}
    world.secrets.put_secret_value(SecretId=world.secret, SecretString=json.dumps(value))

    result = run("credentials", "check", "--json")

    assert result.exit_code == 0
    assert json.loads(result.stdout) == {
        "ok": True,
        "advertiser_id": tiktok.advertiser_id,
        "audiences": 0,
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"ACCESS_TOKEN": "replace-with-token", "ADVERTISER_ID": "1"}', "placeholder"),
        ("not json", "credentials set"),
        (json.dumps({"ACCESS_TOKEN": WRONG, "ADVERTISER_ID": "1"}), "wrong or was revoked"),
    ],
)
def test_credentials_check_of_a_bad_secret_is_exit_1(
    run: Run, world: World, text: str, words: str
) -> None:
    world.secrets.put_secret_value(SecretId=world.secret, SecretString=text)

    result = run("credentials", "check")

    assert result.exit_code == 1
    assert words in result.output
    assert WRONG not in result.output


def test_credentials_check_when_tiktok_fails_says_try_again(
    run: Run, world: World, tiktok: Simulator
) -> None:
    value = {"ACCESS_TOKEN": tiktok.token, "ADVERTISER_ID": tiktok.advertiser_id}
    world.secrets.put_secret_value(SecretId=world.secret, SecretString=json.dumps(value))
    tiktok.faults.add({"kind": "http", "value": 502, "times": 1})

    result = run("credentials", "check")

    assert (result.exit_code, "again" in result.output) == (1, True)
