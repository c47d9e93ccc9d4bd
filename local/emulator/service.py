"""A process of ours that answers HTTP: started, waited for, watched, stopped."""

import ssl
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.emulator.errors import SandboxError
from local.emulator.processes import Background, start
from local.emulator.waiting import WaitedTooLongError, wait_for

START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Service:
    """One such process; `name` is what a person calls it, `url` has scheme, host and port."""

    name: str
    url: str
    background: Background

    def require_running(self) -> None:
        """Raise SandboxError, with the end of its log, if it has ended."""
        if self.background.ended:
            raise SandboxError(f"The {self.name} has ended.", log=self.background.log)

    def stop(self) -> None:
        """End it with everything that it started."""
        self.background.stop()


def start_service(
    service: tuple[str, str],
    command: Sequence[str],
    environment: Mapping[str, str],
    log: Path,
    *,
    health: str,
    certificate: Path | None = None,
) -> Service:
    """Start a service of this name and address; done when it answers at the path `health`.

    By https it must show `certificate`, which it may write only now. Raises SandboxError if it
    ends, or does not answer within a minute.
    """
    name, url = service
    started = Service(name, url, start(command, environment, log))

    def is_ready() -> bool:
        started.require_running()
        return answers(url + health, certificate=certificate)

    with started.background.stopped_on_failure():
        try:
            wait_for(is_ready, name, seconds=START_SECONDS)
        except WaitedTooLongError as error:
            raise SandboxError(f"The {name} did not start.", log=log) from error
    return started


def answers(url: str, *, seconds: float = 5.0, certificate: Path | None = None) -> bool:
    """Tell whether something answers at this address."""
    try:
        trust = ssl.create_default_context(cafile=certificate) if certificate else None
        with urllib.request.urlopen(url, timeout=seconds, context=trust) as answer:
            return bool(answer.read())
    except OSError:  # URLError and TimeoutError are such, and so is a missing certificate
        return False
