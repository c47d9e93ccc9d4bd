"""Wheels made in the test, in a folder that is pip's only index."""

import base64
import hashlib
import os
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, slots=True)
class WheelIndex:
    """A folder of wheels of the package `leaf`, version 1.0."""

    folder: Path

    def add(self, tag: str = "py3-none-any") -> str:
        """Write a wheel with this tag and return its sha256; its module's TAG is the tag."""
        path = self.folder / f"leaf-1.0-{tag}.whl"
        info = "leaf-1.0.dist-info"
        files = {
            "leaf.py": f"TAG = '{tag}'\n",
            f"{info}/METADATA": "Metadata-Version: 2.1\nName: leaf\nVersion: 1.0\n",
            f"{info}/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n",
            f"{info}/entry_points.txt": "[console_scripts]\nleaf = leaf:TAG\n",
        }
        lines = [f"{name},{_digest(text)},{len(text)}" for name, text in files.items()]
        files[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,"])
        with zipfile.ZipFile(path, "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
        return hashlib.sha256(path.read_bytes()).hexdigest()


def only_index(folder: Path, monkeypatch: pytest.MonkeyPatch) -> WheelIndex:
    """Return an empty index in `folder`, the only place that pip looks at in this test."""
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return WheelIndex(folder)


def _digest(text: str) -> str:
    raw = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(raw).decode().rstrip("=")
