"""Which keys are refused, and that each refusal gives the key to use."""

import pytest
from audience_uploader.domain.drop import parse_key
from audience_uploader.domain.outcomes import DropRefused


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("", "bad_key"),
        ("a.csv", "bad_key"),
        ("tiktok/a.csv", "bad_key"),
        ("tiktok/email_sha256/a.csv", "bad_key"),
        ("tiktok//email_sha256/a.csv", "bad_key"),
        ("tiktok/ \t/email_sha256/a.csv", "bad_key"),
        ("TIKTOK/foodies/email_sha256/a.csv", "bad_key"),
        ("/tiktok/foodies/email_sha256/a.csv", "bad_key"),
        ("receipts/tiktok/foodies/email_sha256/a.csv", "bad_key"),
        ("tiktok/../email_sha256/a.csv", "bad_key"),
        ("tiktok/./email_sha256/a.csv", "bad_key"),
        ("tiktok/a\nb/email_sha256/a.csv", "bad_key"),
        ("tiktok/a\x00b/email_sha256/a.csv", "bad_key"),
        ("tiktok/a\x7fb/email_sha256/a.csv", "bad_key"),
        ("tiktok/a\x85b/email_sha256/a.csv", "bad_key"),
        ("tiktok/ foodies/email_sha256/a.csv", "bad_key"),
        ("tiktok/foodies\u3000/email_sha256/a.csv", "bad_key"),
        ("tiktok/\u200dfoodies/email_sha256/a.csv", "bad_key"),
        ("tiktok/\ufeffmark/email_sha256/a.csv", "bad_key"),
        ("tiktok/\u202eright to left/email_sha256/a.csv", "bad_key"),
        ("tiktok/\u200b/email_sha256/a.csv", "bad_key"),
        ("tiktok/e\u0301 is not \u00e9/email_sha256/a.csv", "bad_key"),
        ("tiktok/\ud800/email_sha256/a.csv", "bad_key"),
        ("tiktok/foodies/email_sha256/\udfff.csv", "bad_key"),
        (f"tiktok/foodies/email_sha256/{'x' * 997}", "bad_key"),
        (f"tiktok/{'a' * 129}/email_sha256/a.csv", "name_too_long"),
        (f"tiktok/{'食' * 129}/email_sha256/a.csv", "name_too_long"),
        ("tiktok/foodies/email/a.csv", "unknown_format"),
        ("tiktok/foodies/email-sha256/a.csv", "unknown_format"),
        ("tiktok/foodies/email_md5/a.csv", "unknown_format"),
        ("tiktok/foodies/maid_sha256/a.csv", "unknown_format"),
        ("tiktok/foodies/ email_sha256/a.csv", "unknown_format"),
        ("tiktok/foodies/ema\u0131l_sha256/a.csv", "unknown_format"),
        ("tiktok/foodies/f\u0131rst_sha256/a.csv", "unknown_format"),
        ("tiktok/foodies/\ufb01rst_sha256/a.csv", "unknown_format"),
        ("tiktok/foodies//a.csv", "unknown_format"),
    ],
)
def test_bad_key_is_refused_with_its_reason_and_a_way_out(key: str, reason: str) -> None:
    with pytest.raises(DropRefused) as refusal:
        parse_key(key)

    assert refusal.value.reason == reason
    assert any(word in refusal.value.message for word in ("copy", "rename"))


USE = {
    "tiktok/shoes/email/a.csv": "did you mean email_sha256.*tiktok/shoes/email_sha256/a.csv",
    "tiktok/shoes/emails/a.csv": "did you mean email_sha256",
    "tiktok/shoes/email-sha256/a.csv": "did you mean email_sha256",
    "tiktok/shoes/EMAIL SHA256/a.csv": "did you mean email_sha256",
    "tiktok/shoes/emailsha256/a.csv": "did you mean email_sha256",
    "tiktok/shoes/sha256_email/a.csv": "did you mean email_sha256",
    "tiktok/shoes/hashed_email/a.csv": "did you mean email_sha256",
    "tiktok/shoes/emial_sha256/a.csv": "did you mean email_sha256",
    "tiktok/shoes/email_sha265/a.csv": "did you mean email_sha256",
    "tiktok/shoes/email_sha256.csv/a.csv": "did you mean email_sha256",
    "tiktok/shoes/email_md5/a.csv": "did you mean email_sha256.*SHA-256 hashes only",
    "tiktok/shoes/Phone/a.csv": "did you mean phone_sha256",
    "tiktok/shoes/mobile_number/a.csv": "did you mean phone_sha256",
    "tiktok/shoes/idfa/a.csv": "did you mean idfa_sha256",
    "tiktok/shoes/aaid-sha256/a.csv": "did you mean gaid_sha256",
    "tiktok/shoes/maid/a.csv": "did you mean first_sha256",
    "tiktok/shoes/maid_sha256/a.csv": "did you mean first_sha256",
    "tiktok/shoes/device_id/a.csv": "did you mean first_sha256",
    "tiktok/shoes/people/a.csv": "must be one of email_sha256, .*tiktok/shoes/<format>/a.csv",
    "tiktok/email_sha256/shoes/a.csv": "swapped; .*tiktok/shoes/email_sha256/a.csv",
    "tiktok/Email-SHA256/shoes/q/a.csv": "swapped; .*tiktok/shoes/email_sha256/q/a.csv",
    "tiktok/email_sha256/shoes/remove/a.csv": "tiktok/shoes/email_sha256/remove/a.csv",
    "tiktok/email_sha256/remove/a.csv": "missing.*tiktok/<audience>/email_sha256/remove/a.csv",
    "tiktok/email_sha256/a.csv": "missing; .*tiktok/<audience>/email_sha256/a.csv",
    "tiktok/shoes/a.csv": "format is missing.*tiktok/shoes/<format>/a.csv",
    "tiktok/shoes/email_sha256": "no file after the format.*tiktok/shoes/email_sha256/<file>",
    "tiktok//email_sha256/a.csv": "name is missing; .*tiktok/<audience>/email_sha256/a.csv",
    "tiktok/orphan.csv": "tiktok/<audience>/<format>/orphan.csv",
    "tiktok/a/b/email_sha256/x.csv": "can't hold a /; .*tiktok/a-b/email_sha256/x.csv",
    "tiktok/a/b/c/phone-sha256/q/x.csv": "tiktok/a-b-c/phone_sha256/q/x.csv",
    "tiktok/shoes/remove/email_sha256/x.csv": "after the format; .*/email_sha256/remove/x",
    "tiktok/optouts/shoes/email_sha256/x.csv": "tiktok/shoes/email_sha256/remove/x.csv",
    "TikTok/shoes/email_sha256/x.csv": "lower case; .*tiktok/shoes/email_sha256/x.csv",
    "/tiktok/shoes/email_sha256/x.csv": "must begin with tiktok/.*tiktok/shoes/email_sha256/x.csv",
    "TIKTOK/ shoes/email/opt-outs/x.csv": "lower case; .*tiktok/shoes/email_sha256/remove/x.csv",
    "tiktok/shoes /email_sha256/x.csv": "white space.*tiktok/shoes/email_sha256/x.csv",
    "tiktok/\tshoes/email_sha256/x.csv": "white space.*tiktok/shoes/email_sha256/x.csv",
    "tiktok/cafe\u0301/email_sha256/x.csv": "NFC.*tiktok/caf\u00e9/email_sha256/x.csv",
    "tiktok/sho\u200bes/email_sha256/x.csv": "can't be seen.*tiktok/shoes/email_sha256/x.csv",
    "tiktok/red\nshoes/email_sha256/x.csv": "tiktok/red shoes/email_sha256/x.csv",
}


@pytest.mark.parametrize(("key", "words"), USE.items(), ids=map(ascii, USE))
def test_near_miss_is_told_what_was_meant_and_the_key_to_use(key: str, words: str) -> None:
    with pytest.raises(DropRefused, match=words) as refused:
        parse_key(key)

    better = refused.value.message.rpartition("copy the file to ")[2].split(",")[0].split(" to ")[0]
    if "<" not in better:
        assert parse_key(better.removesuffix(".")).key.startswith("tiktok/")
