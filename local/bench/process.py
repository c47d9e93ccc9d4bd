"""A process that measures: on one CPU, with its peak memory, and its figures as JSON."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).parents[2]


def peak_bytes() -> int:
    """Return the peak of this process's resident memory since it was started."""
    status = Path("/proc/self/status")
    if status.exists():  # ru_maxrss may still hold the peak of the process that forked this one
        fields = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(fields["VmHWM"].split()[0]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def pin_to_one_cpu() -> None:
    """Keep this process on one CPU, where the system can."""
    if hasattr(os, "sched_setaffinity"):  # Linux alone has it
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def figures_from(module: str, argument: str) -> dict[str, Any]:
    """Return the JSON that a module of the bench prints in a process of its own."""
    command = [sys.executable, "-m", module, argument]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(_ROOT), str(_ROOT / "lambda")])}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures
