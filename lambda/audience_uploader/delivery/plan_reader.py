"""Read and upload the drops of a plan, and use again what an earlier try uploaded."""

from collections.abc import Sequence
from pathlib import Path

from audience_uploader.delivery.deadline import Deadline
from audience_uploader.delivery.drop_reader import DropReader
from audience_uploader.delivery.plan import Plan
from audience_uploader.delivery.prepare import MOST_DROPS, Preparation
from audience_uploader.delivery.prepared import Prepared
from audience_uploader.delivery.upload_file import FinishedFile
from audience_uploader.delivery.upload_packer import UploadPacker
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.batch import Batch, Upload
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.times import Clock
from audience_uploader.tiktok.client import TikTokClient

UPLOADS_LAST = 20 * 3600.0  # seconds; an uploaded file is taken to live for 24 h at TikTok


class PlanReader:
    """Turns a plan's drops into uploads; `most_drops` go into a call."""

    def __init__(
        self,
        state: AudienceState,
        client: TikTokClient,
        reader: DropReader,
        *,
        deadline: Deadline,
        clock: Clock,
        directory: Path,
        most_drops: int = MOST_DROPS,
    ) -> None:
        self._state = state
        self._client = client
        self._reader = reader
        self._deadline = deadline
        self._clock = clock
        self._directory = directory
        self._most_drops = most_drops

    def read(self, plan: Plan, pending: Sequence[Drop]) -> Prepared:
        """Read the pending drops of a plan and upload their rows, using earlier uploads again."""

        def send(file: FinishedFile) -> Upload:
            return self._upload(file, plan.drops[0].key.calculate_type)

        def packer(done: list[Upload]) -> UploadPacker:
            held_back = self._reader.held_back
            return UploadPacker(send, self._directory, done=done, held_back=held_back)

        preparation = Preparation(self._reader, packer, most_drops=self._most_drops)
        start = self._reusable(plan, pending) or _fresh(plan, self._clock())
        timed_out = self._state.timeouts
        first = sorted(pending, key=lambda d: d.version_text not in timed_out)  # else as planned
        return preparation.run(first, start=start, at_most=self._state.take_at_most)

    def _reusable(self, plan: Plan, pending: Sequence[Drop]) -> Batch | None:
        """Return uploads of an earlier try, while TikTok keeps them and their drops still wait."""
        earlier = self._state.reusable_uploads
        if earlier is None:
            return None
        name = plan.drop_set.name if plan.drop_set else None
        same = (earlier.action, earlier.set_name) == (plan.action, name)
        same = same and earlier.calculate_type == plan.drops[0].key.calculate_type
        fresh = self._clock() < earlier.at + UPLOADS_LAST
        wait = {d.version for d in pending} >= {d.version for d in earlier.drops}
        return earlier if same and fresh and wait else None

    def _upload(self, file: FinishedFile, calculate_type: str) -> Upload:
        answer = self._client.upload(
            file.path.name,
            file.blocks,
            size=file.size,
            md5=file.md5,
            calculate_type=calculate_type,
            time_left=self._deadline.for_uploads,
        )
        return Upload(answer.file_path, file.size, file.rows, answer.request_id)


def _fresh(plan: Plan, now: float) -> Batch:
    batch = Batch(now, plan.drops[0].key.calculate_type, action=plan.action)
    if plan.drop_set:
        batch.set_name, batch.set_at = plan.drop_set.name, plan.drop_set.at
    return batch
