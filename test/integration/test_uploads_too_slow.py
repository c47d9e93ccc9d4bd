"""An upload that does not end in time: who is to blame for it, and who is not."""

import pytest
from audience_uploader.domain.outcomes import OutOfTime
from support.world import World, hashes

FOLDER = "tiktok/foodies/email_sha256/"
JUNE = FOLDER + "replace/june/"


def uploads_end_in_time(w: World, *, most: int = 1000, never: str = "none") -> list[int]:
    """Have an upload end in time only if it holds at most so many drops, and `never` none."""
    left, read, tries = [900.0], [], []

    def note(operation: str, key: str) -> None:
        if operation == "get" and key.startswith("tiktok/"):
            read.append(key)

    def slow(path: str) -> None:
        if "upload" not in path:
            return
        keys, read[:] = list(read), []
        tries.append(len(keys))
        if len(keys) > most or any(never in key for key in keys):
            left[0] = 20.0
            raise OutOfTime("the upload did not end in time")

    def begin() -> None:
        left[0] = 900.0
        read.clear()

    w.s3.before, w.tiktok.before = note, slow
    w.remaining = lambda: left[0]
    w.restart = begin
    return tries


@pytest.mark.parametrize("most", [1, 3, 7])
def test_shared_upload_that_never_ends_in_time_is_made_smaller_and_nobody_is_blamed(
    w: World, most: int
) -> None:
    tries = uploads_end_in_time(w, most=most)
    for n in range(10):
        w.drop(FOLDER + f"{n}.csv", hashes(n * 5, 5))

    w.run(hours=2)

    assert not w.sqs.dead
    assert w.ids("foodies") == [set(hashes(0, 50))]
    assert w.called("create") == ["create"]
    assert len(tries) <= 15
    assert not w.sqs.messages


def test_drop_whose_own_upload_never_ends_in_time_is_too_slow_and_those_beside_it_are_delivered(
    w: World,
) -> None:
    uploads_end_in_time(w, never="slow.csv")
    for name in ("a.csv", "b.csv", "slow.csv", "y.csv", "z.csv"):
        w.drop(FOLDER + name, hashes(len(w.s3.objects) * 5, 5))

    w.run(hours=24)

    assert w.reasons() == ["too_slow"]
    assert w.receipt(FOLDER + "slow.csv")["reason"] == "too_slow"  # type: ignore[index]
    for name in ("a.csv", "b.csv", "y.csv", "z.csv"):
        assert w.receipt(FOLDER + name)["status"] == "delivered"  # type: ignore[index]
    assert w.record("foodies")["take_at_most"] is None


def test_set_whose_shared_upload_does_not_end_in_time_goes_out_whole_in_smaller_ones(
    w: World,
) -> None:
    w.sim.seed(name="foodies", ids=hashes(900, 5))
    uploads_end_in_time(w, most=3)
    for n in range(10):
        w.drop(JUNE + f"{n}.csv", hashes(n * 5, 5))

    w.run(hours=2)

    assert not w.sqs.dead
    assert w.ids("foodies") == [set(hashes(0, 50))]
    assert [c["code"] for c in w.sim.calls("update")] == [0]


def test_part_whose_own_upload_never_ends_in_time_refuses_its_set_as_one(w: World) -> None:
    w.sim.seed(name="foodies", ids=hashes(900, 5))
    uploads_end_in_time(w, never="slow.csv")
    for name in ("a.csv", "slow.csv", "z.csv"):
        w.drop(JUNE + name, hashes(len(w.s3.objects) * 5, 5))

    w.run(hours=24)

    assert w.reasons() == ["set_incomplete"]
    text = w.sqs.dead[0].attributes["ErrorMessage"]
    assert "slow.csv" in text
    assert "too_slow" in text
    for name in ("a.csv", "slow.csv", "z.csv"):
        assert w.receipt(JUNE + name)["status"] == "rejected"  # type: ignore[index]
    assert w.ids("foodies") == [set(hashes(900, 5))]
