"""The layer for Parquet: built by pip for whom it is meant, and only where it is asked for."""

import re
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from support.wheels import WheelIndex, only_index

from stacks import parquet_layer
from stacks.bundling import BundlingError
from stacks.destination import goes_to_this_machine
from stacks.parquet_layer import LayerBundling, for_lambda, for_this_machine

ARM = "cp312-abi3-manylinux_2_26_aarch64.manylinux_2_28_aarch64"
X86 = "cp312-abi3-manylinux_2_27_x86_64.manylinux_2_28_x86_64"
OLD_PYTHON = "cp311-cp311-manylinux_2_27_x86_64.manylinux_2_28_x86_64"


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WheelIndex:
    return only_index(tmp_path / "index", monkeypatch)


@pytest.fixture
def pins(index: WheelIndex, tmp_path: Path) -> Path:
    """Return the pins of a package that has a wheel for each of these, as DuckDB has."""
    hashes = [index.add(tag) for tag in (ARM, X86, OLD_PYTHON)]
    file = tmp_path / "parquet-requirements.txt"
    file.write_text("leaf==1.0 " + " ".join(f"--hash=sha256:{sha256}" for sha256 in hashes))
    return file


def build(pins: Path, options: tuple[str, ...], target: Path) -> None:
    nothing: Any = None  # the options of Docker, which nobody uses
    assert LayerBundling(pins, options).try_bundle(str(target), nothing)


@pytest.mark.parametrize(("architecture", "tag"), [("arm64", ARM), ("x86_64", X86)])
def test_layer_is_for_the_functions_architecture_and_python_on_any_machine(
    pins: Path, tmp_path: Path, architecture: str, tag: str
) -> None:
    build(pins, for_lambda(architecture), tmp_path / "out")

    assert (tmp_path / "out/python/leaf.py").read_text() == f"TAG = '{tag}'\n"


def test_layer_holds_nothing_beside_pythons_folder_and_no_litter(
    pins: Path, tmp_path: Path
) -> None:
    build(pins, for_lambda("arm64"), tmp_path / "out")

    files = {f.relative_to(tmp_path / "out").as_posix() for f in (tmp_path / "out").rglob("*.*")}
    assert {name for name in files if not re.match(r"python/leaf(\.py|-1\.0\.)", name)} == set()
    assert "python/leaf-1.0.dist-info/RECORD" not in files


def test_layer_for_this_machine_takes_what_this_python_can_load(
    index: WheelIndex, tmp_path: Path
) -> None:
    pins = tmp_path / "pins.txt"
    sha256 = index.add("py3-none-any")
    index.add("cp399-cp399-manylinux_2_28_aarch64")
    pins.write_text(f"leaf==1.0 --hash=sha256:{sha256}")

    build(pins, for_this_machine(), tmp_path / "out")

    assert (tmp_path / "out/python/leaf.py").read_text() == "TAG = 'py3-none-any'\n"


def test_a_package_without_a_wheel_for_the_function_stops_the_deploy(
    index: WheelIndex, tmp_path: Path
) -> None:
    pins = tmp_path / "parquet-requirements.txt"
    pins.write_text(f"leaf==1.0 --hash=sha256:{index.add(X86)}")

    with pytest.raises(BundlingError, match=r"pip could not install parquet-requirements\.txt"):
        build(pins, for_lambda("arm64"), tmp_path / "out")


def test_fingerprint_follows_the_pins_and_whom_the_layer_is_for(pins: Path) -> None:
    prints = {
        parquet_layer.fingerprint(pins, options)
        for options in (for_lambda("arm64"), for_lambda("x86_64"), for_this_machine())
    }
    assert len(prints) == 3
    assert parquet_layer.fingerprint(pins, for_lambda("arm64")) in prints

    pins.write_text("leaf==2.0")

    assert parquet_layer.fingerprint(pins, for_lambda("arm64")) not in prints


@pytest.mark.parametrize(
    ("endpoint", "here"),
    [
        (None, False),
        ("", False),
        ("http://127.0.0.1:4566", True),
        ("https://localhost:4566", True),
        ("http://[::1]:4566", True),
        ("https://sqs.eu-west-1.amazonaws.com", False),
        ("http://10.1.2.3:4566", False),
    ],
)
def test_layer_is_for_this_machine_if_that_is_where_it_goes(
    endpoint: str | None, here: bool
) -> None:
    environ = {} if endpoint is None else {"AWS_ENDPOINT_URL": endpoint}

    assert goes_to_this_machine(environ) is here


def test_the_cdk_builds_the_layer_by_pip_alone(pins: Path, tmp_path: Path) -> None:
    stack = cdk.Stack(cdk.App(outdir=str(tmp_path / "cdk.out")), "T")

    code = parquet_layer.layer_code(for_lambda("x86_64"), pins)
    cdk.aws_lambda.LayerVersion(stack, "Layer", code=code)

    (asset,) = (tmp_path / "cdk.out").glob("asset.*")
    assert (asset / "python/leaf.py").is_file()


def test_pins_are_hashed_and_name_duckdb_alone() -> None:
    lines = parquet_layer.REQUIREMENTS.read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.strip().startswith("#"))

    assert re.findall(r"^(\S+)==", text, re.MULTILINE) == ["duckdb"]
    assert text.count("--hash=sha256:") > 2
    assert "://" not in text


@pytest.mark.parametrize(("architecture"), ["arm64", "x86_64"])
def test_parquet_support_adds_the_layer_and_room_for_the_largest_drop(
    synthesise: Any, architecture: str
) -> None:
    stack = synthesise(parquet_support="true", function_architecture=architecture)

    function, layer = stack.the("function"), stack.the("layer")
    assert function["Layers"] == ["<layer>"]
    assert function["EphemeralStorage"] == {"Size": 10240}
    assert function["Environment"]["Variables"]["PARQUET_SUPPORT"] == "true"
    assert function["Architectures"] == layer["CompatibleArchitectures"] == [architecture]
    assert layer["CompatibleRuntimes"] == ["python3.14"]
    assert "LayerName" not in layer


def test_without_parquet_support_there_is_no_layer(stack: Any, with_parquet: Any) -> None:
    assert "Layers" not in stack.the("function")
    assert stack.the("function")["EphemeralStorage"] == {"Size": 1024}
    added = set(with_parquet.resources()) - set(stack.resources())
    assert added == {"layer"}
