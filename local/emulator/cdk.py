"""The real CDK command line, pointed at the emulator."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.emulator.environment import ACCOUNT, REGION
from local.emulator.errors import SandboxError
from local.emulator.paths import CDK, ROOT, SCRIPTS
from local.emulator.processes import start

LIMIT_SECONDS = 900.0  # many times what it takes, for a machine with much else to do


@dataclass(frozen=True, slots=True)
class Cdk:
    """Runs `cdk` in `app_folder` with all that it writes below `folder`.

    Every method raises SandboxError with the end of the CLI's own output when the CLI fails.
    """

    environment: Mapping[str, str]
    folder: Path
    app_folder: Path = ROOT

    @property
    def log(self) -> Path:
        """The file that gets the whole output of the CLI."""
        return self.folder / "cdk.log"

    def bootstrap(self) -> None:
        """Run `cdk bootstrap` for the emulator's one account and region.

        Outside the app's folder, where the CLI would put the whole app together for nothing.
        """
        self._run(["bootstrap", f"aws://{ACCOUNT}/{REGION}"], {}, folder=self.folder)

    def deploy(self, stack: str, context: Mapping[str, object]) -> dict[str, str]:
        """Run `cdk deploy` and give the stack's outputs by name."""
        outputs = self.folder / "outputs.json"
        settings = ["--require-approval", "never", "--outputs-file", str(outputs)]
        self._run(["deploy", stack, *settings], context)
        deployed: dict[str, dict[str, str]] = json.loads(outputs.read_text("utf-8"))
        return deployed[stack]

    def destroy(self, stack: str, context: Mapping[str, object]) -> None:
        """Run `cdk destroy`, without the app where a deploy has put the stack together already."""
        made = self.folder / "cdk.out"
        app = ["--app", str(made)] if stack in _stacks(made / "manifest.json") else []
        self._run(["destroy", stack, "--force", *app], context)

    def _run(
        self, arguments: Sequence[str], context: Mapping[str, object], folder: Path | None = None
    ) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        words = [*command(self.folder, arguments, context), "--ci"]
        run = start(words, self.environment, self.log, folder=folder or self.app_folder)
        if (code := run.finish(LIMIT_SECONDS)) != 0:
            why = "failed" if code else f"took longer than {LIMIT_SECONDS:g} s"
            raise SandboxError(f"`cdk {arguments[0]}` {why}.", log=self.log)


def _stacks(manifest: Path) -> Collection[str]:
    return json.loads(manifest.read_text("utf-8"))["artifacts"] if manifest.exists() else []


def command(folder: Path, arguments: Sequence[str], context: Mapping[str, object]) -> list[str]:
    """Give the words that run the CLI: of a setting given twice, the later one counts.

    What it makes is below `folder`. The context stands behind the verb, so before all else.
    """
    settings = [part for key, value in context.items() for part in ("-c", f"{key}={value}")]
    settings += ["--output", str(folder / "cdk.out"), "--no-notices"]
    return [str(SCRIPTS / "node"), str(CDK), *arguments[:1], *settings, *arguments[1:]]
