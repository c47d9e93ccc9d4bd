"""What people do in a story: they write files, confirm sets, and delete what they wrote."""

from collections.abc import Mapping
from typing import Any

from support.stories.hooks import Hooks
from support.stories.mishaps import Mishaps
from support.stories.steps import POISON
from support.stories.timeline import (
    APPEND,
    BAD,
    EMPTY,
    GOOD,
    PEOPLE,
    REMOVE,
    REPLACE,
    Timeline,
    Version,
)
from support.world import World, event_body

_HEADER = b"email_sha256\n"  # and no row


class Deeds:
    """Does a user's steps in a world, and keeps them in the timeline."""

    def __init__(self, world: World, timeline: Timeline, hooks: Hooks) -> None:
        self._world = world
        self._timeline = timeline
        self._hooks = hooks
        self._announced = 0
        self._mishaps = Mishaps(world, timeline, hooks)

    @property
    def events(self) -> int:
        """How many messages were sent by events, and again by redrives."""
        return self._announced + self._mishaps.redriven

    def do(self, what: str, how: Mapping[str, Any]) -> None:
        own = getattr(self, f"_{what}", None)
        (own or getattr(self._mishaps, what))(**how)

    def announce(self, key: str, **extra: object) -> None:
        """Have the event of an object arrive."""
        stored = self._world.s3.objects[key]
        self._world.sqs.send(event_body(key, stored.etag, len(stored.body), **extra))
        self._announced += 1

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

    def _bad_key(self, name: str, file: str) -> None:
        if file.startswith("../"):  # right below tiktok/, so of no audience
            self._store(BAD, "", f"tiktok/{file.removeprefix('../')}", content=GOOD)
        else:
            self._store(BAD, name, f"tiktok/{name}/{file}", content=GOOD)

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
        form: str = "email_sha256",
        **how: Any,
    ) -> None:
        self._store(action, name, f"tiktok/{name}/{form}/{file}", **how)

    def _store(
        self,
        action: str,
        name: str,
        key: str,
        *,
        content: str,
        people: list[int] | None = None,
        more: list[str] | None = None,
        event: str = "",
        set_name: str | None = None,
    ) -> None:
        mark = self._timeline.new_mark()
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

    def _again(self, drop: int = 0, replay: bool = False) -> None:
        version = self._timeline.chosen(drop)
        if version:
            self.announce(version.key, **({"replay-name": "again"} if replay else {}))

    def _replay_all(self) -> None:
        """Replay every event instead of redriving what was refused."""
        self._world.sqs.dead.clear()
        self._world.advance(1)
        for version in self._timeline.current():
            self.announce(version.key, **{"replay-name": "all"})

    def _delete(self, drop: int = 0) -> None:
        version = self._timeline.chosen(drop)
        if version:
            self._timeline.delete(version.key)
            del self._world.s3.objects[version.key]
