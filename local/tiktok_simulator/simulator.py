"""The simulator in a process, with a server of its own threads."""

import threading
from types import TracebackType
from typing import Self

from local.tiktok_simulator.handles import Handles
from local.tiktok_simulator.options import Options
from local.tiktok_simulator.server import Server
from local.tiktok_simulator.world import World


class Simulator(Handles):
    """TikTok's audience endpoints at `url`, from `with` to the end of the block.

    Keyword arguments are those of `Options`. Port 0 takes a free one. Only loopback addresses are
    listened on (ValueError). Every method may be called from any thread, while calls come in.
    """

    def __init__(self, *, host: str = "127.0.0.1", port: int = 0, **options: object) -> None:
        super().__init__(World(Options().changed(options)))
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
