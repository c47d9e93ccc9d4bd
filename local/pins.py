"""Pins the development packages anew: `python -m local.pins` rewrites both requirements files.

Every pin moves to the newest release of its major version that goes with the others; a new major
version is a decision, not an update.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

FILES = ("requirements.txt", "requirements-dev.txt")
_PIN = re.compile(r"^(?P<name>[\w.-]+)(?P<extras>\[[^\]]*\])?==(?P<version>\d+[\w.]*)$", re.M)


def wanted(text: str) -> list[str]:
    """What to ask pip for: each pinned package, from its present version up to the next major."""
    return [
        f"{pin['name']}{pin['extras'] or ''}>={pin['version']},<{_major(pin['version']) + 1}"
        for pin in _PIN.finditer(text)
    ]


def repinned(text: str, newest: dict[str, str]) -> str:
    """The same text with the versions of `newest`, by normalised name; others stay as they are."""

    def pinned(pin: re.Match[str]) -> str:
        version = newest.get(_normal(pin["name"]), pin["version"])
        return f"{pin['name']}{pin['extras'] or ''}=={version}"

    return _PIN.sub(pinned, text)


def resolved(requirements: list[str]) -> dict[str, str]:
    """What pip would install for these, by normalised name; installs nothing.

    Raises CalledProcessError when pip finds no set that fits.
    """
    pip = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet"]
    done = subprocess.run(
        [*pip, "--report", "-", *requirements], check=True, stdout=subprocess.PIPE, text=True
    )
    found = [item["metadata"] for item in json.loads(done.stdout)["install"]]
    return {_normal(package["name"]): package["version"] for package in found}


def _major(version: str) -> int:
    return int(version.partition(".")[0])


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> None:
    """Rewrites the files in the working folder, together, and says what moved."""
    texts = {Path(name): Path(name).read_text() for name in FILES}
    newest = resolved([line for text in texts.values() for line in wanted(text)])
    for path, text in texts.items():
        path.write_text(repinned(text, newest))
        moved = set(_PIN.findall(path.read_text())) - set(_PIN.findall(text))
        print(f"{path}: {', '.join(sorted(f'{n} {v}' for n, _, v in moved)) or 'up to date'}")


if __name__ == "__main__":
    main()
