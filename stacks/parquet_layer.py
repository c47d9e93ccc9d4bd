"""The layer with DuckDB, which reads Parquet drops: put together by pip, without Docker."""

import hashlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

import aws_cdk as cdk
import jsii
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from stacks.bundling import RUNTIME, RUNTIME_PYTHON, SOURCE, pip_install
from stacks.destination import goes_to_this_machine

REQUIREMENTS: Final = SOURCE / "parquet-requirements.txt"
# Amazon Linux 2023, on which the runtime stands, has glibc 2.34; newest first.
_GLIBC: Final = ("2_34", "2_28", "2_27", "2_26", "2_17")
_MACHINES: Final = {"arm64": "aarch64", "x86_64": "x86_64"}


class ParquetLayer(Construct):
    """One version of the layer, for the runtime's Python on the function's architecture.

    Deployed into an emulator on this machine it is for this machine's own Python, since that is
    what runs the function there.
    """

    def __init__(self, scope: Construct, id_: str, architecture: lambda_.Architecture) -> None:
        super().__init__(scope, id_)
        here = goes_to_this_machine(os.environ)
        options = for_this_machine() if here else for_lambda(architecture.name)
        self.layer = lambda_.LayerVersion(
            self,
            "Layer",
            description="DuckDB, for Parquet drops of the TikTok audience uploader",
            license="MIT",
            code=layer_code(options),
            compatible_runtimes=[RUNTIME],
            compatible_architectures=[architecture],
        )


def for_lambda(architecture: str) -> tuple[str, ...]:
    """Return pip's options for the runtime on `arm64` or `x86_64`, whatever machine this is."""
    machine = _MACHINES[architecture]
    platforms = (f"--platform=manylinux_{glibc}_{machine}" for glibc in _GLIBC)
    python = ("--implementation=cp", f"--python-version={RUNTIME_PYTHON}")
    return ("--only-binary=:all:", *platforms, *python)


def for_this_machine() -> tuple[str, ...]:
    """Return pip's options for the Python that runs this."""
    return ("--only-binary=:all:",)


def layer_code(options: Sequence[str], requirements: Path = REQUIREMENTS) -> lambda_.AssetCode:
    """Return the layer's content; its hash follows the pins, the recipe and for whom it is."""
    local = cast(cdk.ILocalBundling, LayerBundling(requirements, options))
    return lambda_.Code.from_asset(
        str(requirements.parent),
        asset_hash_type=cdk.AssetHashType.CUSTOM,
        asset_hash=fingerprint(requirements, options),
        bundling=cdk.BundlingOptions(image=RUNTIME.bundling_image, local=local),
    )


def fingerprint(requirements: Path, options: Sequence[str]) -> str:
    """Return the hash that names the layer's content, on every machine that builds the same."""
    own = sys.version if "--implementation=cp" not in options else ""
    texts = [requirements.read_text("utf-8"), Path(__file__).read_text("utf-8"), *options, own]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


@jsii.implements(cdk.ILocalBundling)
class LayerBundling:
    """Fills the layer's folder on this machine; BundlingError where it cannot."""

    def __init__(self, requirements: Path, options: Sequence[str]) -> None:
        self._requirements = requirements
        self._options = tuple(options)

    def try_bundle(self, output_dir: str, options: cdk.BundlingOptions) -> bool:  # noqa: ARG002
        """Return True, always: False would make the CDK look for Docker."""
        pip_install(self._requirements, Path(output_dir) / "python", self._options)
        return True
