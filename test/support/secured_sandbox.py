"""A sandbox on which IAM is enforced: every call needs a policy that allows it.

Bucket policies demand TLS then, so everything speaks to the emulator by https, and trusts its
certificate and no other.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import boto3
import botocore.session

from local.emulator.cdk import Cdk
from local.emulator.clients import Clients
from local.emulator.environment import safe_environment
from local.emulator.ministack import start_emulator
from local.emulator.sandbox import Sandbox, require_packages
from local.emulator.service import HOST
from local.emulator.simulator import start_simulator

ENFORCE = {"AUTH": "true", "USE_SSL": "1"}


@dataclass(frozen=True)
class SecuredClients(Clients):
    """Clients of the account's root user, who may do everything, over TLS.

    `certificate` is the emulator's own, which signed itself.
    """

    certificate: Path

    def __post_init__(self) -> None:
        if not self.endpoint.startswith(f"https://{HOST}:"):
            raise ValueError(f"{self.endpoint} is not an https endpoint on this machine")

    @cached_property
    def _session(self) -> boto3.session.Session:
        core = botocore.session.Session()
        core.set_config_variable("ca_bundle", str(self.certificate))
        return boto3.session.Session(botocore_session=core)


@contextmanager
def secured_sandbox(folder: Path) -> Iterator[Sandbox]:
    """Give a running sandbox on which IAM is enforced, its files below `folder`; stops it after.

    The function runs with its own role. Raises SandboxError when a part does not start.
    """
    require_packages()
    certificate = folder / "tmp" / "ministack-tls" / "server.crt"
    environment = safe_environment(os.environ, folder / "home") | _trust_in(certificate)
    with ExitStack() as undo:
        emulator = start_emulator(environment | ENFORCE, folder, certificate=certificate)
        undo.callback(emulator.stop)
        tiktok = start_simulator(environment, folder)
        undo.callback(tiktok.stop)
        cdk = Cdk(environment | {"AWS_ENDPOINT_URL": emulator.url}, folder / "cdk")
        yield Sandbox(folder, emulator, tiktok, cdk, SecuredClients(emulator.url, certificate))


def _trust_in(certificate: Path) -> dict[str, str]:
    # Two names for the function and its clients in Python, and for the CDK in Node.js.
    return {"AWS_CA_BUNDLE": str(certificate), "NODE_EXTRA_CA_CERTS": str(certificate)}
