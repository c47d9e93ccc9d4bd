"""What preparing a call came to: its batch, the drops outside it, and whom time ended for."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from audience_uploader.domain.batch import Batch, Upload, Version
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.outcomes import DeadLetter, Unreadable
from audience_uploader.tiktok.errors import TikTokError


@dataclass(slots=True)
class Prepared:
    """A batch and what became of the drops that are not in it.

    `full` when the call takes no more; `out_of_time` when what was uploaded is for a next try;
    `changed` are drops that were overwritten or deleted meanwhile; `too_short_for` is the drop
    that this whole invocation was too short for; `shared_by` is how many drops shared the upload
    that time ended for, if it was more than one: none of them is to blame. `reading` is the drop
    that was read last; `upload_error` is why TikTok did not take an upload, and `in_upload` are
    the versions whose rows were in that.
    """

    batch: Batch
    refused: list[tuple[Drop, DeadLetter]] = field(default_factory=list)
    skipped: list[tuple[Drop, str]] = field(default_factory=list)
    unreadable: list[tuple[Drop, Unreadable]] = field(default_factory=list)
    changed: list[Drop] = field(default_factory=list)
    full: bool = False
    out_of_time: bool = False
    too_short_for: Drop | None = None
    shared_by: int = 0
    reading: Drop | None = None
    upload_error: TikTokError | None = None
    in_upload: set[Version] = field(default_factory=set)

    def end_with(self, sent: Sequence[Upload], *, first: Drop | None) -> None:
        """Keep the uploads that TikTok took in time, and the drops that are whole in them.

        `first` is the drop that had all the invocation for it, if any was taken.
        """
        batch = self.batch
        sharing = [d for d in batch.drops if len(sent) in d.uploads]
        batch.drops = [d for d in batch.drops if all(n < len(sent) for n in d.uploads)]
        used = max((n for d in batch.drops for n in d.uploads), default=-1)
        batch.uploads = list(sent[: used + 1])  # without those of a drop that is not whole
        self.out_of_time = True
        self.shared_by = len(sharing) if len(sharing) > 1 else 0
        whole = {d.version for d in batch.drops}
        blamed = first is not None and not self.shared_by and first.version not in whole
        self.too_short_for = first if blamed else None

    def end_without(self, error: TikTokError, *, sent: Sequence[Upload]) -> None:
        """Note that TikTok did not take the upload after those that were sent.

        An upload without a drop that is whole in it is of the drop that was being read, alone.
        """
        self.upload_error = error
        whole = {d.version for d in self.batch.drops if len(sent) in d.uploads}
        alone = {self.reading.version} if self.reading else set()
        self.in_upload = whole or alone
