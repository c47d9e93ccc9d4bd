"""Write down why a drop waits, and how its rows are, before its first long wait."""

from typing import Any

from audience_uploader.adapters.s3_drops import DropChanged
from audience_uploader.adapters.s3_receipts import WaitingNotes
from audience_uploader.delivery.drop_reader import DropReader
from audience_uploader.domain import backoff
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.outcomes import (
    DropRefused,
    OutOfTime,
    RetryLater,
    Skipped,
    Unavailable,
    Unreadable,
)
from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.domain.times import Clock
from audience_uploader.domain.waiting_note import waiting_note
from audience_uploader.observability import Observer

# Too short to be worth a note, or the drop may be what broke the function.
_NOT_NOTED = (
    backoff.LEASE_TAKEN,
    backoff.MORE_TO_DO,
    backoff.UNEXPECTED,
    backoff.SET_INCOMPLETE,
)


class NoteWriter:
    """Writes waiting notes; a note that can't be written holds nothing up."""

    def __init__(self, notes: WaitingNotes, observer: Observer, clock: Clock) -> None:
        self._notes = notes
        self._observer = observer
        self._clock = clock

    def note(self, drop: Drop, outcome: RetryLater, counts: RowCounts, reader: DropReader) -> None:
        """Note a wait; the first time the drop is read into `counts`.

        Raises DropRefused or Skipped where it turns out to be bad or no drop. It is noted first
        without rows: what kills its reader must not do so with each receive.
        """
        if outcome.kind in _NOT_NOTED:
            return
        try:
            found = self._notes.find(drop.version)
            rows = (found or {}).get("rows")
            first_seen = (found or {}).get("first_seen_waiting_at")
            self._write(drop, outcome, rows, first_seen)
            if found is None and outcome.kind != backoff.UNREADABLE:
                reader.examine(drop, counts)
                self._write(drop, outcome, counts, first_seen)
        except (DropRefused, Skipped):
            raise
        except (Unavailable, OutOfTime, DropChanged, Unreadable):
            return  # only a note; the drop waits all the same
        except Exception as error:  # noqa: BLE001 - a bug in reading: its reconcile counts it
            self._observer.bug(error)

    def _write(self, drop: Drop, outcome: RetryLater, rows: Any, first_seen: str | None) -> None:
        note = waiting_note(drop, outcome, rows=rows, first_seen=first_seen, now=self._clock())
        self._notes.write(drop.version, note)
