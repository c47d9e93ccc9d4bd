"""What sweeps cost a fleet that waits, is busy, and has no token on its first day."""

from pathlib import Path

import pytest
from support.fleet import DAYS, SHARES, Figures, figures


def both(tmp_path: Path, days: int, shares: dict[str, int]) -> tuple[Figures, Figures]:
    found = []
    for sweeps in (False, True):
        folder = tmp_path / str(sweeps)
        folder.mkdir()
        found.append(figures(folder, sweeps=sweeps, days=days, shares=shares))
    return found[0], found[1]


def check(without: Figures, with_sweeps: Figures) -> None:
    """Sweeps send nothing where every event came, and ask once each at most."""
    assert with_sweeps.swept == 0
    more = with_sweeps.calls - without.calls
    assert set(more) <= {"get"}
    assert more["get"] <= with_sweeps.sweeps
    assert with_sweeps.concluded >= without.concluded
    assert abs(with_sweeps.receives - without.receives) <= without.receives / 20


def test_sweeps_of_four_days_send_nothing_and_ask_once_an_hour(tmp_path: Path) -> None:
    check(*both(tmp_path, 4, dict.fromkeys(SHARES, 1)))


@pytest.mark.long
def test_sweeps_of_thirteen_days_over_twenty_audiences_send_nothing(tmp_path: Path) -> None:
    check(*both(tmp_path, DAYS, SHARES))
