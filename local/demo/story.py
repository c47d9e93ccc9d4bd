"""The demo's steps, in the order in which they are told."""

import json
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.demo.steps import Steps
from local.emulator import Sandbox, SandboxError, Stack
from local.emulator.inventory import Thing, inventory
from local.emulator.paths import MORE, OPT_OUT, ROOT, RUNS, SAMPLE
from local.emulator.waiting import Found, WaitedTooLongError, wait_for

AUDIENCE = "foodies-custom-audience"
FORMAT = "phone_sha256"
LIMIT_SECONDS = 60.0
LOG_LINES = 15
LEFT_ON_PURPOSE = frozenset({"secret", "log group"})
# The production defaults are made for TikTok's 48 hours; nobody watches a demo that long.
CONTEXT = {
    "settle_seconds": 1,
    "sweep_minutes": 5,
    "retry_base_delay_seconds": 0.1,
    "function_timeout_seconds": 60,
    "tiktok_calls_per_second": 100,
}
PROCESSING_SECONDS = 2
PAGE = RUNS / "status-page.html"
_PAGE_KEY = "status/index.html"
_TOLD = ("status", "action", "call", "rows", "outcome")


def begin(steps: Steps, folder: Path, *, port: int, tiktok_port: int) -> Sandbox:
    """Start the account and TikTok."""
    with steps.step("Starting an AWS account and TikTok on this machine"):
        sandbox = Sandbox.started(folder, port=port, tiktok_port=tiktok_port)
        sandbox.tiktok.control.set_options(processing_seconds=PROCESSING_SECONDS)
    steps.facts(AWS=f"{sandbox.emulator.url}, which is ministack")
    steps.facts(TikTok=f"{sandbox.tiktok.url}, which is a simulator")
    return sandbox


@dataclass(frozen=True, slots=True)
class Story:
    """The demo on a sandbox that runs, told step by step."""

    steps: Steps
    sandbox: Sandbox

    def tell(self, *, to_the_end: bool) -> Stack:
        """Do it all, up to `cdk destroy` if it is to be told to the end; give the stack."""
        with self._step("Preparing the account: cdk bootstrap"):
            self.sandbox.cdk.bootstrap()
        before = inventory(self.sandbox.clients)
        stack = self._deploy()
        self._drop(stack, SAMPLE, "", "for the audience at TikTok")
        more = self._drop(stack, MORE, "", "for TikTok to process that, then take the second file")
        self._drop(stack, OPT_OUT, "remove/", "for TikTok to process that, then take the one out")
        self._sweep(stack)
        receipt = stack.receipt(more) or {}
        told = json.dumps({name: receipt[name] for name in _TOLD}, indent=2)
        self.steps.say("  What became of the second file, from its receipt:")
        self.steps.say(textwrap.indent(told, " " * 6))
        if to_the_end:
            self._destroy(stack, before)
        return stack

    @contextmanager
    def _step(self, text: str) -> Iterator[None]:
        self.sandbox.require_running()
        with self.steps.step(text):
            yield

    def _deploy(self) -> Stack:
        with self._step("Deploying the real template with the real CLI: cdk deploy"):
            stack = self.sandbox.deploy(CONTEXT)
        self.steps.facts(bucket=stack.bucket, function=stack.outputs["FunctionName"])
        with self._step(f"Storing TikTok credentials in the secret {stack.outputs['SecretName']}"):
            stack.set_credentials()
        return stack

    def _drop(self, stack: Stack, file: Path, action: str, waiting: str) -> str:
        body = file.read_bytes()
        rows, verb = len(body.splitlines()), "remove" if action else "add"
        phones = f"{rows:,} hashed phone number{'s' * (rows > 1)} to {verb}"
        with self._step(f"Dropping {file.name}: {phones}"):
            key = stack.drop(AUDIENCE, FORMAT, body, name=action + file.name)
        self.steps.facts(at=f"s3://{stack.bucket}/{key}")
        with self._step(f"Waiting {waiting}"):
            self._await_delivery(stack, key)
        audience = self._audience()
        self.steps.facts(
            audience=audience["name"],
            id=audience["id"],
            type=audience["calculate_type"],
            size=f"{audience['size']:,} identifiers",
        )
        return key

    def _await_delivery(self, stack: Stack, key: str) -> None:
        """Raise SandboxError, with the end of the function's log, if it does not come in time."""
        try:
            receipt = self._wait_for(lambda: stack.receipt(key), f"a receipt of {key}")
        except WaitedTooLongError as error:
            log = "\n".join(f"  | {line}" for line in stack.log_lines()[-LOG_LINES:])
            raise SandboxError(f"{error} The end of the function's log:\n{log}") from error
        if receipt["status"] != "delivered":
            raise SandboxError(f"The drop was not delivered: {json.dumps(receipt, indent=2)}")

    def _audience(self) -> dict[str, Any]:
        (audience,) = self.sandbox.tiktok.control.named(AUDIENCE)
        return audience

    def _sweep(self, stack: Stack) -> None:
        with self._step("Sweeping, which asks TikTok what became of it all"):
            self._wait_for(lambda: not self._audience()["processing"], "TikTok to be ready")
            stack.sweep()
            size = self._audience()["applied_size"]
            self._wait_for(lambda: (stack.status(AUDIENCE) or {}).get("size") == size, "the status")
            self._wait_for(lambda: _PAGE_KEY in stack.keys("status/"), "the page")
        status = stack.status(AUDIENCE) or {}
        stack.clients.s3.download_file(stack.bucket, _PAGE_KEY, str(PAGE))
        self.steps.facts(
            status=f"s3://{stack.bucket}/status/{AUDIENCE}.json",
            state=status["state"],
            size=f"{status['size']:,} people",
            page=f"{PAGE.relative_to(ROOT)}, which was s3://{stack.bucket}/{_PAGE_KEY}",
        )

    def _wait_for(self, find: Callable[[], Found | None], what: str) -> Found:
        def watch() -> Found | None:
            self.sandbox.require_running()
            return find()

        return wait_for(watch, what, seconds=LIMIT_SECONDS)

    def _destroy(self, stack: Stack, before: frozenset[Thing]) -> None:
        """Take the stack down and tell what is left; raises SandboxError if more is than should."""
        with self._step("Taking it all down: cdk destroy"):
            self.sandbox.destroy(stack, CONTEXT)
        left = sorted(inventory(self.sandbox.clients) - before)
        for kind, name in left:
            self.steps.say(f"      {kind:<9} {name}")
        if not {kind for kind, _ in left} <= LEFT_ON_PURPOSE:
            raise SandboxError("More is left of the stack than the secret and the log groups.")
        self.steps.say("  Nothing else is left: the secret and the logs stay on purpose.")
