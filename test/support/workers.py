"""The deployed function's processes: children of the emulator, found in /proc."""

from pathlib import Path

from local.emulator.sandbox import Sandbox

PROC = Path("/proc")
_BYTES_PER_KIB = 1024


def can_be_found() -> bool:
    """Tell whether this system has /proc as Linux does."""
    return (PROC / "self" / "status").exists()


def workers(sandbox: Sandbox) -> list[int]:
    """Give the process ids of the function's workers that run now."""
    parent = sandbox.emulator.background.pid
    return [
        int(process.name)
        for process in PROC.glob("[0-9]*")
        if _status(process).get("PPid") == str(parent)
        and b"_worker.py" in _read(process / "cmdline")
    ]


def peak_memory(pid: int) -> int:
    """Give the most memory, in bytes, that a process has held so far (VmHWM)."""
    kibibytes, _unit = _status(PROC / str(pid))["VmHWM"].split()
    return int(kibibytes) * _BYTES_PER_KIB


def _status(process: Path) -> dict[str, str]:
    lines = _read(process / "status").decode("utf-8", "replace").splitlines()
    pairs = (line.partition(":") for line in lines)
    return {name: value.strip() for name, _, value in pairs}


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""  # ended while we looked
