"""An AWS account and TikTok on this machine, and the stack deployed between them."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.emulator.cdk import Cdk
from local.emulator.clients import Clients
from local.emulator.environment import safe_environment
from local.emulator.errors import SandboxError
from local.emulator.ministack import start_emulator
from local.emulator.paths import CDK, WHEELS
from local.emulator.service import Service
from local.emulator.simulator import TikTok, start_simulator
from local.emulator.stack import Stack

STACK = "TikTokAudienceUploader"
BUCKET = "tiktok-audiences-local"


@dataclass(frozen=True, slots=True)
class Sandbox:
    """Everything that the demo and the end-to-end tests stand on, running."""

    folder: Path
    emulator: Service
    tiktok: TikTok
    cdk: Cdk
    clients: Clients

    @classmethod
    @contextmanager
    def opened(cls, folder: Path, *, port: int = 0, tiktok_port: int = 0) -> Iterator["Sandbox"]:
        """Give a running sandbox with its files below `folder`; stops it all at the end.

        Ports of 0 mean any free one. Raises SandboxError when a part does not start.
        """
        sandbox = cls.started(folder, port=port, tiktok_port=tiktok_port)
        try:
            yield sandbox
        finally:
            sandbox.stop()

    @classmethod
    def started(cls, folder: Path, *, port: int = 0, tiktok_port: int = 0) -> "Sandbox":
        """Give a running sandbox that the caller stops."""
        require_packages()
        home = folder / "home"
        home.mkdir(parents=True, exist_ok=True)
        environment = safe_environment(os.environ, home)
        with contextlib.ExitStack() as undo:
            emulator = start_emulator(environment, folder, port=port)
            undo.callback(emulator.stop)
            tiktok = start_simulator(environment, folder, port=tiktok_port)
            undo.pop_all()
        cdk = Cdk(environment | {"AWS_ENDPOINT_URL": emulator.url}, folder / "cdk")
        return cls(folder, emulator, tiktok, cdk, Clients(emulator.url))

    def require_running(self) -> None:
        """Raise SandboxError, with the end of its log, for a part that has ended by itself."""
        self.emulator.require_running()
        self.tiktok.require_running()

    def stop(self) -> None:
        """End the emulator, the function's workers and the simulator."""
        self.emulator.stop()
        self.tiktok.stop()

    def deploy(self, context: Mapping[str, object] | None = None) -> Stack:
        """Deploy the real template, with TikTok's address always that of the simulator.

        A `deployment_name` in the context gives a stack and a bucket of that name.
        """
        whole = self.context(context)
        outputs = self.cdk.deploy(_named(STACK, whole), whole)
        return Stack(outputs, self.clients)

    def destroy(self, stack: Stack, context: Mapping[str, object] | None = None) -> None:
        """Run `cdk destroy`; what is left after it is left on purpose."""
        restore_bucket_tag(stack)
        whole = self.context(context)
        self.cdk.destroy(_named(STACK, whole), whole)

    def context(self, context: Mapping[str, object] | None = None) -> dict[str, object]:
        """Give the context of every `cdk` command here, with what is wanted besides."""
        # All that someone may have put into cdk.context.json for an account of their own.
        given = context or {}
        usual = {"tiktok_data_bucket_name": _named(BUCKET, given), "reuse_existing_secret": "false"}
        return {**usual, **given, "tiktok_api_url": self.tiktok.url}


def _named(name: str, context: Mapping[str, object]) -> str:
    deployment = context.get("deployment_name")
    return f"{name}-{deployment}" if deployment else name


def restore_bucket_tag(stack: Stack) -> None:
    """Put the tag on the bucket by which CDK's clean-up knows that it may empty it.

    The emulator loses the tag that the template sets; AWS keeps it.
    """
    stack.clients.s3.put_bucket_tagging(
        Bucket=stack.bucket,
        Tagging={"TagSet": [{"Key": "aws-cdk:auto-delete-objects", "Value": "true"}]},
    )


def require_packages() -> None:
    """Raise SandboxError, with what to do, if a package that the sandbox needs is not installed."""
    if not CDK.exists() or not WHEELS.is_dir():
        raise SandboxError("Some packages are missing. Run `make setup` first.")
