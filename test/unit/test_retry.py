"""Three tries within an invocation, with waits that grow and vary."""

from collections.abc import Callable

import pytest
from audience_uploader.tiktok.errors import (
    AudienceBusy,
    RateLimited,
    Refused,
    ServerFault,
    TikTokError,
)
from audience_uploader.tiktok.retry import SAFE, UNSAFE, RetryPolicy


class TooLate(Exception):
    """Stands for the end of the invocation."""


def tries(*ends: Exception | str) -> tuple[Callable[[], str], list[Exception | str]]:
    """Return a call that ends as told, one after the other, and what is left of that."""
    left = list(ends)

    def call() -> str:
        end = left.pop(0)
        if isinstance(end, Exception):
            raise end
        return end

    return call, left


def policy(slept: list[float], *, random: float = 0.5) -> RetryPolicy:
    return RetryPolicy(1.0, slept.append, lambda: random, out_of_time=(TooLate,))


FAULT, LIMIT = ServerFault("x"), RateLimited("x")


@pytest.mark.parametrize(
    ("ends", "on", "waits"),
    [
        (["ok"], SAFE, []),
        ([FAULT, "ok"], SAFE, [1]),
        ([LIMIT, FAULT, "ok"], SAFE, [1, 2]),
        ([LIMIT, LIMIT, "ok"], UNSAFE, [1, 2]),
    ],
)
def test_call_that_succeeds_within_three_tries_gives_its_answer(
    ends: list[Exception | str], on: tuple[type[TikTokError], ...], waits: list[float]
) -> None:
    slept: list[float] = []
    call, _ = tries(*ends)

    assert policy(slept).run(call, on=on) == "ok"
    assert slept == waits


@pytest.mark.parametrize(
    ("ends", "on", "raised", "left"),
    [
        ([FAULT, FAULT, LIMIT, "never"], SAFE, LIMIT, 1),
        ([FAULT, "never"], UNSAFE, FAULT, 1),
        ([LIMIT, FAULT, "never"], UNSAFE, FAULT, 1),
        ([AudienceBusy("x"), "never"], SAFE, AudienceBusy, 1),
        ([Refused("x"), "never"], SAFE, Refused, 1),
        ([TooLate(), "never"], SAFE, TooLate, 1),
        ([FAULT, TooLate(), "never"], SAFE, FAULT, 1),
        ([KeyError("bug"), "never"], SAFE, KeyError, 1),
    ],
    ids=[
        "last error", "create after a fault", "create after a limit, then a fault", "busy",
        "refused", "no time", "no time after a fault", "bug",
    ],
)  # fmt: skip
def test_call_is_not_repeated_when_that_could_harm_or_not_help(
    ends: list[Exception | str],
    on: tuple[type[TikTokError], ...],
    raised: Exception | type[Exception],
    left: int,
) -> None:
    call, rest = tries(*ends)

    with pytest.raises(Exception) as error:
        policy([]).run(call, on=on)

    assert error.value is raised or error.type is raised
    assert len(rest) == left


@pytest.mark.parametrize(("random", "waits"), [(0.0, [0.5, 1.0]), (0.999, [1.499, 2.998])])
def test_waits_vary_by_half_each_way(random: float, waits: list[float]) -> None:
    slept: list[float] = []
    call, _ = tries(FAULT, FAULT, "ok")

    policy(slept, random=random).run(call)

    assert slept == pytest.approx(waits)
