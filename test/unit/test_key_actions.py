"""Which action a key asks for; nothing that means taking people out is ever an append."""

import pytest
from audience_uploader.domain.drop import confirmed_set, parse_key
from audience_uploader.domain.outcomes import DropRefused, Skipped
from hypothesis import given
from hypothesis import strategies as st

ACTIONS = {
    "a.csv": ("append", None),
    "2026/a.csv": ("append", None),
    "//a.csv": ("append", None),
    "append/a.csv": ("append", None),
    "Append/2026/a.csv": ("append", None),
    "remove/a.csv": ("remove", None),
    "REMOVE/2026/01/a.csv": ("remove", None),
    "replace/june/a.csv": ("replace", "june"),
    "RePlace/june/2026/a.csv": ("replace", "june"),
    "replace/2026-01-31T10:00/part-0": ("replace", "2026-01-31T10:00"),
    "replace/june//a.csv": ("replace", "june"),
    # a file may be called what it likes
    "remove": ("append", None),
    "optouts.csv": ("append", None),
    "action=remove": ("append", None),
    "append/remove": ("append", None),
    "remove/append": ("remove", None),
    "replace/june/remove": ("replace", "june"),
    # words that only hold an action
    "removed-duplicates/a.csv": ("append", None),
    "not_removed_yet/a.csv": ("append", None),
    "appendix/a.csv": ("append", None),
    "replacement/a.csv": ("append", None),
    "transaction=7/a.csv": ("append", None),
}


@pytest.mark.parametrize(("rest", "expected"), ACTIONS.items(), ids=ACTIONS)
def test_action_is_the_folder_after_the_format(rest: str, expected: tuple[str, str | None]) -> None:
    key = parse_key(f"tiktok/shoes/Email_sha256/{rest}")

    assert (key.action, key.set_name) == expected
    assert (key.audience, key.calculate_type) == ("shoes", "EMAIL_SHA256")


TAKING_OUT = (
    *("delete", "deleted", "removal", "removals", "removed", "optout", "optouts", "unsubscribe"),
    *("unsubscribed", "unsubscribes", "suppress", "suppressed", "suppression", "suppressions"),
    *(
        "exclude",
        "excluded",
        "exclusion",
        "exclusions",
        "blocklist",
        "blacklist",
        "erase",
        "erased",
    ),
    *("erasure", "erasures", "Opt-Outs", "OPT_OUT", "opt out", "opt\u2011outs", "Un-Subscribes"),
    *("de lete", "re-move", "remove ", " REMOVE", "remo\u200bve", "\uff52emove", "action=remove"),
    *("Action = Opt-Outs", "black_list", "deletions", "opted-out"),
)


@pytest.mark.parametrize("folder", TAKING_OUT)
@pytest.mark.parametrize("place", ["{}/a.csv", "{}/2026/a.csv"], ids=["last", "first"])
def test_folder_that_means_taking_out_is_refused_with_the_key_to_use(
    folder: str, place: str
) -> None:
    with pytest.raises(
        DropRefused, match=place.format("tiktok/shoes/email_sha256/remove")
    ) as refused:
        parse_key(f"tiktok/shoes/email_sha256/{place.format(folder)}")

    assert refused.value.reason == "bad_key"


@pytest.mark.parametrize(
    "folder", [*TAKING_OUT, "remove", "Append", "replace", "action=x", "re_place"]
)
@pytest.mark.parametrize(
    "above", ["2026", "", "append", "remove", "replace/june", "replace/june/a"]
)
def test_action_word_in_a_deeper_folder_is_refused(folder: str, above: str) -> None:
    with pytest.raises(DropRefused) as refused:
        parse_key(f"tiktok/shoes/email_sha256/{above}/{folder}/a.csv")

    assert refused.value.reason == "bad_key"
    assert "tiktok/shoes/email_sha256/" in refused.value.message


@pytest.mark.parametrize("set_name", ["remove", "optouts", "replace", "append", "action=a"])
def test_set_named_like_an_action_is_refused(set_name: str) -> None:
    with pytest.raises(DropRefused, match=r"reads as an action|not an action"):
        parse_key(f"tiktok/shoes/email_sha256/replace/{set_name}/a.csv")


@pytest.mark.parametrize("rest", ["replace/a.csv", "Replace/a.csv", "replace//a.csv"])
def test_file_directly_in_replace_is_refused_with_a_set_to_put_it_in(rest: str) -> None:
    with pytest.raises(DropRefused, match=r"(?i)email_sha256/replace/<set>/a.csv") as refused:
        parse_key(f"tiktok/shoes/email_sha256/{rest}")

    assert refused.value.reason == "bad_key"


FOLDERS = st.sampled_from(
    [
        *(
            "tiktok",
            "TikTok",
            "",
            "shoes",
            " shoes",
            "cafe\u0301",
            "email_sha256",
            "EMAIL",
            "..",
            "_x",
        ),
        *("phone-sha256", "remove", "Opt-outs", "replace", "append", "action=x", "june", "\u200b"),
    ]
)


@given(st.lists(FOLDERS, max_size=7), st.booleans())
def test_any_key_is_taken_skipped_or_refused_and_no_removal_is_appended(
    folders: list[str], rooted: bool
) -> None:
    key = "/".join([*(["tiktok", "shoes"] if rooted else []), *folders, "x.csv"])

    try:
        action = parse_key(key).action
    except (Skipped, DropRefused):
        return
    assert action != "append" or not {"remove", "Opt-outs", "action=x"} & set(key.split("/")[3:])


CONFIRMATIONS = {
    "tiktok/a/Email_sha256/Replace/june/_CONFIRMED": ("a", "EMAIL_SHA256", "june"),
    "tiktok/a/email_sha256/replace/june/x/_CONFIRMED": None,
    "tiktok/a/email_sha256/replace/_CONFIRMED": None,
    "tiktok/a/email_sha256/replace/_x/_CONFIRMED": None,
    "tiktok/a/email_sha256/remove/june/_CONFIRMED": None,
    "tiktok/a/email_sha256/june/_CONFIRMED": None,
    "tiktok/a/email/replace/june/_CONFIRMED": None,
    "tiktok/a/email_sha256/replace/june/_confirmed": None,
    "tiktok/a/email_sha256/replace/june/CONFIRMED": None,
    "_CONFIRMED": None,
}


@pytest.mark.parametrize(("key", "expected"), CONFIRMATIONS.items(), ids=CONFIRMATIONS)
def test_confirmation_names_its_set(key: str, expected: tuple[str, str, str] | None) -> None:
    found = confirmed_set(key)

    assert (found and (found.audience, found.calculate_type, found.set_name)) == expected
    assert found is None or (found.key, found.action) == (key, "replace")


@pytest.mark.parametrize(
    ("file", "says"),
    [
        *[
            (name, True)
            for name in ("optouts.csv", "2026-01-31_opt-outs.csv.gz", "Unsubscribes.CSV")
        ],
        *[
            (name, True)
            for name in ("remove.csv", "to remove.csv", "OPT_OUT", "june-deletions.txt")
        ],
        *[
            (name, False)
            for name in ("a.csv", "options.csv", "removers.csv", "opt-in.csv", "part-0")
        ],
    ],
)
def test_file_name_that_says_taking_out_is_noticed(file: str, says: bool) -> None:
    assert parse_key(f"tiktok/remove/email_sha256/2026/{file}").file_says_taking_out is says
