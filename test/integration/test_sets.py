"""Sets: a folder under replace/ is sent as one, whole or not at all."""

import gzip
from typing import Any

import pytest
from support.fake_s3 import client_error
from support.killer import Killed, Killer
from support.world import HOUR, World, hashes

FOLDER = "tiktok/foodies/email_sha256/"
JUNE = FOLDER + "replace/june/"
JULY = FOLDER + "replace/july/"
SETTLE = 60.0


@pytest.fixture
def s(w: World) -> World:
    """Make a stack with a settling time of a minute, and an audience of a hundred ids."""
    w.settle_seconds = SETTLE
    w.replace_minimum_percent = 0
    w.app = w.new_app()
    w.sim.seed(name="foodies", ids=hashes(0, 100))
    return w


def replaces(w: World) -> list[int]:
    """Return how many uploads each REPLACE that TikTok took held."""
    taken: list[Any] = [c["details"] for c in w.sim.calls("update") if c["code"] == 0]
    return [len(d["file_paths"]) for d in taken if d["action"] == "REPLACE"]


def drop_set(w: World, folder: str, start: int, parts: int = 3, rows: int = 5) -> set[str]:
    """Drop a set of parts; return its ids."""
    for n in range(parts):
        w.drop(f"{folder}part-{n}.csv", hashes(start + n * rows, rows))
    return set(hashes(start, parts * rows))


def statuses(w: World, folder: str) -> list[str]:
    """Return the status of each part of a set, in the order of their keys."""
    keys = sorted(k for k in w.s3.objects if k.startswith(folder) and "_CONFIRMED" not in k)
    receipts: list[Any] = [w.receipt(key) for key in keys]
    return [receipt["status"] if receipt else "none" for receipt in receipts]


def test_set_is_sent_as_one_replace_with_all_its_rows(s: World) -> None:
    ids = drop_set(s, JUNE, 500)

    s.run()

    assert s.ids("foodies") == [ids]
    assert replaces(s) == [1]
    receipts: list[Any] = [s.receipt(f"{JUNE}part-{n}.csv") for n in range(3)]
    assert {(r["status"], r["action"], r["call"], r["set"]) for r in receipts} == {
        ("delivered", "replace", "update", "june")
    }
    assert {r["rows"]["valid"] for r in receipts} == {5}


def test_set_without_an_audience_makes_one(w: World) -> None:
    ids = drop_set(w, JUNE, 500)

    w.run()

    assert w.ids("foodies") == [ids]
    assert w.called("create") == ["create"]
    receipt: Any = w.receipt(JUNE + "part-0.csv")
    assert (receipt["action"], receipt["call"]) == ("replace", "create")


def test_set_is_not_sent_while_one_of_its_parts_is_younger_than_the_settling_time(
    s: World,
) -> None:
    first = s.drop(JUNE + "0.csv", hashes(500, 5))
    for n in range(1, 5):
        s.run(hours=50 / 3600)
        s.advance(max(0.0, 50.0 * n + 1_800_000_000 - s.now()))
        s.drop(f"{JUNE}{n}.csv", hashes(500 + n * 5, 5))
    assert not s.called("upload")
    assert first.message_id in s.sqs.messages

    s.run()

    assert s.ids("foodies") == [set(hashes(500, 25))]
    assert replaces(s) == [1]


def test_other_drops_of_the_audience_wait_only_as_long_as_the_set_settles(s: World) -> None:
    s.sim.set_options(processing_seconds=0.0)
    drop_set(s, JUNE, 500)
    s.advance(1)
    began = s.now()
    s.drop(FOLDER + "more.csv", hashes(900, 5))

    s.run()

    assert s.now() - began < 10 * SETTLE
    assert s.ids("foodies") == [{*hashes(500, 15), *hashes(900, 5)}]


def test_part_that_comes_late_has_the_whole_folder_sent_again(s: World) -> None:
    s.sim.set_options(processing_seconds=HOUR)
    drop_set(s, JUNE, 500)
    s.run()
    s.advance(3 * HOUR)

    s.drop(JUNE + "part-3.csv", hashes(515, 5))
    s.run()

    assert s.ids("foodies") == [set(hashes(500, 20))]
    assert replaces(s) == [1, 1]
    receipts: list[Any] = [s.receipt(f"{JUNE}part-{n}.csv") for n in range(4)]
    assert len({r["request_id"] for r in receipts}) == 1


def test_part_that_is_written_anew_has_the_whole_folder_sent_again(s: World) -> None:
    s.sim.set_options(processing_seconds=HOUR)
    drop_set(s, JUNE, 500)
    s.run()
    s.advance(3 * HOUR)

    s.drop(JUNE + "part-0.csv", hashes(800, 5))
    s.run()

    assert s.ids("foodies") == [{*hashes(505, 10), *hashes(800, 5)}]


def test_part_that_is_overwritten_while_the_set_is_read_counts_in_its_new_version(
    s: World,
) -> None:
    drop_set(s, JUNE, 500)

    def overwrite(operation: str, key: str) -> None:
        if operation == "get" and key == JUNE + "part-1.csv":
            s.s3.before = lambda operation, key: None
            s.drop(JUNE + "part-0.csv", hashes(800, 5))

    s.s3.before = overwrite
    s.run()

    assert s.ids("foodies") == [{*hashes(505, 10), *hashes(800, 5)}]
    assert not s.sqs.dead


@pytest.mark.parametrize(
    "body",
    [b"email_sha256\n", gzip.compress(b"", mtime=0), b"\n\n"],
    ids=["header", "gzip", "blank"],
)
def test_part_without_rows_is_an_empty_part_and_refuses_nothing(s: World, body: bytes) -> None:
    ids = drop_set(s, JUNE, 500)
    s.drop(JUNE + "part-9.csv", body)

    s.run()

    assert s.ids("foodies") == [ids]
    assert statuses(s, JUNE) == ["delivered"] * 4
    assert not s.sqs.dead


def test_set_whose_every_part_is_empty_never_empties_the_audience(s: World) -> None:
    for n in range(2):
        s.drop(f"{JUNE}{n}.csv", b"email_sha256\n")

    s.run()

    assert s.ids("foodies") == [set(hashes(0, 100))]
    assert s.reasons() == ["no_valid_rows"]


BAD: dict[str, bytes] = {
    "raw": b"jane@example.com\n",
    "cut gzip": gzip.compress("\n".join(hashes(0, 50)).encode(), mtime=0)[:-9],
    "zip": b"PK\x03\x04" + bytes(60),
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
@pytest.mark.parametrize("first", [0, 9])
def test_set_with_a_bad_part_is_refused_as_one_and_nothing_of_it_goes_out(
    s: World, body: bytes, first: int
) -> None:
    bad = f"{JUNE}part-{first}-bad.csv"
    s.drop(bad, body)
    drop_set(s, JUNE, 500)

    s.run()

    assert s.ids("foodies") == [set(hashes(0, 100))]
    assert not replaces(s)
    assert s.reasons() == ["set_incomplete"]
    assert bad in s.sqs.dead[0].attributes["ErrorMessage"]
    assert statuses(s, JUNE) == ["rejected"] * 4
    assert not s.sqs.messages


def test_refused_set_that_is_redriven_unchanged_is_refused_again_with_one_dead_letter(
    s: World,
) -> None:
    drop_set(s, JUNE, 500)
    s.drop(JUNE + "bad.csv", b"jane@example.com\n")
    s.run()

    for _ in range(3):
        s.redrive()
        s.run()

        assert s.reasons() == ["set_incomplete"]
        assert statuses(s, JUNE) == ["rejected"] * 4


@pytest.mark.parametrize("how", ["bad part written anew", "other part written anew", "deleted"])
def test_refused_set_is_open_again_once_it_is_put_right(s: World, how: str) -> None:
    drop_set(s, JUNE, 500)
    s.drop(JUNE + "bad.csv", b"jane@example.com\n")
    s.run()
    s.advance(600)

    if how == "bad part written anew":
        s.drop(JUNE + "bad.csv", hashes(515, 5))
    else:
        s.s3.objects.pop(JUNE + "bad.csv")
        if how == "deleted":
            s.redrive()
        else:
            s.drop(JUNE + "part-0.csv", hashes(500, 5))
    s.run()

    more = hashes(515, 5) if how == "bad part written anew" else []
    assert s.ids("foodies") == [{*hashes(500, 15), *more}]
    assert set(statuses(s, JUNE)) == {"delivered"}


def test_set_with_an_archived_part_is_refused_as_one(s: World) -> None:
    def refuse(operation: str, key: str) -> None:
        if operation == "get" and key == JUNE + "part-1.csv":
            raise client_error("InvalidObjectState", 403)

    drop_set(s, JUNE, 500)
    s.s3.before = refuse
    s.run()

    assert s.reasons() == ["set_incomplete"]
    assert "part-1.csv" in s.sqs.dead[0].attributes["ErrorMessage"]
    assert s.ids("foodies") == [set(hashes(0, 100))]
    assert statuses(s, JUNE) == ["rejected"] * 3


def test_set_with_a_part_that_may_not_be_read_waits_for_a_day_and_holds_no_other_drop(
    s: World,
) -> None:
    s.sim.set_options(processing_seconds=0.0)

    def refuse(operation: str, key: str) -> None:
        if operation == "get" and key == JUNE + "part-1.csv":
            raise client_error("AccessDenied", 403)

    began = s.now()
    drop_set(s, JUNE, 500)
    s.s3.before = refuse
    s.run(hours=2)
    s.drop(FOLDER + "more.csv", hashes(900, 5))
    s.run(hours=20)
    assert s.ids("foodies") == [{*hashes(0, 100), *hashes(900, 5)}]
    assert not s.sqs.dead

    s.run()

    assert 24 * HOUR <= s.now() - began < 26 * HOUR
    assert s.reasons() == ["set_incomplete"]
    assert s.ids("foodies") == [{*hashes(0, 100), *hashes(900, 5)}]


def test_set_whose_part_may_be_read_again_is_sent_whole(s: World) -> None:
    def refuse(operation: str, key: str) -> None:
        if operation == "get" and key == JUNE + "part-1.csv":
            raise client_error("AccessDenied", 403)

    ids = drop_set(s, JUNE, 500)
    s.s3.before = refuse
    s.run(hours=2)
    s.s3.before = lambda operation, key: None
    s.run()

    assert s.ids("foodies") == [ids]
    assert not s.sqs.dead


def test_file_directly_in_replace_is_a_bad_key(s: World) -> None:
    assert s.receive(s.drop(FOLDER + "replace/all.csv", hashes(500, 5)))

    assert s.reasons() == ["bad_key"]
    assert "replace/" in s.sqs.dead[0].attributes["ErrorMessage"]
    assert not s.called("update")


def test_set_that_is_more_than_one_call_takes_is_too_big_and_nothing_of_it_goes_out(
    s: World,
) -> None:
    s.most_drops = 2
    s.app = s.new_app()
    drop_set(s, JUNE, 500)

    s.run()

    assert s.reasons() == ["too_big"]
    assert not replaces(s)
    assert s.ids("foodies") == [set(hashes(0, 100))]


def test_set_that_time_ended_for_keeps_its_uploads_and_goes_out_whole_in_the_end(
    s: World,
) -> None:
    left = [100.0]

    def tick(operation: str, key: str) -> None:
        if operation == "get" and key.startswith(JUNE):
            left[0] -= 30  # one part an invocation

    ids = drop_set(s, JUNE, 500)
    s.advance(SETTLE)
    s.s3.before = tick
    s.restart = lambda: left.__setitem__(0, 100.0)
    s.remaining = lambda: left[0]
    s.run(hours=1)

    assert len(replaces(s)) == 1
    assert s.ids("foodies") == [ids]


@pytest.mark.parametrize("after", [False, True], ids=["before a call", "after a change"])
def test_function_that_dies_at_any_call_leaves_the_old_content_or_the_whole_set(
    s: World, after: bool
) -> None:
    s.sim.set_options(processing_seconds=0.0)
    wholes = [set(hashes(0, 100))]
    for at in range(40):
        folder = f"{FOLDER}replace/set-{at}/"
        wholes.append(drop_set(s, folder, 1000 + at * 100))
        s.advance(SETTLE)
        Killer(s, at=at, after=after)
        try:
            s.receive(s.sqs.visible()[0])
        except Killed:
            s.app = s.new_app()
        Killer(s)
        assert s.ids("foodies")[0] in wholes
        s.run()
        assert s.ids("foodies") == [wholes[-1]]
    assert not s.sqs.dead
    s.advance(49 * HOUR)
    s.sweep()
    s.run()


def test_set_after_three_crashes_is_taken_alone_and_still_whole(s: World) -> None:
    s.sim.set_options(processing_seconds=0.0)
    dies = [3]

    def die(operation: str, key: str) -> None:
        if operation == "get" and key == JUNE + "part-2.csv" and dies[0]:
            dies[0] -= 1
            raise Killed

    ids = drop_set(s, JUNE, 500)
    s.advance(SETTLE)
    s.s3.before = die
    for _ in range(10):
        try:
            s.run()
        except Killed:
            s.app = s.new_app()

    assert s.ids("foodies") == [ids]
    assert statuses(s, JUNE) == ["delivered"] * 3


@pytest.mark.parametrize("times", [1, 3])
def test_replace_whose_answer_was_lost_is_sent_again(s: World, times: int) -> None:
    ids = drop_set(s, JUNE, 500)
    s.sim.faults.add({"kind": "cut_after", "endpoint": "update", "times": times})

    s.run()

    assert s.ids("foodies") == [ids]
    assert statuses(s, JUNE) == ["delivered"] * 3


def test_refused_replace_is_the_sets_outcome_with_one_dead_letter(s: World) -> None:
    drop_set(s, JUNE, 500)
    s.sim.faults.add({"kind": "code", "value": 40006, "endpoint": "update", "times": 1})

    s.run()

    assert s.reasons() == ["tiktok_refused"]
    assert statuses(s, JUNE) == ["rejected"] * 3
    assert s.ids("foodies") == [set(hashes(0, 100))]
