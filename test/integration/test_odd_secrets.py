"""Secrets as people write them: they work, or log and waiting note say what is wrong with them."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from aws_lambda_powertools import Logger
from support.world import World, hashes, world

KEY = "tiktok/foodies/email_sha256/a.csv"
TOKEN, ADVERTISER = "simulator-token", "7000000000000000001"


def secret(token: object = TOKEN, advertiser_id: object = ADVERTISER, **more: str) -> str:
    return json.dumps({"ACCESS_TOKEN": token, "ADVERTISER_ID": advertiser_id} | more)


USUAL = secret()
LACKS = "the secret lacks ACCESS_TOKEN or ADVERTISER_ID (a JSON object with both is needed)"

WORK = {
    "byte order mark": "\ufeff" + USUAL,
    "byte order mark and line end": f"\n\ufeff{USUAL}\r\n",
    "blanks around values": secret(f"  {TOKEN} ", f"{ADVERTISER}\t"),
    "line ends around values": secret(f"{TOKEN}\r\n", f"\n{ADVERTISER}"),
    "quotes around values": secret(f'"{TOKEN}"', f"'{ADVERTISER}'"),
    "blanks that do not break": secret(f"\u00a0{TOKEN}\u200b"),
    "advertiser as a number": secret(advertiser_id=int(ADVERTISER)),
    "more keys": secret(APP_ID="1"),
    "over several lines": json.dumps(json.loads(USUAL), indent=2),
}
SAID = {
    "empty": ("", "not JSON"),
    "blanks": (" \n", "not JSON"),
    "a Python dict": (str(json.loads(USUAL)), "need double quotes"),
    "the token alone": (TOKEN, "not JSON"),
    "cut off": (USUAL[:-2], "not JSON"),
    "a list": (json.dumps([TOKEN, ADVERTISER]), LACKS),
    "an object in a list": (f"[{USUAL}]", LACKS),
    "JSON in JSON": (json.dumps(USUAL), LACKS),
    "null": ("null", LACKS),
    "no token": (json.dumps({"ADVERTISER_ID": ADVERTISER}), LACKS),
    "no advertiser": (json.dumps({"ACCESS_TOKEN": TOKEN}), LACKS),
    "names in lower case": (USUAL.lower(), LACKS),
    "empty token": (secret(token=""), "ACCESS_TOKEN in the secret is empty"),
    "null as token": (secret(token=None), "ACCESS_TOKEN in the secret is empty"),
    "list as token": (secret(token=[TOKEN]), "ACCESS_TOKEN in the secret is no text"),
    "blank within token": (secret(token=f"Bearer {TOKEN}"), "ACCESS_TOKEN in the secret holds"),
    "blank advertiser": (secret(advertiser_id=" "), "ADVERTISER_ID in the secret is empty"),
    "fraction as advertiser": (secret(advertiser_id=7e18), "ADVERTISER_ID in the secret is no"),
    "two advertisers": (secret(advertiser_id=f"{ADVERTISER},7"), "is not a number"),
    "values swapped": (secret(ADVERTISER, TOKEN), "(are the two values swapped?)"),
    "token not put in yet": (secret(token="replace-with-your-tiktok-access-token"),
        "ACCESS_TOKEN in the secret still holds its placeholder"),
    "advertiser not put in yet": (secret(advertiser_id="replace-with-your-tiktok-advertiser-id"),
        "ADVERTISER_ID in the secret still holds its placeholder"),
}  # fmt: skip


@pytest.fixture
def log() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def w(tmp_path: Path, log: io.StringIO) -> Iterator[World]:
    """Make a stack whose log can be read."""
    with world(tmp_path, logger=Logger(service=str(tmp_path), stream=log)) as made:
        assert (made.sim.token, made.sim.advertiser_id) == (TOKEN, ADVERTISER)
        yield made


@pytest.mark.parametrize("text", WORK.values(), ids=WORK)
def test_secret_written_in_another_way_works(w: World, text: str) -> None:
    w.secrets.text = text

    assert w.receive(w.drop(KEY, hashes(0, 5)))

    assert w.ids("foodies") == [set(hashes(0, 5))]


@pytest.mark.parametrize("content", [USUAL.encode(), b"\xef\xbb\xbf" + USUAL.encode() + b"\r\n"])
def test_secret_made_from_a_file_works(w: World, content: bytes) -> None:
    w.secrets.binary = content

    assert w.receive(w.drop(KEY, hashes(0, 5)))

    assert w.ids("foodies") == [set(hashes(0, 5))]


@pytest.mark.parametrize(("text", "said"), SAID.values(), ids=SAID)
def test_secret_that_cannot_work_log_and_note_say_what_is_wrong_and_no_value(
    w: World, log: io.StringIO, text: str, said: str
) -> None:
    w.secrets.text = text

    assert w.come(w.drop(KEY, hashes(0, 5))) == 300

    note = w.note(KEY)
    assert note
    assert note["waits_for"] == "credentials"
    assert said in note["why"]
    assert said in log.getvalue()
    assert TOKEN not in log.getvalue() + json.dumps(note)
    assert ADVERTISER not in log.getvalue() + json.dumps(note)
    assert not w.called()


def test_secret_in_another_encoding_is_told_as_not_json(w: World, log: io.StringIO) -> None:
    w.secrets.binary = USUAL.encode("utf-16")  # as PowerShell writes a file

    assert w.come(w.drop(KEY, hashes(0, 5))) == 300

    assert "the secret is not JSON" in log.getvalue()
    assert TOKEN not in log.getvalue()
    assert not w.called()
