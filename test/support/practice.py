"""A kept demo, and a shell with its lines pasted, in which a document's commands are run."""

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from support.documents import blocks

from local.demo.kept import running_demo
from local.emulator import Stack
from local.emulator.clients import Clients
from local.emulator.paths import GUARD, ROOT
from local.emulator.simulator import Control
from local.emulator.waiting import wait_for

Test = TypeVar("Test", bound=Callable[..., None])
PRACTISED: set[tuple[str, str, int]] = set()  # the blocks that have a test
LIMIT_SECONDS = 3600.0  # a demo takes a minute or two; a busy machine many times that
PYTHON = sys.executable
DEMO = [PYTHON, "-m", "local.demo"]


def practises(page: str, section: str, *numbers: int) -> Callable[[Test], Test]:
    """Note that a test runs these blocks."""
    PRACTISED.update((page, section, number) for number in numbers)
    return lambda test: test


def assert_all_practised(page: str) -> None:
    """Fail for a block of a page that no test runs, and for a test of a block that is not there."""
    written = {block.name for block in blocks(page)}
    assert written == {name for name in PRACTISED if name[0] == page}


@dataclass(frozen=True)
class Practice:
    """A demo that was left running, and a folder for files and commands.

    `told` is what the demo printed, `shown` what its last lines, pasted into a terminal, print.
    """

    folder: Path
    told: str
    shown: subprocess.CompletedProcess[str]

    @classmethod
    @contextmanager
    def opened(cls, folder: Path) -> Iterator["Practice"]:
        """Keep a demo while the block runs."""
        done = subprocess.run(
            [*DEMO, "--keep"], cwd=ROOT, capture_output=True, text=True, timeout=LIMIT_SECONDS
        )
        try:
            assert done.returncode == 0, done.stdout + done.stderr
            practice = cls(folder, done.stdout, _bash(_pasted(done.stdout), Path("/")))
            practice._write_commands()
            practice.tiktok.set_options(processing_seconds=0)
            yield practice
        finally:
            subprocess.run([*DEMO, "--stop"], cwd=ROOT, check=True, timeout=LIMIT_SECONDS)

    @property
    def stack(self) -> Stack:
        """The stack as it is deployed now."""
        return running_demo().stack

    @property
    def clients(self) -> Clients:
        """The clients of the demo's AWS account."""
        return self.stack.clients

    @property
    def tiktok(self) -> Control:
        """The controls of the demo's TikTok."""
        return Control(running_demo().tiktok_url)

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
        """Run any script in a shell into which the demo's lines were pasted."""
        exports = [line for line in _pasted(self.told).splitlines() if line.startswith("export ")]
        ours = f"export PATH={shlex.quote(str(self.folder / 'bin'))}:$PATH"
        return _bash("\n".join([*exports, ours, script]), self.folder, stdin=stdin)

    def write(self, name: str, content: bytes) -> None:
        """Write one of the files that the commands speak of."""
        (self.folder / name).write_bytes(content)

    @property
    def names(self) -> str:
        """What the document has readers begin with."""
        return blocks("operations_aws")[0].text

    def _write_commands(self) -> None:
        python, shim = shlex.quote(PYTHON), ROOT / "test" / "support" / "plain_aws.py"
        cdk = shlex.quote(f"{running_demo().folder}/bin/cdk")
        guarded = f"export PYTHONPATH={shlex.quote(f'{GUARD}:{ROOT}')}"
        self._command("audiencectl", f'{guarded}\nexec {python} -m audiencectl --demo "$@"')
        self._command("aws", f'{guarded}\nexec {python} {shlex.quote(str(shim))} "$@"')
        # Nobody is there to be asked.
        self._command(
            "cdk",
            f"verb=$1; shift\n"
            f'case $verb in destroy) set -- --force "$@";;\n'
            f'*) set -- --require-approval never "$@";; esac\n'
            f'exec {cdk} "$verb" "$@"',
        )

    def _command(self, name: str, script: str) -> None:
        file = self.folder / "bin" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/bash\nset -e\n{script}\n")
        file.chmod(0o755)


def _pasted(told: str) -> str:
    return told.partition("Paste this:\n")[2]


def _bash(script: str, folder: Path, *, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={"PATH": os.defpath, "HOME": os.environ["HOME"]},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
