"""The function's code with its dependencies: put together by pip, without Docker."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_lambda as lambda_

RUNTIME: Final = lambda_.Runtime.PYTHON_3_14
RUNTIME_PYTHON: Final = RUNTIME.name.removeprefix("python")
SOURCE: Final = Path(__file__).resolve().parent.parent / "lambda"
# Only pure Python: the same files serve arm64, x86_64 and every Python from 3.11 on.
_PURE_PYTHON: Final = (
    "--only-binary=:all:",
    "--platform=any",
    "--implementation=py",
    "--abi=none",
    f"--python-version={RUNTIME_PYTHON}",
)
_CACHES: Final = ("__pycache__", "*.pyc", ".*", "test", "tests")
_EXCLUDE: Final = [*(f"**/{name}" for name in _CACHES[:3]), "requirements.in", *_CACHES[3:]]
_NOT_OF_THE_FUNCTION: Final = ["parquet-requirements.*"]
# A person's pip settings say where packages come from; these would say where they go to.
_MISLEADING: Final = {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV"}
# What pip writes differently from run to run, and no run of the function reads.
_NOISE: Final = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
# Where Lambda unpacks the code; tracebacks name it.
_UNPACKED_AT: Final = "/var/task"


class BundlingError(RuntimeError):
    """The function's code could not be put together; the text says why and what to try."""


def function_code(source: Path = SOURCE) -> lambda_.AssetCode:
    """Return the code to deploy: the package and its pinned dependencies in one folder.

    The hash is that of the sources and of this recipe, never of pip's output, so that the same
    checkout is the same asset on every machine, and one that is in `cdk.out` is used again.
    """
    local = cast(cdk.ILocalBundling, PipBundling(source))
    return lambda_.Code.from_asset(
        str(source),
        exclude=_EXCLUDE,
        asset_hash_type=cdk.AssetHashType.CUSTOM,
        asset_hash=fingerprint(source, compiled=compiler() is not None),
        bundling=cdk.BundlingOptions(image=RUNTIME.bundling_image, local=local),
    )


def fingerprint(source: Path, *, compiled: bool = False) -> str:
    """Return the hash that names the asset: equal for equal sources and an equal recipe.

    Whether there are compiled files is part of the recipe.
    """
    recipe = Path(__file__).read_text(encoding="utf-8") + f"compiled: {compiled}"
    exclude = [*_EXCLUDE, *_NOT_OF_THE_FUNCTION]
    return cdk.FileSystem.fingerprint(str(source), exclude=exclude, extra_hash=recipe)


@jsii.implements(cdk.ILocalBundling)
class PipBundling:
    """Fills the asset's folder on this machine; BundlingError where it cannot."""

    def __init__(self, source: Path) -> None:
        self._source = source

    def try_bundle(self, output_dir: str, options: cdk.BundlingOptions) -> bool:  # noqa: ARG002
        """Return True, always: False would make the CDK look for Docker."""
        bundle(self._source, Path(output_dir), compile_with=compiler())
        return True


@cache
def compiler() -> str | None:
    """Return a Python of the runtime's version that works on this machine, or None."""
    named = shutil.which(f"python{RUNTIME_PYTHON}")
    for candidate in filter(None, (sys.executable, named)):
        command = [candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        # A name on the path may stand for a version that isn't there.
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if done.stdout.strip() == RUNTIME_PYTHON:
            return candidate
    return None


def bundle(source: Path, target: Path, *, compile_with: str | None = None) -> None:
    """Put the package under `source` and its dependencies into `target`; raises BundlingError.

    With a Python of the runtime's version to `compile_with`, compiled files go along, which spares
    every cold start the compiling; those of another version would never be read.
    """
    pip_install(source / "requirements.txt", target, _PURE_PYTHON)
    ignore = shutil.ignore_patterns(*_CACHES, "requirements.*", *_NOT_OF_THE_FUNCTION)
    shutil.copytree(source, target, ignore=ignore, dirs_exist_ok=True)
    if compile_with:
        _compile(target, compile_with)


def pip_install(requirements: Path, target: Path, options: Iterable[str]) -> None:
    """Install hashed requirements into `target`, the same files every time; BundlingError."""
    command = [sys.executable, "-m", "pip", "install", "--target", str(target), *options]
    command += ["--no-user", "--no-compile", "--require-hashes", "--quiet", "--no-input"]
    command += ["--disable-pip-version-check", "-r", str(requirements)]
    environment = {name: value for name, value in os.environ.items() if name not in _MISLEADING}
    done = subprocess.run(  # noqa: S603 (our own interpreter, our own arguments)
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BundlingError(
            f"pip could not install {requirements.name} of the function (it needs a package index "
            f"or pip's cache, and pip itself in {sys.executable}): {done.stderr.strip()}"
        )
    _remove_noise(target)


def _remove_noise(target: Path) -> None:
    shutil.rmtree(target / "bin", ignore_errors=True)
    for folder in [*target.rglob("__pycache__")]:
        shutil.rmtree(folder)
    for name in _NOISE:
        for file in target.glob(f"*.dist-info/{name}"):
            file.unlink()


def _compile(target: Path, python: str) -> None:
    """Compile every module; unchecked, since unpacking gives the sources another time."""
    command = [python, "-m", "compileall", "-qq", "--invalidation-mode", "unchecked-hash"]
    command += ["-s", str(target), "-p", _UNPACKED_AT, str(target)]
    if subprocess.run(command, check=False).returncode:  # noqa: S603 (found by ourselves)
        raise BundlingError("a module of the function or of a dependency could not be compiled")
