"""The cold start in the bench: `python -m local.bench.cold_start` prints CPU seconds of imports.

Each is the least of several fresh processes, boto3 compiled as Lambda brings it. `smallest` is what
any function of this kind needs: boto3, its clients, requests, the logger and metrics of powertools.
"""

import os
import resource
import subprocess
import sys
import sysconfig
import tempfile
from functools import partial
from pathlib import Path

from stacks.bundling import SOURCE, bundle
from stacks.compiling import by_python

_ROUNDS = 7
_CLIENTS = "import boto3; [boto3.client(name) for name in ('s3', 'sqs', 'secretsmanager')]"
SMALLEST = f"{_CLIENTS}; import requests; from aws_lambda_powertools import Logger, Metrics"
HANDLER = "import audience_uploader.handler as handler; handler._clients()"


def cpu_seconds(code: str, folders: list[Path]) -> float:
    """Return the CPU seconds of a fresh Python that runs `code` with these on its path."""
    environment = {
        "PATH": os.defpath,
        "PYTHONPATH": os.pathsep.join(map(str, folders)),
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_DEFAULT_REGION": "us-east-1",
        # As in Lambda: without them each client asks a server that hands out credentials.
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
    }
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-S", "-c", code], env=environment, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def size_of(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def main() -> None:
    """Print a line for each kind of asset."""
    installed = Path(sysconfig.get_path("purelib"))
    with tempfile.TemporaryDirectory(prefix="bench-") as made:
        plain, compiled = Path(made, "plain"), Path(made, "compiled")
        bundle(SOURCE, plain)
        bundle(SOURCE, compiled, compile_with=partial(by_python, sys.executable))
        layer = Path(made, "layer")
        layer.mkdir()
        (layer / "duckdb").symlink_to(installed / "duckdb")
        for name, code, folders in (
            ("smallest possible, compiled", SMALLEST, [compiled, installed]),
            ("function, compiled", HANDLER, [compiled, installed]),
            ("function, compiled, layer", HANDLER, [compiled, layer, installed]),
            ("smallest possible", SMALLEST, [plain, installed]),
            ("function, not compiled", HANDLER, [plain, installed]),
        ):
            seconds = min(cpu_seconds(code, folders) for _ in range(_ROUNDS))
            print(f"{name:30} {seconds:6.2f} s  {size_of(folders[0]) / 1e6:6.1f} MB", flush=True)


if __name__ == "__main__":
    main()
