"""The demo's steps, in the order in which they are told."""

import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from local.demo.kept import keep
from local.demo.steps import Steps
from local.demo.usage import how_to_use
from local.emulator import Sandbox, SandboxError, Stack
from local.emulator.inventory import Thing, inventory
from local.emulator.paths import MORE, SAMPLE
from local.emulator.waiting import WaitedTooLongError

AUDIENCE = "foodies-custom-audience"
FORMAT = "phone_sha256"
LIMIT_SECONDS = 60.0
LOG_LINES = 15
LEFT_ON_PURPOSE = frozenset({"secret", "log group"})
# The production defaults are made for TikTok's 48 hours; nobody watches a demo that long.
CONTEXT = {"settle_seconds": 1, "retry_base_delay_seconds": 0.1, "function_timeout_seconds": 60}
PROCESSING_SECONDS = 2


def tell(steps: Steps, folder: Path, *, stay: bool, port: int, tiktok_port: int) -> None:
    """Run the demo; with `stay` it ends before the clean-up and leaves everything running."""
    with ExitStack() as undo:
        sandbox = _start(steps, undo, folder, port, tiktok_port)
        before = _prepare(steps, sandbox)
        stack = _deploy(steps, sandbox)
        _deliver(steps, sandbox, stack)
        if stay:
            undo.pop_all()
            steps.say(how_to_use(keep(sandbox, stack)))
        else:
            _destroy(steps, sandbox, stack, before)


def _start(steps: Steps, undo: ExitStack, folder: Path, port: int, tiktok_port: int) -> Sandbox:
    with steps.step("Starting an AWS account and TikTok on this machine"):
        sandbox = Sandbox.started(folder, port=port, tiktok_port=tiktok_port)
        undo.callback(_stop, steps, sandbox)
        sandbox.tiktok.control.set_options(processing_seconds=PROCESSING_SECONDS)
    steps.facts(AWS=f"{sandbox.emulator.url}, which is ministack")
    steps.facts(TikTok=f"{sandbox.tiktok.url}, which is a simulator")
    return sandbox


def _stop(steps: Steps, sandbox: Sandbox) -> None:
    with steps.step("Stopping everything that was started"):
        sandbox.stop()


def _prepare(steps: Steps, sandbox: Sandbox) -> frozenset[Thing]:
    with steps.step("Preparing the account: cdk bootstrap"):
        sandbox.cdk.bootstrap()
    return inventory(sandbox.clients)


def _deploy(steps: Steps, sandbox: Sandbox) -> Stack:
    with steps.step("Deploying the real template with the real CLI: cdk deploy"):
        stack = sandbox.deploy(CONTEXT)
    steps.facts(bucket=stack.bucket, function=stack.outputs["FunctionName"])
    with steps.step(f"Storing TikTok credentials in the secret {stack.outputs['SecretName']}"):
        stack.set_credentials()
    return stack


def _deliver(steps: Steps, sandbox: Sandbox, stack: Stack) -> None:
    _drop(steps, sandbox, stack, SAMPLE, "for the audience at TikTok")
    receipt = _drop(
        steps, sandbox, stack, MORE, "for TikTok to process the first file, then take the second"
    )
    steps.say("  What became of the second file, as its receipt says:")
    steps.say("\n".join(f"      {line}" for line in json.dumps(receipt, indent=2).splitlines()))


def _drop(steps: Steps, sandbox: Sandbox, stack: Stack, file: Path, waiting: str) -> dict[str, Any]:
    body = file.read_bytes()
    rows = len(body.splitlines())
    with steps.step(f"Dropping {file.name}: {rows:,} hashed phone numbers"):
        key = stack.drop(AUDIENCE, FORMAT, body, name=file.name)
    steps.facts(at=f"s3://{stack.bucket}/{key}")
    with steps.step(f"Waiting {waiting}"):
        receipt = _delivered(stack, key)
    for audience in sandbox.tiktok.control.named(AUDIENCE):
        steps.facts(**_described(audience))
    return receipt


def _delivered(stack: Stack, key: str) -> dict[str, Any]:
    """Give the receipt of a delivered drop; raises SandboxError with the end of the log else."""
    try:
        receipt = stack.awaited_receipt(key, seconds=LIMIT_SECONDS)
    except WaitedTooLongError as error:
        log = "\n".join(f"  | {line}" for line in stack.log_lines()[-LOG_LINES:])
        raise SandboxError(f"{error} The end of the function's log:\n{log}") from error
    if receipt["status"] != "delivered":
        raise SandboxError(f"The drop was not delivered: {json.dumps(receipt, indent=2)}")
    return receipt


def _described(audience: dict[str, Any]) -> dict[str, object]:
    return {
        "audience": audience["name"],
        "id": audience["id"],
        "type": audience["calculate_type"],
        "size": f"{audience['size']:,} identifiers",
    }


def _destroy(steps: Steps, sandbox: Sandbox, stack: Stack, before: frozenset[Thing]) -> None:
    with steps.step("Taking it all down: cdk destroy"):
        sandbox.destroy(stack, CONTEXT)
    left = sorted(inventory(sandbox.clients) - before)
    for kind, name in left:
        steps.say(f"      {kind:<9} {name}")
    if not {kind for kind, _ in left} <= LEFT_ON_PURPOSE:
        raise SandboxError("More is left of the stack than the secret and the log groups.")
    steps.say("  Nothing else is left: the secret and the logs stay on purpose.")
