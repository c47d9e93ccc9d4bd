"""ministack, the AWS emulator, as a process of ours."""

from collections.abc import Mapping
from pathlib import Path

from local.emulator.paths import SCRIPTS
from local.emulator.processes import start
from local.emulator.service import HOST, Service, chosen_port

HEALTH = "/_ministack/health"


def start_emulator(
    environment: Mapping[str, str], folder: Path, *, port: int = 0, certificate: Path | None = None
) -> Service:
    """Start ministack on a loopback port (0 = any free one), with all its files below `folder`.

    With the path of its `certificate` it speaks https. Raises SandboxError if the port is taken or
    it does not answer within a minute.
    """
    port = chosen_port(port, purpose="the AWS emulator")
    url = f"{'https' if certificate else 'http'}://{HOST}:{port}"
    settings = dict(environment) | _settings(port, folder) | {"AWS_ENDPOINT_URL": url}
    process = start([str(SCRIPTS / "ministack")], settings, folder / "ministack.log")
    return Service.awaited("AWS emulator", url, process, health=HEALTH, trust=certificate)


def _settings(port: int, folder: Path) -> dict[str, str]:
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
