"""The simulator in a process: a server of its own threads, and handles on all that it holds."""

import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from local.tiktok_simulator import seeding, views
from local.tiktok_simulator.answers import Json
from local.tiktok_simulator.faults import Faults
from local.tiktok_simulator.options import Options
from local.tiktok_simulator.server import Server
from local.tiktok_simulator.world import World


class Simulator:
    """TikTok's audience endpoints at `url`, from `with` to the end of the block.

    Keyword arguments are those of `Options`. Port 0 takes a free one. Only loopback addresses are
    listened on (ValueError). Every method may be called from any thread, while calls come in.
    """

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0, **options: object) -> None:
        self.world = World(Options().changed(options))
        self._server = Server((host, port), self.world)
        self._thread = threading.Thread(target=self._server.serve, name="tiktok-simulator")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Begins to answer, in threads of its own; the port is open since the constructor."""
        self._thread.start()

    def stop(self) -> None:
        """Cuts all connections, ends all threads and frees the port. May be called again."""
        self.world.stopping.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Scheme, host and port, no slash at the end."""
        return self._server.url

    @property
    def token(self) -> str:
        """The access token that is right at present."""
        return self.world.options.token

    @property
    def advertiser_id(self) -> str:
        """The first of the granted advertisers."""
        return self.world.options.advertisers[0]

    @property
    def faults(self) -> Faults:
        """The fault rules: `add({"kind": "http", "value": 502, "times": 1})`, `clear`, `listed`."""
        return self.world.faults

    def state(self, *, ids: bool = False) -> Json:
        """The whole state as `GET /_control/state` shows it."""
        return views.state(self.world, ids=ids)

    def audiences(self, name: str | None = None, *, advertiser_id: str = "") -> list[Json]:
        """An advertiser's audiences (of that exact name), with sorted `ids`, oldest first."""
        with self.world.lock:
            rows = self.world.audiences(advertiser_id or self.advertiser_id).values()
            return [
                views.audience_view(self.world, row, ids=True)
                for row in rows
                if name in (None, row.name)
            ]

    def calls(self, endpoint: str = "", *, since: int = 0) -> list[dict[str, object]]:
        """The log of calls, oldest first."""
        return self.world.calls.listed(endpoint=endpoint, since=since)

    def counts(self) -> dict[str, dict[str, int]]:
        """Calls per endpoint and answer."""
        return self.world.calls.counts()

    def uploads(self) -> list[dict[str, object]]:
        """What is known of every accepted upload, oldest first."""
        with self.world.lock:
            return [upload.as_json() for upload in self.world.uploads.all()]

    def content(self, file_path: str) -> bytes:
        """The exact bytes of an upload (option keep_uploads); KeyError if there was none."""
        with self.world.lock:
            upload = self.world.uploads.get(file_path)
        if upload is None:
            raise KeyError(file_path)
        return bytes(upload.content)

    def set_options(self, **changes: object) -> Options:
        """Changes options from the next call on."""
        with self.world.lock:
            self.world.options = self.world.options.changed(changes)
            return self.world.options

    def seed(self, **wanted: object) -> list[str]:
        """Makes audiences that are there already; gives their ids. Fields: `POST audiences`."""
        return seeding.seed(self.world, wanted)

    def edit(self, audience_id: str, **changes: object) -> Json:
        """Changes an audience behind the API's back. Fields: `PATCH audiences/<id>`."""
        changed: Mapping[str, object] = changes
        with self.world.lock:
            audience = seeding.edit(self.world, audience_id, changed)
            return views.audience_view(self.world, audience, ids=True)

    def remove(self, audience_id: str) -> None:
        """Deletes an audience behind the API's back; KeyError if there is none."""
        seeding.remove(self.world, audience_id)

    def advance(self, seconds: float) -> None:
        """Puts the simulator's clock forward."""
        self.world.clock.advance(seconds)

    def reset(self) -> None:
        """As new, with the options it was made with."""
        self.world.reset()
