"""The scheduled pass: drops that no message tells of, outcomes, and what people read of both.

It takes no lease. It goes audience by audience and, when time runs out, leaves a cursor for the
next one.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from audience_uploader.adapters.aws_errors import PreconditionFailed
from audience_uploader.adapters.json_store import DamagedObject
from audience_uploader.adapters.s3_state import StateStore
from audience_uploader.adapters.secrets import Credentials, CredentialsMissing, CredentialStore
from audience_uploader.adapters.sqs_queue import Queue, event_body
from audience_uploader.delivery.deadline import Invocation
from audience_uploader.domain.drop import Drop
from audience_uploader.domain.message import SWEEP
from audience_uploader.domain.outcomes import OutOfTime, Unavailable
from audience_uploader.domain.rhythm import Rhythm
from audience_uploader.domain.times import Clock
from audience_uploader.observability import Observer
from audience_uploader.sweep.audience_pass import AudiencePass, Bucket, Visit
from audience_uploader.sweep.outcomes import DAY, OutcomeSweep, Stored
from audience_uploader.sweep.register import Register
from audience_uploader.tiktok.client import TikTokClient
from audience_uploader.tiktok.errors import CredentialsRefused, TikTokError
from audience_uploader.tiktok.models import Audience

MakeClient = Callable[[Credentials, Invocation], AbstractContextManager[TikTokClient]]


class Sweep:
    """One pass over a bucket; a pass that fails is done, since the next one comes."""

    def __init__(
        self,
        bucket: Bucket,
        states: StateStore,
        queue: Queue,
        credentials: CredentialStore,
        make_client: MakeClient,
        outcomes: OutcomeSweep,
        observer: Observer,
        clock: Clock,
        rhythm: Rhythm,
    ) -> None:
        self._bucket = bucket
        self._states = states
        self._queue = queue
        self._credentials = credentials
        self._make_client = make_client
        self._outcomes = outcomes
        self._observer = observer
        self._clock = clock
        self._rhythm = rhythm

    def run(self, invocation: Invocation) -> None:
        """Sweep; nothing is raised for what the next pass may find in order again."""
        try:
            self._run(invocation)
        except (Unavailable, OutOfTime, PreconditionFailed) as error:
            self._observer.sweep_failed(type(error).__name__)
        except Exception as error:  # noqa: BLE001 - a bug: logged, and no message comes back for it
            self._observer.bug(error)
            self._observer.sweep_failed(type(error).__name__)

    def _run(self, invocation: Invocation) -> None:
        register = Register(self._bucket.objects)
        register.load()
        credentials = self._known_credentials()
        stored = dict(self._stored(credentials))
        seen = self._ask(credentials, stored, register, invocation) if credentials else {}
        walk = AudiencePass(self._bucket, self._clock, self._rhythm)
        walk.begin()
        missed, finished = self._walk(walk, register, stored, seen, credentials, invocation)
        register.sent.update(dict.fromkeys(missed, self._clock()))
        register.save(now=self._clock(), hour=self._rhythm.hour)
        for drop in missed.values():
            self._queue.send(event_body(self._bucket.drops.bucket, drop, reason=SWEEP))
        walk.write_page()
        self._observer.swept(sent=len(missed), finished=finished)

    def _walk(
        self,
        walk: AudiencePass,
        register: Register,
        stored: dict[str, Stored],
        seen: dict[str, Audience | None],
        credentials: Credentials | None,
        invocation: Invocation,
    ) -> tuple[dict[str, Drop], bool]:
        """Return the drops to send a message for, by group, and whether the pass ended."""
        missed: dict[str, Drop] = {}
        for name in walk.names(stored, after=register.cursor):
            if invocation.deadline.passed:
                return missed, False
            state = stored[name][0] if name in stored else None
            leased = state is not None and self._states.is_leased(state)
            visit = Visit(name, state, seen.get(name), leased=leased, asked=bool(credentials))
            found = walk.visit(visit)
            if credentials:
                missed |= register.unsent(found, since=self._clock() - self._rhythm.hour)
            register.cursor = name
        register.cursor = ""
        return missed, True

    def _known_credentials(self) -> Credentials | None:
        try:
            return self._credentials.get()
        except CredentialsMissing as missing:
            self._observer.credentials_refused(str(missing))
            return None

    def _stored(self, credentials: Credentials | None) -> Iterator[tuple[str, Stored]]:
        """Yield the states of the advertiser's audiences, by name."""
        if credentials is None:
            return
        prefix = f"state/{credentials.advertiser_id}/"
        for key in self._bucket.objects.keys(prefix):
            name = key.removeprefix(prefix).removesuffix(".json")
            try:
                state, etag = self._states.read(credentials.advertiser_id, name)
            except DamagedObject:
                self._observer.sweep_failed("DamagedObject")
                continue
            if etag is not None:
                yield name, (state, etag)

    def _ask(
        self,
        credentials: Credentials,
        stored: dict[str, Stored],
        register: Register,
        invocation: Invocation,
    ) -> dict[str, Audience | None]:
        now = self._clock()
        everything = now >= register.asked_all_at + DAY
        try:
            with self._make_client(credentials, invocation) as client:
                found = self._outcomes.ask(
                    client, list(stored.values()), invocation, everything=everything
                )
        except TikTokError as error:
            if isinstance(error, CredentialsRefused):
                self._observer.credentials_refused(str(error))
            return {}
        if everything:
            register.asked_all_at = now
        return found
