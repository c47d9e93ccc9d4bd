"""The failure table's first row: what no waiting helps goes to the DLQ at once."""

import gzip

import pytest
from support.world import World, hashes

KEY = "tiktok/foodies/email_sha256/a.csv"
IDS = "".join(f"{i}\n" for i in hashes(0, 5)).encode()
CHANGES = {"upload", "create", "update", "delete"}

BAD = {
    "no format": ("tiktok/foodies/a.csv", IDS, "bad_key"),
    "blank name": ("tiktok/ /email_sha256/a.csv", IDS, "bad_key"),
    "control character": ("tiktok/a\tb/email_sha256/a.csv", IDS, "bad_key"),
    "unknown format": ("tiktok/foodies/email_md5/a.csv", IDS, "unknown_format"),
    "long name": (f"tiktok/{'n' * 129}/email_sha256/a.csv", IDS, "name_too_long"),
    "raw e-mails": (KEY, b"jane@example.com\njoe@example.com\n", "no_valid_rows"),
    "cut gzip": (KEY, gzip.compress(IDS * 50, mtime=0)[:-9], "damaged_gzip"),
    "zip": (KEY, b"PK\x03\x04" + bytes(60), "unsupported_content"),
    "Parquet": (KEY, b"PAR1" + bytes(60), "unsupported_content"),
    "two columns": (KEY, IDS.replace(b"\n", b"," + IDS[:64] + b"\n"), "ambiguous_columns"),
}


@pytest.mark.parametrize(("key", "body", "reason"), BAD.values(), ids=BAD)
def test_bad_drop_is_dead_lettered_at_once_with_a_receipt_and_no_change_at_tiktok(
    w: World, key: str, body: bytes, reason: str
) -> None:
    message = w.drop(key, body)

    assert w.receive(message)

    [dead] = w.sqs.dead
    assert dead.body == message.body
    assert dead.attributes["ErrorReason"] == reason
    assert len(dead.attributes["ErrorMessage"]) > 30
    assert not CHANGES & set(w.called())
    receipt = w.receipt(key)
    assert receipt
    assert receipt["status"] == "rejected"
    assert (receipt["reason"], receipt["message"]) == (reason, dead.attributes["ErrorMessage"])
    assert receipt["dead_lettered_at"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("{}", "bad_event"),
        ("no JSON", "bad_event"),
        ('{"source":"aws.s3","detail-type":"Object Created","detail":{"bucket":{"name":"other"},'
         '"object":{"key":"tiktok/foodies/email_sha256/a.csv"}}}', "bad_event"),
    ],
    ids=["empty", "no JSON", "another bucket"],
)  # fmt: skip
def test_message_that_is_no_event_of_ours_is_dead_lettered_as_it_came(
    w: World, body: str, reason: str
) -> None:
    assert w.receive(w.sqs.send(body))

    assert [(m.body, m.attributes["ErrorReason"]) for m in w.sqs.dead] == [(body, reason)]
    assert not w.called()


def test_folder_is_skipped_without_a_receipt(w: World) -> None:
    assert w.receive(w.drop("tiktok/foodies/", b"x"))

    assert not w.sqs.dead
    assert list(w.s3.objects) == ["tiktok/foodies/"]


@pytest.mark.parametrize(
    ("key", "body", "reason"),
    [
        ("tiktok/foodies/email_sha256/_SUCCESS", b"x", "marker"),
        ("tiktok/f/email_sha256/.crc", b"x", "marker"),
        ("tiktok/foodies/email_sha256/a-manifest.csv", b"x", "companion"),
        (KEY, b"", "empty"),
        (KEY, b"\n\n \n", "no_rows"),
        (KEY, b"email_sha256\n", "no_rows"),
        (KEY, gzip.compress(b"", mtime=0), "no_rows"),
    ],
)
def test_object_without_rows_of_its_own_is_skipped_once_and_its_receipt_says_why(
    w: World, key: str, body: bytes, reason: str
) -> None:
    assert w.receive(w.drop(key, body))

    receipt = w.receipt(key)
    assert receipt
    assert (receipt["status"], receipt["reason"]) == ("skipped", reason)
    assert "nothing is to do" in receipt["message"]
    assert not w.sqs.dead
    assert not CHANGES & set(w.called())
    assert len([k for k in w.s3.objects if k.startswith("receipts/")]) == 1


def test_good_drop_beside_bad_ones_is_delivered_and_each_bad_one_told_of_once(w: World) -> None:
    folder = "tiktok/foodies/email_sha256/"
    w.drop(folder + "raw.csv", b"jane@example.com\n")
    w.drop(folder + "good.csv", hashes(0, 5))
    w.drop(folder + "cut.gz", gzip.compress(IDS, mtime=0)[:-9])

    w.run()

    assert w.ids("foodies") == [set(hashes(0, 5))]
    assert sorted(w.reasons()) == ["damaged_gzip", "no_valid_rows"]
    assert w.called("create") == ["create"]


@pytest.mark.parametrize(
    ("seeds", "reason", "said"),
    [
        ([{"calculate_type": "PHONE_SHA256"}], "other_id_type", "PHONE_SHA256"),
        ([{}, {}], "several_audiences", "2 audiences"),
        ([{"is_valid": False}, {"calculate_type": "PHONE_SHA256"}], "several_audiences", "2 aud"),
    ],
    ids=["other id type", "two of the name", "two, whatever they hold"],
)
def test_audience_that_must_not_be_changed_is_dead_lettered_with_its_ids(
    w: World, seeds: list[dict[str, object]], reason: str, said: str
) -> None:
    ids = [i for seed in seeds for i in w.sim.seed(name="foodies", **seed)]
    before = w.sim.audiences()

    assert w.receive(w.drop(KEY, hashes(0, 5)))

    [dead] = w.sqs.dead
    text = dead.attributes["ErrorMessage"]
    assert dead.attributes["ErrorReason"] == reason
    assert said in text
    assert all(i in text for i in ids)
    assert w.sim.audiences() == before
    assert not CHANGES & set(w.called())


@pytest.mark.parametrize(
    "seed",
    [
        {"is_creator": False},
        {"audience_type": "Lookalike Audience"},
        {"audience_type": "Partner"},
        {"name": "Foodies"},
    ],
    ids=["shared in", "lookalike", "partner", "other case"],
)
def test_audience_of_others_or_of_another_kind_or_name_is_never_touched(
    w: World, seed: dict[str, object]
) -> None:
    [other] = w.sim.seed(**{"name": "foodies", **seed})
    before = [a for a in w.sim.audiences() if a["id"] == other]

    w.drop(KEY, hashes(0, 5))
    w.run()

    assert [a for a in w.sim.audiences() if a["id"] == other] == before
    assert w.called("create") == ["create"]
    assert set(hashes(0, 5)) in w.ids("foodies")


@pytest.mark.parametrize(
    ("name", "shown"), [("foodies", "foodies "), ("caf\u00e9", "cafe\u0301")], ids=["blank", "NFD"]
)
def test_audience_whose_name_looks_the_same_is_used_and_no_second_one_made(
    w: World, name: str, shown: str
) -> None:
    [there] = w.sim.seed(name=shown)

    assert w.receive(w.drop(f"tiktok/{name}/email_sha256/a.csv", hashes(0, 5)))

    receipt = w.receipt(f"tiktok/{name}/email_sha256/a.csv")
    assert receipt
    assert receipt["audience_id"] == there
    assert not w.called("create")
