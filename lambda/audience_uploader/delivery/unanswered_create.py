"""What became of a create whose answer was lost: TikTok's list tells, after a while."""

from audience_uploader.adapters.s3_state import HeldLease
from audience_uploader.delivery.find_audience import check_type, look_up
from audience_uploader.domain.batch import Batch
from audience_uploader.domain.times import Clock
from audience_uploader.tiktok.client import TikTokClient
from audience_uploader.tiktok.errors import AudienceUnknown, FileRefused
from audience_uploader.tiktok.models import Audience


class CreateUnanswered(Exception):
    """A create was sent, its answer was lost, and the list does not show the audience (yet)."""


class UnansweredCreate:
    """Looks for the audience of a held lease after its create had no answer.

    `list_lag` is the seconds for which the list may not show a new audience.
    """

    def __init__(
        self, held: HeldLease, client: TikTokClient, clock: Clock, *, list_lag: float
    ) -> None:
        self._held = held
        self._state = held.state
        self._client = client
        self._clock = clock
        self._list_lag = list_lag

    def made_of(self, batch: Batch) -> Audience | None:
        """Return the audience that the create made; None where it made none, which is stored.

        One that a person made meanwhile is another audience of the same name: the rows go there.
        Raises CreateUnanswered while nobody can tell; and Refusal, TikTokError or LeaseTaken.
        """
        try:
            found, details = self._search()
        except (FileRefused, AudienceUnknown):
            raise CreateUnanswered from None  # an answer to the search is none to the create
        if found:
            check_type(found, batch.calculate_type)
            return self._ours(found, details, batch)
        if self._clock() < batch.at + self._list_lag:
            raise CreateUnanswered
        self._state.pending_create = None
        self._held.save()
        return None

    def _search(self) -> tuple[Audience | None, Audience | None]:
        found = look_up(self._client, self._state.audience_name, altered=True)
        return found, self._client.get_audience(found.audience_id) if found else None

    def _ours(self, found: Audience, details: Audience | None, batch: Batch) -> Audience | None:
        if details is None:
            raise CreateUnanswered  # listed, and not known to get yet
        if details.made_by_api:
            return found
        self._state.audience_id = found.audience_id
        self._state.pending_create, self._state.reusable_uploads = None, batch
        self._held.save()  # the uploads are appended by the ordinary way, from here on
        return None
