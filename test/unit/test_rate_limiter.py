"""The calls of all functions together pass the deployment's rate in no second."""

import random

import pytest
from audience_uploader.tiktok.rate_limiter import RateLimiter, interval_between_calls


class Function:
    """One function's calls: each sleep takes a little longer than asked, as on a busy machine."""

    def __init__(self, apart: float, chance: random.Random) -> None:
        self.now = 0.0
        self._chance = chance
        self._limiter = RateLimiter(apart, clock=lambda: self.now, sleep=self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.now += seconds + self._chance.choice([0.0, 0.01, 0.4])

    def calls(self, count: int) -> list[float]:
        """Make so many calls, some at once and some after other work; return when they were."""
        sent = []
        for _ in range(count):
            self._limiter.wait()
            sent.append(self.now)
            self.now += self._chance.choice([0.0, 0.0, 0.1, 1.5])
        return sent


def most_in_a_second(sent: list[float]) -> int:
    return max(sum(start <= at < start + 0.999999 for at in sent) for start in sent)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("rate", "functions"), [(8, 5), (10, 5), (3, 3), (2.5, 2), (7, 2), (100, 5), (9.9, 4)]
)
def test_functions_that_start_at_once_pass_the_rate_in_no_second(
    rate: float, functions: int, seed: int
) -> None:
    chance = random.Random(seed)
    apart = interval_between_calls(rate, functions=functions)

    sent = [at for _ in range(functions) for at in Function(apart, chance).calls(30)]

    assert most_in_a_second(sent) <= rate


def test_limiter_keeps_calls_apart_and_asks_no_wait_of_rare_ones() -> None:
    now, slept = [100.0], [0.0]
    pace = RateLimiter(0.5, clock=lambda: now[0], sleep=slept.append)

    pace.wait()
    pace.wait()
    pace.wait()
    now[0] += 60
    pace.wait()

    assert slept == [0.0, 0.5, 1.0]
