"""The function's code with its dependencies: put together by pip, without Docker."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_lambda as lambda_

from stacks import compiling
from stacks.compiling import CompileError, Compiler, compile_all, compiler
from stacks.destination import goes_to_this_machine

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
        asset_hash=fingerprint(source, compiled=_compiler() is not None),
        bundling=cdk.BundlingOptions(image=RUNTIME.bundling_image, local=local),
    )


def fingerprint(source: Path, *, compiled: bool = False) -> str:
    """Return the hash that names the asset: equal for equal sources and an equal recipe.

    Whether there are compiled files is part of the recipe.
    """
    modules = (Path(__file__), Path(compiling.__file__))
    recipe = "".join(module.read_text("utf-8") for module in modules) + f"compiled: {compiled}"
    exclude = [*_EXCLUDE, *_NOT_OF_THE_FUNCTION]
    return cdk.FileSystem.fingerprint(str(source), exclude=exclude, extra_hash=recipe)


@jsii.implements(cdk.ILocalBundling)
class PipBundling:
    """Fills the asset's folder on this machine; BundlingError where it cannot."""

    def __init__(self, source: Path) -> None:
        self._source = source

    def try_bundle(self, output_dir: str, options: cdk.BundlingOptions) -> bool:  # noqa: ARG002
        """Return True, always: False would make the CDK look for Docker."""
        bundle(self._source, Path(output_dir), compile_with=_compiler())
        return True


def bundle(source: Path, target: Path, *, compile_with: Compiler | None = None) -> None:
    """Put the package under `source` and its dependencies into `target`; raises BundlingError.

    With a compiler of the runtime's version to `compile_with`, compiled files go along.
    """
    pip_install(source / "requirements.txt", target, _PURE_PYTHON)
    ignore = shutil.ignore_patterns(*_CACHES, "requirements.*", *_NOT_OF_THE_FUNCTION)
    shutil.copytree(source, target, ignore=ignore, dirs_exist_ok=True)
    if compile_with:
        try:
            compile_all(target, compile_with)
        except CompileError as error:
            raise BundlingError(str(error)) from error


def _compiler() -> Compiler | None:
    """Return none for an emulator on this machine, whose Python is another than the runtime's."""
    return None if goes_to_this_machine(os.environ) else compiler(RUNTIME_PYTHON)


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
