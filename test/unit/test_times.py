"""Times as a person reads them, and back."""

import pytest
from audience_uploader.domain.times import from_iso, iso


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1_800_000_000.123, "2027-01-15T08:00:00.123Z"),
        (1_709_164_800, "2024-02-29T00:00:00.000Z"),
    ],
)
def test_time_is_written_in_utc_to_the_millisecond_and_read_back(seconds: float, text: str) -> None:
    assert iso(seconds) == text
    assert from_iso(text) == pytest.approx(seconds, abs=0.001)
