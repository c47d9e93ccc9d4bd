"""One clock for AWS, the function and TikTok, which only the test moves."""

START = 1_800_000_000.0  # seconds since the epoch: a day in January 2027


class VirtualClock:
    """Stands in for the simulator's clock too."""

    def __init__(self) -> None:
        self._now = START

    def now(self) -> float:
        """Seconds since the epoch."""
        return self._now

    def advance(self, seconds: float) -> None:
        self._now += seconds

    def reset(self) -> None:
        self._now = START
