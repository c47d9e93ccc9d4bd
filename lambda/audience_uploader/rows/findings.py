"""What was found in some lines, until it is sure that it counts."""

from collections import defaultdict
from collections.abc import Sequence

from audience_uploader.domain.row_counts import RowCounts


class Findings:
    """The faults of a number of lines, each by the zero-based number of its line among them."""

    def __init__(self, lines: int = 0) -> None:
        self.lines = lines
        self.faults: defaultdict[str, list[int]] = defaultdict(list)

    def add(self, fault: str, numbers: Sequence[int]) -> None:
        """Add the same fault of several lines."""
        if numbers:
            self.faults[fault].extend(numbers)

    def count(self, counts: RowCounts) -> None:
        """Count all the lines, which follow those already counted; the faultless are valid."""
        first = counts.read + 1
        for fault, numbers in self.faults.items():
            counts.reject(fault, lines=[first + number for number in sorted(numbers)])
        counts.read += self.lines
        counts.valid += self.lines - sum(map(len, self.faults.values()))
