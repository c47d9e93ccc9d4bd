"""What TikTok took, seen from TikTok's side: every change, and every refused call."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from support.stories.timeline import Timeline, Version
from support.world import World

_ID = re.compile(rb"^[0-9a-f]{64}$", re.M)


@dataclass(slots=True, eq=False)
class Change:
    """One create or update that TikTok took; `job` is the simulator's.

    `answered` tells whether the function heard of it, `killed` whether it died with it; `began`
    is the tick at which its invocation began, `tick` that of the call.
    """

    audience_id: str
    name: str
    call: str
    action: str
    ids: frozenset[str]
    versions: list[Version]
    at: float
    began: int
    tick: int
    job: Any
    answered: bool = False
    killed: bool = False

    @property
    def heard(self) -> bool:
        """Whether the function surely knows of it."""
        return self.answered and not self.killed

    @property
    def failed(self) -> bool:
        return self.job.failure is not None


@dataclass(frozen=True, slots=True)
class RefusedCall:
    """A call that TikTok refused, with the keys of the drops in it: None of a list or get."""

    at: float
    keys: frozenset[str] | None


class Ledger:
    """Listens to the calls of a world. `began` is asked for the tick of the running invocation."""

    def __init__(self, world: World, timeline: Timeline, began: Callable[[], int]) -> None:
        self.changes: list[Change] = []
        self.refused: list[RefusedCall] = []
        self.sets_sent = 0  # calls of REPLACE, whatever came of them
        self.unclear: set[str] = set()  # audiences with a change of which nobody can tell
        self.broken: Exception | None = None
        self._world = world
        self._timeline = timeline
        self._began = began
        self.on_change: Callable[[Change, Ledger], None] = lambda change, ledger: None
        self.after_call: Callable[[str, Any], None] = lambda path, body: None
        self._remember()
        self._send = world.tiktok.send
        world.tiktok.send = self._watched  # type: ignore[method-assign]

    def rows(self) -> dict[str, Any]:
        """Return the simulator's audiences by id, as they are."""
        simulated = self._world.sim.world
        return simulated.advertisers.get(self._world.sim.advertiser_id, {})

    def applied(self, change: Change) -> bool:
        """Tell whether TikTok has done it by now."""
        return not change.failed and change.job.due <= self._world.now()

    def of(self, version: Version) -> list[Change]:
        """Return the changes that a version was in."""
        return [c for c in self.changes if version in c.versions]

    def holds(self, change: Change) -> bool:
        """Tell whether TikTok has surely done it, and it is there: no set came after it.

        The failure of a change that the function never heard of looks like that of the one before.
        An audience that a person deleted holds nothing.
        """
        later = [c for c in self.changes[self.changes.index(change) + 1 :] if c.name == change.name]
        replaced = any(c.action == "replace" or (c.failed and not c.heard) for c in later)
        return self.applied(change) and not replaced and change.audience_id in self.rows()

    def _watched(self, request: Any, *args: object, **kwargs: object) -> Any:
        if request.body is not None and not isinstance(request.body, bytes):
            request.body = b"".join(request.body)
        self._remember()
        try:
            return self._send(request, *args, **kwargs)
        finally:
            calls = self._world.sim.world.calls
            if calls._total > self._called:  # another function's calls may have come before it
                self.after_call(request.path_url, request.body)
                self._look(request, calls._calls[-1].code)
            self._remember()

    def _remember(self) -> None:
        self._called = self._world.sim.world.calls._total
        self._jobs = {i: row.job for i, row in self.rows().items()}

    def _look(self, request: Any, code: int | None) -> None:
        try:
            self.sets_sent += b'"REPLACE"' in (request.body or b"")
            self._note(request, self._new_change(request), code)
        except Exception as error:
            self.broken = error  # the function would take it for a bug of its own
            raise

    def _new_change(self, request: Any) -> Change | None:
        for audience_id, row in self.rows().items():
            if row.job is not None and row.job is not self._jobs.get(audience_id):
                ids, senders = self._content(request)
                return Change(
                    audience_id,
                    row.name,
                    request.path_url.split("/")[-2],
                    row.job.action.lower(),
                    ids,
                    senders,
                    self._world.now(),
                    self._began(),
                    self._timeline.tick,
                    row.job,
                )
        return None

    def _note(self, request: Any, change: Change | None, code: int | None) -> None:
        if change:
            change.answered = code in (0, 20001)
            self.on_change(change, self)
            self.changes.append(change)
        elif code not in (None, 0):
            asked = request.method == "GET"
            keys = None if asked else frozenset(v.key for v in self._content(request)[1])
            self.refused.append(RefusedCall(self._world.now(), keys))

    def _content(self, request: Any) -> tuple[frozenset[str], list[Version]]:
        """Return the ids in the files of a call, and the drops that they come from."""
        if "upload" in request.path_url:
            ids = frozenset(i.decode() for i in _ID.findall(request.body))
            return ids, self._timeline.senders(ids, removing=False)
        asked = json.loads(request.body)
        uploads = [self._world.sim.world.uploads.get(p) for p in asked.get("file_paths") or []]
        ids = frozenset(i for upload in uploads if upload for i in upload.ids)
        return ids, self._timeline.senders(ids, removing=asked.get("action") == "REMOVE")
