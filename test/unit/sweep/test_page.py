import pytest
from audience_uploader.domain.times import iso
from support.status_page import HOSTILE, NOW, file, page, status

DAY = 86_400.0
EVERY_STATE = (
    "not_created", "processing", "ready", "too_small", "failed", "gone", "expired", "unknown",
)  # fmt: skip


def test_page_of_nothing_says_so_in_every_section() -> None:
    empty = page()

    assert "Nothing: all goes by itself." in empty.section("to-do")
    assert "No audience yet. Drop a file at tiktok/<audience>/<format>/." in empty.section(
        "audiences"
    )
    assert "No file waits." in empty.section("waiting")
    assert "No file was rejected in 30 days." in empty.section("rejected")
    assert "No file came in lately." in empty.section("files")


def test_page_says_of_when_it_is() -> None:
    assert "As of 25 Nov 2026, 05:02 UTC." in page().html


def test_page_holds_no_script_and_fetches_nothing() -> None:
    shown = page([status(s) for s in EVERY_STATE], [file()])

    assert not {tag for tag, _ in shown.elements} & {"script", "link", "img", "iframe", "base"}
    assert "url(" not in shown.html
    assert "@import" not in shown.html
    assert "http:" not in shown.html
    assert "https:" not in shown.html
    targets = {a.get("href") or a.get("src") for _, a in shown.elements} - {None}
    assert all(str(target).startswith("#") for target in targets)


def test_page_points_only_at_what_is_on_it() -> None:
    shown = page([status(s, state=s) for s in EVERY_STATE], [file()])
    ids = [a["id"] for _, a in shown.elements if a.get("id")]

    targets = {str(a["href"])[1:] for _, a in shown.elements if a.get("href")}
    assert targets <= set(ids)
    assert len(ids) == len(set(ids))


def test_audience_is_shown_with_type_state_size_and_change() -> None:
    change = {"action": "append", "at": iso(NOW - 3_600), "rows": 12_480, "outcome": None}

    text = page([status(last_change=change)]).section("audiences")

    assert "Loyalty members E-mail addresses Ready for 2 hours" in text
    assert "since 25 Nov 2026, 03:02 UTC 182,400" in text
    assert "Added 12,480 rows 1 hour ago 25 Nov 2026, 04:02 UTC" in text


@pytest.mark.parametrize("state", EVERY_STATE)
def test_audience_of_every_state_has_a_word_and_a_shape(state: str) -> None:
    shown = page([status(state=state)])

    assert state.split("_", maxsplit=1)[0] in shown.section("audiences").lower() or (
        state == "unknown" and "Not known yet" in shown.section("audiences")
    )
    assert '<use href="#' in shown.html.split('id="audiences"')[1]


def test_audience_of_another_versions_state_is_shown_with_its_word() -> None:
    assert "half frozen" in page([status(state="half_frozen")]).section("audiences")


@pytest.mark.parametrize("state", ["too_small", "failed", "gone", "expired"])
def test_audience_that_needs_somebody_is_to_do_with_its_sentence(state: str) -> None:
    text = page([status(state=state, what_to_do="Do this now.")]).section("to-do")

    assert "1 thing needs somebody." in text
    assert "Loyalty members Do this now." in text


def test_expiring_audience_is_to_do_with_its_day() -> None:
    text = page([status(is_expiring=True, expires_at=iso(NOW + DAY))]).section("to-do")

    assert "expire on 26 Nov 2026" in text


@pytest.mark.parametrize("outcome", ["unclear", {"state": "unclear"}])
def test_unclear_change_is_to_do_in_either_shape(outcome: object) -> None:
    change = {"action": "append", "at": iso(NOW), "rows": 1, "outcome": outcome}

    assert "Compare the size" in page([status(last_change=change)]).section("to-do")


def test_missing_credentials_are_to_do_once_for_all_audiences() -> None:
    waiting = {"drops": 2, "for": "credentials", "until": iso(NOW + 3_600)}

    shown = page([status("a", waiting=waiting), status("b", waiting=waiting)])

    assert shown.section("to-do").count("audiencectl credentials set") == 1
    assert "4 files of 2 audiences." in shown.section("waiting")


def test_waiting_files_say_why_and_until_when() -> None:
    waiting = {"drops": 2, "for": "audience_busy", "until": iso(NOW + 3 * 3_600)}

    text = page([status(waiting=waiting)]).section("waiting")

    assert "2 TikTok is still processing the change before" in text
    assert "in 3 hours 25 Nov 2026, 08:02 UTC" in text


def test_rejected_files_of_objects_and_receipts_are_listed_once_newest_first() -> None:
    entry = {"key": "tiktok/a/x/1.csv", "reason": "no_valid_row", "message": "Hash it."}
    old = entry | {"at": iso(NOW - DAY)}
    stray = file(key="tiktok/orphan.csv", audience=None, status="rejected", reason="bad_key",
                 message="Move it.", at=iso(NOW - 60))  # fmt: skip
    same = file(**entry, status="rejected", at=iso(NOW - DAY))

    shown = page([status(rejected=[old])], [same, stray])

    text = shown.section("rejected")
    assert "2 files in 30 days" in text
    assert "tiktok/a/x/1.csv No valid row. Hash it. 1 day ago" in text
    assert text.index("Bad key. Move it.") < text.index("No valid row.")
    assert "Only the rejected files below." in shown.section("to-do")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"outcome": "ready"}, "1,200 In the audience"),
        ({"outcome": "processing"}, "1,200 Taken by TikTok"),
        ({"outcome": None}, "1,200 Taken by TikTok"),
        ({"outcome": "unclear"}, "1,200 Taken, result unclear"),
        ({"outcome": "too_small"}, "1,200 Taken, audience too small"),
        ({"outcome": "failed"}, "1,200 Failed at TikTok"),
        ({"outcome": "gone"}, "1,200 Taken, audience gone since"),
        ({"outcome": "expired"}, "1,200 Taken, audience expired since"),
        ({"status": "rejected"}, "\u2013 Rejected"),
        ({"status": "superseded"}, "\u2013 Overtaken by a newer set"),
        ({"status": "skipped"}, "\u2013 Skipped: no rows"),
    ],
)
def test_file_says_what_became_of_it(more: dict[str, object], words: str) -> None:
    text = page([], [file(**more)]).section("files")

    assert f"june.csv Loyalty members {words} 3 hours ago" in text


def test_files_are_counted_day_by_day() -> None:
    files = [
        file(),
        file(rows=800),
        file(status="rejected"),
        file(status="skipped", at=iso(NOW - DAY)),
    ]

    text = page([], files).section("files")

    assert "25 Nov 2026 3 2 1 \u2013 2,000" in text
    assert "24 Nov 2026 1 \u2013 \u2013 1 \u2013" in text


def test_names_with_markup_are_text_everywhere() -> None:
    waiting = {"drops": 1, "for": HOSTILE, "until": HOSTILE}
    bad = status(HOSTILE, state=HOSTILE, calculate_type=HOSTILE, what_to_do=HOSTILE,
                 waiting=waiting, since=HOSTILE, expires_at=HOSTILE, rejected=[file(key=HOSTILE)],
                 last_change={"action": HOSTILE, "rows": HOSTILE, "at": HOSTILE},
                 history=[[HOSTILE, 1], [iso(NOW), HOSTILE]])  # fmt: skip
    failed = status(HOSTILE, state="failed", what_to_do=HOSTILE)
    files = [file(key=HOSTILE, audience=HOSTILE, status=s, reason=HOSTILE, message=HOSTILE,
                  outcome=HOSTILE) for s in ("delivered", "rejected", HOSTILE)]  # fmt: skip

    shown = page([bad, failed], files)

    assert not {tag for tag, _ in shown.elements} & {"img", "b", "script"}
    assert not [a for _, attrs in shown.elements for a in attrs if a.startswith("on")]
    for anchor in ("to-do", "audiences", "waiting", "rejected", "files"):
        assert HOSTILE.split()[0] in shown.section(anchor)


def test_name_that_turns_the_direction_of_writing_is_kept_apart() -> None:
    assert "<bdi>\u202egnp.exe</bdi>" in page([status("\u202egnp.exe")]).html


@pytest.mark.parametrize("name", ["\ud800", "a\x00b", "\x1b[31m", "\x85"])
def test_name_with_what_no_page_can_hold_is_still_shown(name: str) -> None:
    html = page([status(name)], [file(key=f"tiktok/{name}")]).html

    assert html.encode()
    assert "\ufffd" in html


@pytest.mark.parametrize("value", [None, "x", 7, [], {}, True])
@pytest.mark.parametrize(
    "field",
    ["audience_name", "calculate_type", "state", "since", "size", "expires_at", "last_change",
     "waiting", "rejected", "history"],
)  # fmt: skip
def test_status_of_another_shape_is_shown_as_far_as_it_goes(field: str, value: object) -> None:
    assert page([status() | {field: value}]).rows("audiences") == 1


def test_status_without_any_field_is_shown() -> None:
    assert page([{}], [{}]).rows("audiences") == 1


def test_audiences_that_need_somebody_come_first_then_all_by_name() -> None:
    text = page([status("b"), status("A"), status("z", state="failed")]).section("audiences")

    assert text.index("z E-mail") < text.index("A E-mail") < text.index("b E-mail")


def test_400_audiences_and_10_000_files_make_less_than_a_megabyte() -> None:
    history = [[iso(NOW - i * DAY), 100_000 + i * 7_919 % 20_000] for i in range(400)]
    waiting = {"drops": 25, "for": "audience_busy", "until": iso(NOW + 3_600)}
    change = {"action": "append", "at": iso(NOW), "rows": 123_456, "outcome": None}
    statuses = [status(f"Loyalty members {i}", history=history, waiting=waiting,
                       last_change=change) for i in range(400)]  # fmt: skip
    files = [file(at=iso(NOW - i * 60)) for i in range(10_000)]

    shown = page(statuses, files)

    assert len(shown.html.encode()) < 1_000_000
    assert shown.rows("audiences") == 400
    assert "And 9,800 more, each with a receipt under receipts/." in shown.section("files")
    assert "more audiences." in shown.section("waiting")


def test_longest_names_and_keys_make_less_than_a_megabyte() -> None:
    entry = {"key": "'" * 1_024, "reason": "no_valid_row", "message": '"' * 900, "at": iso(NOW)}
    long = [status("<" * 128, state="failed", rejected=[entry | {"at": iso(NOW - i)}],
                   history=[[iso(NOW), 5]], what_to_do="&" * 900,
                   waiting={"drops": 1, "for": "'" * 900, "until": iso(NOW)})
            for i in range(500)]  # fmt: skip
    files = [file(key="<" * 1_024, audience="<" * 128) for _ in range(10_000)]

    shown = page(long, files)

    assert len(shown.html.encode()) < 1_000_000
    assert "more" in shown.section("audiences")
