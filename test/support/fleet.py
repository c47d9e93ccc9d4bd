"""A typical fleet of audiences over days, with and without sweeps: its messages and calls.

`PYTHONPATH=.:lambda:test python -m support.fleet` prints the figures of docs/limits_and_costs.md.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from support.world import HOUR, World, hashes, world

DAYS = 13
SHARES = {"quiet": 8, "daily": 6, "opt-outs": 2, "sets": 2, "too small": 2}  # of 20 audiences


@dataclass(slots=True)
class Figures:
    """What the days took: messages put into the queue by events, and by sweeps; and calls."""

    events: int = 0
    swept: int = 0
    receives: int = 0
    sweeps: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    concluded: int = 0
    drops: int = 0


class Fleet:
    """Drops a day's files for each audience; `shares` says how many there are of each kind."""

    def __init__(self, w: World, shares: dict[str, int]) -> None:
        self._world = w
        self._audiences = [f"{kind} {n}" for kind, many in shares.items() for n in range(many)]
        self._next_id = 0
        self.keys: list[str] = []

    def drop_for(self, day: int) -> None:
        for audience in self._audiences:
            for name, rows in self._files(audience.rpartition(" ")[0], day):
                self._drop(f"tiktok/{audience}/email_sha256/{name}", rows)

    def _files(self, kind: str, day: int) -> Iterator[tuple[str, int]]:
        first = day == 0
        if kind == "too small":
            yield from [("first.csv", 10)] * first
            return
        if first or kind in ("daily", "opt-outs"):
            yield f"day-{day:02}.csv", 1200 if first else 50
        if kind == "opt-outs":
            yield f"remove/day-{day:02}.csv", 5
        if kind == "sets" and day % 7 == 1:
            yield from ((f"replace/week-{day}/{part}.csv", 600) for part in range(3))

    def _drop(self, key: str, rows: int) -> None:
        self._world.drop(key, hashes(self._next_id, rows))
        self._next_id += rows
        self.keys.append(key)


def figures(directory: Path, *, sweeps: bool, days: int, shares: dict[str, int]) -> Figures:
    """Return what the days cost; the token is missing for the first of them."""
    with _stack(directory) as w:
        found, fleet = Figures(), Fleet(w, shares)
        w.secrets.put(ACCESS_TOKEN="replace-with-your-token", ADVERTISER_ID=w.sim.advertiser_id)
        for hour in range(days * 24):
            if hour == 24:
                w.secrets.put(ACCESS_TOKEN=w.sim.token, ADVERTISER_ID=w.sim.advertiser_id)
            if hour % 24 == 0:
                fleet.drop_for(hour // 24)
            _work(w, found, sweeps=sweeps)
        found.drops, found.events = len(fleet.keys), len(fleet.keys)
        found.concluded = sum(w.receipt(key) is not None for key in fleet.keys)
        found.calls = Counter(w.called())
    return found


@contextmanager
def _stack(directory: Path) -> Iterator[World]:
    with world(directory, processing_seconds=26 * HOUR, floor=1000) as w:
        w.settle_seconds = 60
        w.app = w.new_app()
        yield w


def _work(w: World, found: Figures, *, sweeps: bool) -> None:
    """Let an hour pass, and sweep at its end."""
    until = w.now() + HOUR
    while w.sqs.messages:
        first = min(w.sqs.messages.values(), key=lambda m: m.visible_at)
        if first.visible_at > until:
            break
        w.advance(max(0.0, w.hidden_for(first)))
        w.receive(first)
        found.receives += 1
    w.advance(until - w.now())
    if sweeps:
        known = set(w.sqs.messages)
        w.sweep()
        found.sweeps += 1
        found.swept += len(set(w.sqs.messages) - known)


def main() -> None:
    for sweeps in (False, True):
        with tempfile.TemporaryDirectory() as directory:
            found = figures(Path(directory), sweeps=sweeps, days=DAYS, shares=SHARES)
        print(f"sweeps {sweeps}: {found}")  # noqa: T201


if __name__ == "__main__":
    main()
