"""ministack, the AWS emulator, as a process of ours."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.emulator.errors import SandboxError
from local.emulator.paths import SCRIPTS
from local.emulator.ports import HOST, chosen_port
from local.emulator.processes import Background, start
from local.emulator.waiting import WaitedTooLongError, wait_for

START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Emulator:
    """A running emulator; `url` is its one endpoint for every AWS service."""

    url: str
    background: Background

    def stop(self) -> None:
        """End it, with the functions' workers that it runs."""
        self.background.stop()


def start_emulator(environment: Mapping[str, str], folder: Path, *, port: int = 0) -> Emulator:
    """Start ministack on a loopback port (0 = any free one), with all its files below `folder`.

    Raises SandboxError if the port is taken or it does not answer within a minute.
    """
    port = chosen_port(port, purpose="the AWS emulator")
    url = f"http://{HOST}:{port}"
    variables = dict(environment) | settings(port, folder) | {"AWS_ENDPOINT_URL": url}
    background = start([str(SCRIPTS / "ministack")], variables, folder / "ministack.log")
    with background.stopped_on_failure():
        _await_answer(url, background)
    return Emulator(url, background)


def _await_answer(url: str, background: Background) -> None:
    try:
        wait_for(lambda: _answers(url, background), "the emulator", seconds=START_SECONDS)
    except WaitedTooLongError as error:
        raise SandboxError("The AWS emulator did not start.", log=background.log) from error


def settings(port: int, folder: Path) -> dict[str, str]:
    """Give the variables that keep ministack on one loopback port, its files below `folder`."""
    scratch = folder / "tmp"
    scratch.mkdir(parents=True, exist_ok=True)
    return {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": HOST,
        "MINISTACK_HOST": HOST,
        # It would listen on 8883 and 2222 too, whether anyone wants it or not.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "TMPDIR": str(scratch),
        # Idle workers of a burst: one is enough to keep warm on two cores.
        "LAMBDA_WARM_TTL_SECONDS": "60",
    }


def _answers(url: str, background: Background) -> bool:
    if background.ended:
        raise SandboxError("The AWS emulator ended at once.", log=background.log)
    try:
        with urllib.request.urlopen(f"{url}/_ministack/health", timeout=2) as answer:
            return bool(json.load(answer))
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False
