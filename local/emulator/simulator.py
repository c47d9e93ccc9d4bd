"""The TikTok simulator as a process of ours, and its control interface."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.emulator.errors import SandboxError
from local.emulator.paths import SCRIPTS
from local.emulator.processes import start
from local.emulator.service import HOST, Service, chosen_port

HEALTH = "/_control/state"
ADVERTISER_ID = "7000000000000000001"
ACCESS_TOKEN = "simulator-token"


@dataclass(frozen=True, slots=True)
class Control:
    """The control interface of a simulator at `url`, for tests and people."""

    url: str

    def call(self, path: str, body: object = None, *, method: str | None = None) -> dict[str, Any]:
        """Call the control interface: GET without a body, POST with one, unless `method` is given.

        Gives the decoded answer; raises SandboxError with the simulator's words if it objects.
        """
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"{self.url}/_control/{path}",
            data=data,
            method=method or ("GET" if body is None else "POST"),
            headers={"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                decoded: dict[str, Any] = json.load(answer)
                return decoded
        except urllib.error.HTTPError as error:
            with error:
                words = error.read().decode("utf-8", "replace")
            raise SandboxError(f"The simulator refused {path}: {words}") from error

    def set_options(self, **options: object) -> None:
        """Change some of the options that `python -m local.tiktok_simulator --help` lists."""
        self.call("options", options, method="PATCH")

    def audiences(
        self, *, ids: bool = False, advertiser_id: str = ADVERTISER_ID
    ) -> list[dict[str, Any]]:
        """Give an advertiser's audiences, with their sorted ids if asked for."""
        state = self.call("state?ids=1" if ids else "state")
        audiences: list[dict[str, Any]] = state["advertisers"].get(advertiser_id, [])
        return audiences

    def named(
        self, name: str, *, ids: bool = False, advertiser_id: str = ADVERTISER_ID
    ) -> list[dict[str, Any]]:
        """Give an advertiser's audiences of exactly this name."""
        audiences = self.audiences(ids=ids, advertiser_id=advertiser_id)
        return [audience for audience in audiences if audience["name"] == name]


class TikTok(Service):
    """A running simulator of TikTok's API."""

    @property
    def control(self) -> Control:
        """Its control interface."""
        return Control(self.url)


def start_simulator(environment: Mapping[str, str], folder: Path, *, port: int = 0) -> TikTok:
    """Start the simulator on a loopback port (0 = any free one), its log below `folder`.

    Raises SandboxError if the port is taken or it does not answer within a minute.
    """
    port = chosen_port(port, purpose="the TikTok simulator")
    command = [str(SCRIPTS / "python"), "-m", "local.tiktok_simulator", "--host", HOST]
    process = start([*command, "--port", str(port)], environment, folder / "simulator.log")
    return TikTok.awaited("TikTok simulator", f"http://{HOST}:{port}", process, health=HEALTH)
