"""`cdk` for the demo that was left running: the real CLI, on that demo's AWS and settings."""

import os
import subprocess
import sys
from pathlib import Path

from local.demo.kept import running_demo
from local.emulator import SandboxError
from local.emulator.cdk import command
from local.emulator.environment import safe_environment
from local.emulator.paths import ROOT


def main(arguments: list[str]) -> int:
    """Run the CLI; give its exit code."""
    try:
        demo = running_demo()
    except SandboxError as error:
        print(error, file=sys.stderr)
        return 1
    folder = Path(demo.folder)
    home = folder / "home"
    environment = safe_environment(os.environ, home, endpoint=demo.emulator_url)
    verb, rest = arguments[:1], arguments[1:]
    run = command(folder / "cdk", [*verb, *rest], demo.context)
    code = subprocess.run(run, cwd=ROOT, env=environment, check=False).returncode
    if code == 0 and verb == ["deploy"]:
        demo.deployed_again()
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
