"""From planned drops to complete uploads: what goes into the next create or update."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import replace

from audience_uploader.adapters.s3_drops import DropChanged
from audience_uploader.delivery.drop_reader import DropReader, check_rows
from audience_uploader.delivery.prepared import Prepared
from audience_uploader.delivery.upload_packer import DoesNotFit, UploadPacker
from audience_uploader.domain.batch import Batch, SentDrop, Upload
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.outcomes import DropRefused, OutOfTime, Skipped, Unreadable
from audience_uploader.domain.receipt_warnings import row_warnings
from audience_uploader.domain.row_counts import RowCounts, rows_json
from audience_uploader.rows import DistinctIds
from audience_uploader.tiktok.errors import TikTokError

MOST_DROPS = 10_000  # in a call; their list stands in the state record, which is written in one go

MakePacker = Callable[[list[Upload]], UploadPacker]
"""Makes the packer of a call, from the uploads that are there from an earlier try."""


class Preparation:
    """Scrubs and uploads drops until all are done, the call is full, or time is up."""

    def __init__(
        self, reader: DropReader, packer: MakePacker, *, most_drops: int = MOST_DROPS
    ) -> None:
        self._reader = reader
        self._packer = packer
        self._most_drops = most_drops
        self._distinct = DistinctIds()

    def run(self, planned: Sequence[Drop], *, start: Batch, at_most: int | None = None) -> Prepared:
        """Return all planned drops as one batch, beside those that `start` already holds.

        With `at_most` no more new ones are taken now; the rest is for a next try. It ends with the
        first upload that TikTok does not take.
        """
        done = {d.version for d in start.drops}
        new = [d for d in planned if d.version not in done]
        fitting = new[: max(0, self._most_drops - len(start.drops))]
        taken = fitting[:at_most]
        prepared = Prepared(_copy_of(start), full=len(fitting) < len(new))
        with self._packer(start.uploads) as packer:
            try:
                self._take_all(taken, packer, prepared)
                self._finish(packer, prepared, taken)
            except TikTokError as error:
                prepared.end_without(error, sent=packer.sent())
        prepared.out_of_time = prepared.out_of_time or len(taken) < len(fitting)
        prepared.batch.distinct = max(start.distinct, self._distinct.count)
        return prepared

    def _take_all(self, taken: Sequence[Drop], packer: UploadPacker, prepared: Prepared) -> None:
        for drop in self._reader.in_turn(taken):
            prepared.reading = drop
            if self._reader.out_of_time:
                prepared.out_of_time = True
                return
            try:
                if not self._take(drop, packer, prepared):
                    prepared.full = True
                    return
            except OutOfTime:
                prepared.out_of_time = True
                prepared.too_short_for = drop if drop is taken[0] else None
                return

    def _finish(self, packer: UploadPacker, prepared: Prepared, taken: Sequence[Drop]) -> None:
        """Wait for the last upload; without time for it, what was uploaded before still counts."""
        try:
            prepared.batch.uploads = packer.close()
        except OutOfTime:
            prepared.end_with(packer.sent(), first=taken[0] if taken else None)

    def _take(self, drop: Drop, packer: UploadPacker, prepared: Prepared) -> bool:
        """Tell whether the call takes more; what became of the drop is in `prepared`."""
        # Not tried again within an `except`: what the first try has open would stay open.
        with suppress(DoesNotFit):
            return self._take_once(drop, packer, prepared, held_back=packer.held_back)
        return self._take_once(drop, packer, prepared, held_back=0)

    def _take_once(
        self, drop: Drop, packer: UploadPacker, prepared: Prepared, *, held_back: int
    ) -> bool:
        counts = RowCounts()
        try:
            sent = self._add(drop, packer, counts, held_back=held_back)
        except DropRefused as refusal:
            prepared.refused.append((drop, refusal.outcome(counts)))
        except Skipped as skipped:
            prepared.skipped.append((drop, skipped.reason))
        except Unreadable as error:
            prepared.unreadable.append((drop, error))
        except DropChanged:
            prepared.changed.append(drop)
        else:
            if sent is None:
                return False
            prepared.batch.drops.append(sent)
        return True

    def _add(
        self, drop: Drop, packer: UploadPacker, counts: RowCounts, *, held_back: int
    ) -> SentDrop | None:
        at_most, rows, unsure = self._reader.open(drop, counts, held_back=held_back)
        if not packer.fits(at_most):
            if unsure:
                raise DoesNotFit  # the bound may be a guess
            return None
        packer.begin(at_most=at_most, tentative=unsure)
        try:
            self._copy(rows, packer, counts)
            uploads = packer.commit()
        except BaseException:
            packer.abandon()
            raise
        return SentDrop(
            key=drop.key.key,
            etag=drop.etag,
            size=drop.size,
            dropped_at=drop.modified_at,
            rows=rows_json(counts),
            uploads=uploads,
            warnings=row_warnings(counts, drop.key),
        )

    def _copy(self, rows: Iterator[bytes], packer: UploadPacker, counts: RowCounts) -> None:
        distinct = deepcopy(self._distinct)
        for block in rows:
            packer.write(block)
            distinct.add(block)
        check_rows(counts)
        self._distinct = distinct


def _copy_of(start: Batch) -> Batch:
    return replace(start, drops=list(start.drops), uploads=list(start.uploads))
