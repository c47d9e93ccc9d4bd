"""Refuses every connection and name lookup that would leave this machine.

Standard library only, and importable by its bare name: it is loaded into processes that know
nothing of this project, such as the function's worker inside the emulator.
"""

import ipaddress
import socket
import sys
from typing import Any

_LOOKUPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})
_CONNECTIONS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_INTERNET = (socket.AF_INET, socket.AF_INET6)


class OutsideLoopbackError(PermissionError):
    """A connection to another machine was tried and refused before anything was sent."""


def is_loopback(host: str | bytes | None) -> bool:
    """Tell whether a host as given to the socket module can only mean this machine.

    None and the empty name are what servers bind to. A name is only accepted if it is `localhost`
    or below it: every other name could resolve to anything.
    """
    if not host:
        return True
    text = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    name = text.partition("%")[0].rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    # Python 3.13 looks into mapped addresses itself, earlier ones do not.
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback or address.is_unspecified


def refuse_other_hosts() -> None:
    """Make this process unable to connect to, send to or look up any other host, for good.

    An audit hook can't be taken away again and also sees calls made from C code.
    """
    sys.addaudithook(_check)


def _check(event: str, args: tuple[Any, ...]) -> None:
    if not event.startswith("socket."):
        return
    if event in _LOOKUPS:
        _refuse_unless_loopback(args[0])
    elif event in _CONNECTIONS and args[0].family in _INTERNET and args[1]:
        _refuse_unless_loopback(args[1][0])


def _refuse_unless_loopback(host: str | bytes | None) -> None:
    if not is_loopback(host):
        raise OutsideLoopbackError(f"connection to {host!r} refused: it is not this machine")
