"""Rate limits, refused tokens, and a secret that is not right yet."""

import json

import pytest
from support.fake_s3 import client_error
from support.world import World, hashes

KEY = "tiktok/foodies/email_sha256/a.csv"
SLOW_WAITS = [300, 600, 1200, 2400, 3600, 3600]
PLACEHOLDERS = {
    "ACCESS_TOKEN": "replace-with-your-tiktok-access-token",
    "ADVERTISER_ID": "replace-with-your-tiktok-advertiser-id",
}


@pytest.mark.parametrize("code", [40100, 40016, 40133])
@pytest.mark.parametrize("endpoint", ["list", "upload", "create"])
def test_rate_limit_is_tried_three_times_then_waited_out_long(
    w: World, code: int, endpoint: str
) -> None:
    w.sim.faults.add({"kind": "code", "value": code, "endpoint": endpoint})
    message = w.drop(KEY, hashes(0, 5))

    waits = [w.come(message) for _ in range(6)]

    assert waits == SLOW_WAITS
    assert w.called(endpoint) == [endpoint] * 18
    w.sim.faults.clear()
    w.run()
    assert w.ids("foodies") == [set(hashes(0, 5))]
    assert w.called("create")[-1:] == ["create"]


CREDENTIAL_CODES = [40001, 40101, 40102, 40104, 40105, 40110, 40113, 40118, 40300, 41000]


@pytest.mark.parametrize("code", CREDENTIAL_CODES)
@pytest.mark.parametrize("endpoint", ["list", "create"])
def test_refused_credentials_are_not_tried_again_but_the_secret_is_read_anew(
    w: World, code: int, endpoint: str
) -> None:
    w.sim.faults.add({"kind": "code", "value": code, "endpoint": endpoint})
    message = w.drop(KEY, hashes(0, 5))

    waits = [w.come(message) for _ in range(6)]

    assert waits == SLOW_WAITS
    assert w.called(endpoint) == [endpoint] * 6
    assert w.secrets.reads == 7
    assert w.record("foodies")["wait"]["kind"] == "credentials"
    assert not w.sqs.dead


@pytest.mark.parametrize("warm", [True, False], ids=["warm", "cold"])
def test_wrong_token_hammers_nothing_and_all_flows_once_it_is_corrected(
    w: World, warm: bool
) -> None:
    w.secrets.put(ACCESS_TOKEN="wrong", ADVERTISER_ID=w.sim.advertiser_id)
    keys = [f"tiktok/audience-{n}/email_sha256/a.csv" for n in range(3)]
    messages = [w.drop(key, hashes(n, 5)) for n, key in enumerate(keys)]
    for message in messages:
        assert w.come(message) == 300
    assert len(w.called()) == 3

    w.secrets.put(ACCESS_TOKEN=w.sim.token, ADVERTISER_ID=w.sim.advertiser_id)
    if not warm:
        w.app = w.new_app()
    w.run(hours=0.2)

    assert all(w.receipt(key) for key in keys)
    assert not w.sqs.messages
    assert not w.sqs.dead


def test_token_corrected_before_the_try_is_used_within_it_although_the_cache_has_the_old_one(
    w: World,
) -> None:
    w.receive(w.drop("tiktok/other/email_sha256/a.csv", hashes(0, 5)))
    w.sim.set_options(token="rotated")
    w.secrets.put(ACCESS_TOKEN="rotated", ADVERTISER_ID=w.sim.advertiser_id)

    assert w.receive(w.drop(KEY, hashes(0, 5)))

    assert w.secrets.reads == 2
    assert w.ids("foodies") == [set(hashes(0, 5))]


def test_advertiser_corrected_before_the_try_is_used_within_it(w: World) -> None:
    w.secrets.put(ACCESS_TOKEN=w.sim.token, ADVERTISER_ID="7111")
    assert w.come(w.drop(KEY, hashes(0, 5))) == 300
    w.secrets.put(ACCESS_TOKEN=w.sim.token, ADVERTISER_ID=w.sim.advertiser_id)

    assert w.receive(w.drop("tiktok/other/email_sha256/b.csv", hashes(0, 5)))

    w.run(hours=0.2)
    assert w.receipt(KEY)


UNSET = {
    "placeholders": json.dumps(PLACEHOLDERS),
    "no advertiser yet": json.dumps({**PLACEHOLDERS, "ACCESS_TOKEN": "t"}),
    "no JSON": "t",
    "no key": "{}",
}


@pytest.mark.parametrize("warm", [True, False], ids=["warm", "cold"])
@pytest.mark.parametrize("text", UNSET.values(), ids=UNSET)
def test_secret_that_is_not_set_yet_waits_without_a_call_and_flows_once_it_is(
    w: World, text: str, warm: bool
) -> None:
    w.secrets.text = text
    message = w.drop(KEY, hashes(0, 5))

    waits = [w.come(message) for _ in range(6)]

    assert waits == SLOW_WAITS
    assert not w.called()
    w.secrets.put(ACCESS_TOKEN=w.sim.token, ADVERTISER_ID=w.sim.advertiser_id)
    if not warm:
        w.app = w.new_app()
    w.run(hours=2)
    assert w.receipt(KEY)
    assert not w.sqs.dead


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "AccessDeniedException"])
def test_unreadable_secret_waits_like_a_wrong_one(w: World, code: str) -> None:
    w.secrets.error = client_error(code)
    message = w.drop(KEY, hashes(0, 5))

    assert [w.come(message) for _ in range(3)] == SLOW_WAITS[:3]

    w.secrets.error = None
    w.run(hours=2)
    assert w.receipt(KEY)


def test_bad_file_is_told_of_at_once_even_while_the_secret_is_not_set(w: World) -> None:
    w.secrets.put(**PLACEHOLDERS)

    assert w.receive(w.drop(KEY, b"jane@example.com\n"))

    assert w.reasons() == ["no_valid_rows"]
