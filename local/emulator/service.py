"""A process of ours that answers HTTP on loopback: started, waited for, watched, stopped."""

import socket
import ssl
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from local.emulator.errors import SandboxError
from local.emulator.processes import Background
from local.emulator.waiting import WaitedTooLongError, wait_for

HOST = "127.0.0.1"
START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Service:
    """One such process; `name` is what a person calls it, `url` has scheme, host and port."""

    name: str
    url: str
    background: Background

    @classmethod
    def awaited(
        cls, name: str, url: str, background: Background, *, health: str, trust: Path | None = None
    ) -> Self:
        """Give the service of a process that has just begun, as soon as it answers at `health`.

        By https it must show the certificate `trust`, which it may write only now. Raises
        SandboxError if it ends, or does not answer within a minute.
        """
        service = cls(name, url, background)

        def is_ready() -> bool:
            service.require_running()
            return answers(url + health, certificate=trust)

        with background.stopped_on_failure():
            try:
                wait_for(is_ready, name, seconds=START_SECONDS)
            except WaitedTooLongError as error:
                raise SandboxError(f"The {name} did not start.", log=background.log) from error
        return service

    def require_running(self) -> None:
        """Raise SandboxError, with the end of its log, if it has ended."""
        if self.background.ended:
            raise SandboxError(f"The {self.name} has ended.", log=self.background.log)

    def stop(self) -> None:
        """End it with everything that it started."""
        self.background.stop()


def answers(url: str, *, seconds: float = 5.0, certificate: Path | None = None) -> bool:
    """Tell whether something answers at this address."""
    try:
        trust = ssl.create_default_context(cafile=certificate) if certificate else None
        with urllib.request.urlopen(url, timeout=seconds, context=trust) as answer:
            return bool(answer.read())
    except OSError:  # URLError and TimeoutError are such, and so is a missing certificate
        return False


def free_port() -> int:
    """Give a port that nothing listens on right now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def chosen_port(wanted: int, *, purpose: str) -> int:
    """Give `wanted`, or any free port for 0; raises SandboxError if it is taken."""
    if wanted == 0:
        return free_port()
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted))
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or error
            raise SandboxError(
                f"Port {wanted} for {purpose} is not free: {why}. Choose another, or 0 for any."
            ) from error
    return wanted
