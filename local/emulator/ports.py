"""Ports of the loopback interface."""

import socket

from local.emulator.errors import SandboxError

HOST = "127.0.0.1"


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
