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
from local.emulator.ports import HOST, chosen_port
from local.emulator.processes import Background, start
from local.emulator.waiting import WaitedTooLongError, wait_for

START_SECONDS = 30.0
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


@dataclass(frozen=True, slots=True)
class TikTok:
    """A running simulator of TikTok's API."""

    control: Control
    background: Background

    @property
    def url(self) -> str:
        """Scheme, host and port of the API."""
        return self.control.url

    def stop(self) -> None:
        """End it."""
        self.background.stop()


def start_simulator(environment: Mapping[str, str], folder: Path, *, port: int = 0) -> TikTok:
    """Start the simulator on a loopback port (0 = any free one), its log below `folder`.

    Raises SandboxError if the port is taken or it does not answer within half a minute.
    """
    port = chosen_port(port, purpose="the TikTok simulator")
    command = [str(SCRIPTS / "python"), "-m", "local.tiktok_simulator"]
    command += ["--host", HOST, "--port", str(port)]
    background = start(command, environment, folder / "simulator.log")
    tiktok = TikTok(Control(f"http://{HOST}:{port}"), background)
    with background.stopped_on_failure():
        _await_answer(tiktok)
    return tiktok


def _await_answer(tiktok: TikTok) -> None:
    try:
        wait_for(lambda: _answers(tiktok), "the simulator", seconds=START_SECONDS)
    except WaitedTooLongError as error:
        log = tiktok.background.log
        raise SandboxError("The TikTok simulator did not start.", log=log) from error


def _answers(tiktok: TikTok) -> bool:
    if tiktok.background.ended:
        raise SandboxError("The TikTok simulator ended at once.", log=tiktok.background.log)
    try:
        return bool(tiktok.control.call("state"))
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False
