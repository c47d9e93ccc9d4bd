"""What people do in a story: they write files, lose messages, and put right what was wrong."""

from collections.abc import Mapping
from typing import Any

from support.fake_s3 import client_error
from support.stories.hooks import Hooks
from support.stories.steps import POISON
from support.stories.timeline import APPEND, EMPTY, GOOD, PEOPLE, REMOVE, REPLACE, Timeline, Version
from support.world import World, event_body

_HEADER = b"email_sha256\n"  # and no row


class Deeds:
    """Does a user's steps in a world, and keeps them in the timeline."""

    def __init__(self, world: World, timeline: Timeline, hooks: Hooks) -> None:
        self._world = world
        self._timeline = timeline
        self._hooks = hooks
        self.events = 0

    def do(self, what: str, how: Mapping[str, Any]) -> None:
        getattr(self, f"_{what}")(**how)

    def announce(self, key: str, **extra: object) -> None:
        """Have the event of an object arrive."""
        stored = self._world.s3.objects[key]
        self._world.sqs.send(event_body(key, stored.etag, len(stored.body), **extra))
        self.events += 1

    def _append(self, name: str, file: str, **how: Any) -> None:
        self._write(APPEND, name, file, **how)

    def _remove(self, name: str, file: str, marks: int = 0, **how: Any) -> None:
        """Remove people, and the ids of some drops."""
        versions = self._timeline.versions.values()
        there = [v.mark for v in versions if v.audience == name and v.action != REMOVE]
        self._write(REMOVE, name, file, more=there[-marks:] if marks else [], **how)

    def _replace(
        self,
        name: str,
        parts: list[Mapping[str, Any]],
        apart: int = 0,
        confirmed: bool = False,
        form: str = "email_sha256",
        event: str = "",
        **how: Any,
    ) -> None:
        """Write a set anew, its parts some seconds apart."""
        set_name = how["set"]
        self._delete_set(name, set_name)
        if confirmed:
            self._confirm(name, event="lost", set=set_name)
        for n, part in enumerate(parts):
            self._world.advance(apart if n else 0)
            self._part(name, part=n, form=form, event=event, set=set_name, **part)

    def _delete_set(self, name: str, set_name: str) -> None:
        for part in self._timeline.folder(name, set_name, self._timeline.tick):
            self._timeline.delete(part.key)
            del self._world.s3.objects[part.key]

    def _part(self, name: str, part: int = 0, **how: Any) -> None:
        set_name = how.pop("set")
        self._write(REPLACE, name, f"replace/{set_name}/{part}.csv", set_name=set_name, **how)

    def _confirm(self, name: str, event: str = "", **how: Any) -> None:
        """Confirm a set where it is."""
        parts = self._timeline.folder(name, how["set"], self._timeline.tick)
        folder = f"tiktok/{name}/email_sha256/replace/{how['set']}"
        key = f"{parts[0].key.rpartition('/')[0] if parts else folder}/_CONFIRMED"
        self._world.write(key, b"")
        self._timeline.confirmed.add((name, how["set"]))
        if not event:
            self.announce(key)

    def _write(
        self,
        action: str,
        name: str,
        file: str,
        *,
        content: str,
        people: list[int] | None = None,
        more: list[str] | None = None,
        form: str = "email_sha256",
        event: str = "",
        set_name: str | None = None,
    ) -> None:
        key, mark = f"tiktok/{name}/{form}/{file}", self._timeline.new_mark()
        ids = [mark, *(PEOPLE[i] for i in people or []), *(more or [])] if content == GOOD else []
        body = "".join(f"{i}\n" for i in ids).encode() or (
            _HEADER if content == EMPTY else POISON[content]
        )
        etag = self._world.write(key, body).strip('"')
        version = Version(
            key, etag, name, action, set_name, content, frozenset(ids), mark,
            self._world.now(), self._timeline.tick + 1,
        )  # fmt: skip
        self._timeline.write(version)
        self._hooks.unreadable.discard(key)
        if not event:
            self.announce(key)

    def _chosen(self, number: int) -> Version | None:
        current = self._timeline.current()
        return current[number % len(current)] if current else None

    def _again(self, drop: int = 0, replay: bool = False) -> None:
        version = self._chosen(drop)
        if version:
            self.announce(version.key, **({"replay-name": "again"} if replay else {}))

    def _delete(self, drop: int = 0) -> None:
        version = self._chosen(drop)
        if version:
            self._timeline.delete(version.key)
            del self._world.s3.objects[version.key]

    def _unreadable(self, drop: int = 0, readable: bool = False) -> None:
        version = self._chosen(drop)
        if readable:
            self._hooks.unreadable.clear()
        elif version:
            self._hooks.unreadable.add(version.key)

    def _lose(self, message: str | int = 0) -> None:
        messages = self._world.sqs.messages
        if message == "all":
            messages.clear()
        elif messages:
            del messages[list(messages)[int(message) % len(messages)]]

    def _fault(self, **fault: Any) -> None:
        self._world.sim.faults.add(fault)

    def _s3(self, operation: str, times: int) -> None:
        self._hooks.failing = [operation] * times

    def _secret(self, how: str) -> None:
        w = self._world
        tokens = {"right": w.sim.token, "placeholder": "replace-with-your-token"}
        w.secrets.put(ACCESS_TOKEN=tokens.get(how, how), ADVERTISER_ID=w.sim.advertiser_id)
        refused = client_error("AccessDeniedException") if how == "unreadable" else None
        w.secrets.error = refused

    def _redrive(self) -> None:
        self.events += len(self._world.sqs.dead)
        self._world.redrive()

    def _gone(self, name: str) -> None:
        for audience in self._world.sim.audiences(name):
            self._world.sim.remove(str(audience["id"]))
