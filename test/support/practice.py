"""A deployment of its own in the emulator, and a shell in which a document's commands are run."""

import json
import shlex
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from support.documents import blocks

from local.emulator import Sandbox, Stack
from local.emulator.paths import CDK, GUARD, ROOT, SCRIPTS
from local.emulator.sandbox import STACK
from local.emulator.waiting import wait_for

Test = TypeVar("Test", bound=Callable[..., None])
PRACTISED: set[tuple[str, str, int]] = set()  # the blocks that have a test
NAME = "practice"
LIMIT_SECONDS = 900.0  # two of its commands are a whole `cdk destroy` and a whole `cdk deploy`
PYTHON = sys.executable


def practises(page: str, section: str, *numbers: int) -> Callable[[Test], Test]:
    """Note that a test runs these blocks."""
    PRACTISED.update((page, section, number) for number in numbers)
    return lambda test: test


def assert_all_practised(page: str) -> None:
    """Fail for a block of a page that no test runs, and for a test of a block that is not there."""
    written = {block.name for block in blocks(page)}
    assert written == {name for name in PRACTISED if name[0] == page}


@dataclass
class Practice:
    """The deployment, and a folder with the commands `audiencectl`, `aws` and `cdk` for it."""

    sandbox: Sandbox
    folder: Path
    context: Mapping[str, object]
    stack: Stack

    def delivered(self, key: str) -> dict[str, Any]:
        """Wait for the receipt of a file that is delivered, and give it."""

        def receipt() -> dict[str, Any] | None:
            found = self.stack.receipt(key)
            return found if found and found["status"] == "delivered" else None

        return wait_for(receipt, f"{key} to be delivered", seconds=60)

    @property
    def dead(self) -> dict[str, str]:
        """The files in the dead-letter queue, with the reason of each."""
        told = self.shell("audiencectl dead-letters --json").stdout
        return {letter["key"]: letter["reason"] for letter in json.loads(told)["dead_letters"]}

    def came_back(self) -> None:
        """Take the outputs of the stack as it is now."""
        found = self.sandbox.clients.of("cloudformation").describe_stacks(
            StackName=f"{STACK}-{NAME}"
        )
        outputs = {o["OutputKey"]: o["OutputValue"] for o in found["Stacks"][0]["Outputs"]}
        self.stack = Stack(outputs, self.sandbox.clients)

    @classmethod
    def deployed(cls, sandbox: Sandbox, folder: Path, context: Mapping[str, object]) -> "Practice":
        """Deploy it, with credentials that the simulator takes."""
        context = {
            **context,
            "deployment_name": NAME,
            "tiktok_data_bucket_name": f"{NAME}-local",
            "tiktok_api_url": sandbox.tiktok.url,
        }
        outputs = sandbox.cdk.deploy(f"{STACK}-{NAME}", context)
        stack = Stack(outputs, sandbox.clients)
        stack.set_credentials()
        practice = cls(sandbox, folder, context, stack)
        practice._write_commands()
        return practice

    def run(
        self,
        page: str,
        section: str,
        number: int = 1,
        *,
        stdin: str = "",
        lines: int | None = None,
        instead: Mapping[str, str] | None = None,
    ) -> str:
        """Run a block's commands, or its first `lines`, until one fails; give what they print.

        `instead` puts other text in the place of some that only a reader can know.
        """
        text = self.block(page, section, number)
        for old, new in (instead or {}).items():
            assert old in text
            text = text.replace(old, new)
        return self.named("".join(text.splitlines(keepends=True)[:lines]), stdin=stdin)

    def block(self, page: str, section: str, number: int = 1) -> str:
        """Give the text of a block."""
        (text,) = (b.text for b in blocks(page) if (b.section, b.number) == (section, number))
        return text

    def named(self, script: str, *, stdin: str = "") -> str:
        """Run a script that uses the names of the document; give what it prints."""
        done = self.shell(f"{self.names}\n{script}", stdin=stdin)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def shell(self, script: str, *, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run any script as a block is run."""
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.folder,
            env=self._environment(),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
            check=False,
        )

    def write(self, name: str, content: bytes) -> None:
        """Write one of the files that the commands speak of."""
        (self.folder / name).write_bytes(content)

    @property
    def names(self) -> str:
        """What the document has readers begin with, for this deployment."""
        first = blocks("operations_aws")[0].text
        usual = f"stack={STACK}\n"
        assert usual in first
        return first.replace(usual, f"stack={STACK}-{NAME}\n")

    def _environment(self) -> dict[str, str]:
        usual = dict(self.sandbox.cdk.environment)
        usual["PATH"] = f"{self.folder / 'bin'}:{usual['PATH']}"
        usual["PYTHONPATH"] = f"{GUARD}:{ROOT}"
        return usual

    def _write_commands(self) -> None:
        python = shlex.quote(PYTHON)
        shim = shlex.quote(str(ROOT / "test" / "support" / "plain_aws.py"))
        options = ["--output", str(self.folder / "cdk.out"), "--no-notices", "--ci"]
        for key, value in self.context.items():
            options += ["-c", f"{key}={value}"]
        cdk = shlex.join([str(SCRIPTS / "node"), str(CDK)])
        tag = f"aws s3api put-bucket-tagging --bucket {self.stack.bucket} --tagging "
        tag += """'{"TagSet": [{"Key": "aws-cdk:auto-delete-objects", "Value": "true"}]}'"""
        self._command("audiencectl", f'exec {python} -m audiencectl --deployment {NAME} "$@"')
        self._command("aws", f'exec {python} {shim} "$@"')
        # Nobody is there to be asked, and the emulator loses the tag by which CDK may empty it.
        self._command(
            "cdk",
            f"verb=$1; shift; cd {shlex.quote(str(ROOT))}\n"
            f'case $verb in destroy) {tag}; set -- --force "$@";;\n'
            f'*) set -- --require-approval never "$@";; esac\n'
            f'exec {cdk} "$verb" {shlex.join(options)} "$@"',
        )

    def _command(self, name: str, script: str) -> None:
        file = self.folder / "bin" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/bash\nset -e\n{script}\n")
        file.chmod(0o755)
