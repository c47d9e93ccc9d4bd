"""The function's code: put together by pip from hashed, pure wheels, the same every time."""

import marshal
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from support.wheels import only_index

from stacks import bundling
from stacks.bundling import BundlingError
from stacks.compiling import by_python

Wheel = Callable[..., str]


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Wheel:
    """Return a maker of wheels in pip's only index; it returns the sha256 of each."""
    return only_index(tmp_path / "index", monkeypatch).add


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a function's sources, with the litter that must not be deployed."""
    source = tmp_path / "source"
    for name in (
        "audience_uploader/__init__.py",
        "audience_uploader/tiktok/client.py",
        "audience_uploader/__pycache__/client.cpython-314.pyc",
        "audience_uploader/tests/test_client.py",
        ".mypy_cache/x.json",
        "requirements.in",
        "parquet-requirements.in",
        "parquet-requirements.txt",
    ):
        file = source / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("# text\n", encoding="utf-8")
    return source


def pin(source: Path, sha256: str) -> None:
    (source / "requirements.txt").write_text(f"leaf==1.0 --hash=sha256:{sha256}\n")


def listed(folder: Path) -> dict[str, bytes]:
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in files}


def test_bundle_holds_the_package_and_its_dependencies_and_no_litter(
    source: Path, wheel: Wheel, tmp_path: Path
) -> None:
    pin(source, wheel())

    bundling.bundle(source, tmp_path / "out")

    assert set(listed(tmp_path / "out")) == {
        "audience_uploader/__init__.py",
        "audience_uploader/tiktok/client.py",
        "leaf.py",
        "leaf-1.0.dist-info/METADATA",
        "leaf-1.0.dist-info/WHEEL",
        "leaf-1.0.dist-info/entry_points.txt",
    }


def test_bundle_is_the_same_twice(source: Path, wheel: Wheel, tmp_path: Path) -> None:
    pin(source, wheel())

    bundling.bundle(source, tmp_path / "one")
    bundling.bundle(source, tmp_path / "two")

    assert listed(tmp_path / "one") == listed(tmp_path / "two")


def test_bundle_is_not_led_astray_by_a_persons_pip_settings(
    source: Path, wheel: Wheel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pin(source, wheel())
    for name in ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    monkeypatch.setenv("PIP_USER", "1")
    monkeypatch.setenv("PIP_REQUIRE_VIRTUALENV", "1")
    monkeypatch.setenv("PIP_NO_BINARY", ":all:")

    bundling.bundle(source, tmp_path / "out")

    assert "leaf.py" in listed(tmp_path / "out")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    ("tag", "sha256"),
    [
        ("py3-none-any", "0" * 64),
        ("cp314-cp314-manylinux2014_aarch64", ""),
    ],
    ids=["another hash", "a compiled wheel"],
)
def test_a_package_that_is_not_the_pinned_pure_one_stops_the_deploy(
    source: Path, wheel: Wheel, tmp_path: Path, tag: str, sha256: str
) -> None:
    made = wheel(tag)
    pin(source, sha256 or made)

    with pytest.raises(BundlingError, match=r"pip could not install requirements\.txt"):
        bundling.bundle(source, tmp_path / "out")


def test_a_package_without_a_hash_stops_the_deploy(
    source: Path, wheel: Wheel, tmp_path: Path
) -> None:
    wheel()
    (source / "requirements.txt").write_text("leaf==1.0\n")

    with pytest.raises(BundlingError, match="hash"):
        bundling.bundle(source, tmp_path / "out")


def test_bundle_for_the_runtimes_python_holds_compiled_files_that_are_used_as_they_are(
    source: Path, wheel: Wheel, tmp_path: Path
) -> None:
    pin(source, wheel())
    out = tmp_path / "out"

    bundling.bundle(source, out, compile_with=partial(by_python, sys.executable))

    compiled = {name for name in listed(out) if name.endswith(".pyc")}
    tag = sys.implementation.cache_tag
    assert compiled == {
        f"__pycache__/leaf.{tag}.pyc",
        f"audience_uploader/__pycache__/__init__.{tag}.pyc",
        f"audience_uploader/tiktok/__pycache__/client.{tag}.pyc",
    }
    for name in compiled:
        unchecked_hash = (1).to_bytes(4, "little")
        assert (out / name).read_bytes()[4:8] == unchecked_hash


def test_bundle_without_the_runtimes_python_holds_none_since_they_would_never_be_read(
    source: Path, wheel: Wheel, tmp_path: Path
) -> None:
    pin(source, wheel())

    bundling.bundle(source, tmp_path / "out")

    assert not [name for name in listed(tmp_path / "out") if name.endswith(".pyc")]


def test_compiled_files_name_the_place_where_lambda_unpacks_them(
    source: Path, wheel: Wheel, tmp_path: Path
) -> None:
    pin(source, wheel())
    out = tmp_path / "out"

    bundling.bundle(source, out, compile_with=partial(by_python, sys.executable))

    compiled = (out / f"__pycache__/leaf.{sys.implementation.cache_tag}.pyc").read_bytes()
    assert marshal.loads(compiled[16:]).co_filename == "/var/task/leaf.py"


def test_a_module_that_does_not_compile_stops_the_deploy(
    source: Path, wheel: Wheel, tmp_path: Path
) -> None:
    pin(source, wheel())
    (source / "audience_uploader/tiktok/client.py").write_text("def (", encoding="utf-8")

    with pytest.raises(BundlingError, match="did not compile"):
        bundling.bundle(source, tmp_path / "out", compile_with=partial(by_python, sys.executable))


def test_fingerprint_tells_a_compiled_bundle_from_another_and_nothing_else(source: Path) -> None:
    plain = bundling.fingerprint(source)

    assert bundling.fingerprint(source, compiled=True) != plain
    assert bundling.fingerprint(source) == plain


def test_fingerprint_is_that_of_what_is_deployed(source: Path) -> None:
    before = bundling.fingerprint(source)

    (source / "audience_uploader/__pycache__/late.pyc").write_bytes(b"1")
    (source / "audience_uploader/tests/test_more.py").write_text("")
    (source / ".coverage").write_text("")
    (source / "parquet-requirements.txt").write_text("")
    os.utime(source / "audience_uploader/__init__.py", (1, 1))
    assert bundling.fingerprint(source) == before

    (source / "audience_uploader/tiktok/client.py").write_text("# changed\n")
    assert bundling.fingerprint(source) != before


def test_fingerprint_follows_the_pins(source: Path) -> None:
    pin(source, "0" * 64)
    before = bundling.fingerprint(source)

    pin(source, "1" * 64)

    assert bundling.fingerprint(source) != before


def test_the_cdk_bundles_by_pip_alone(source: Path, wheel: Wheel, tmp_path: Path) -> None:
    pin(source, wheel())
    app = cdk.App(outdir=str(tmp_path / "cdk.out"))
    stack = cdk.Stack(app, "T")

    deploy(stack, bundling.function_code(source))

    (asset,) = (tmp_path / "cdk.out").glob("asset.*")
    assert {"leaf.py", "audience_uploader/__init__.py"} <= set(listed(asset))


def test_the_cdk_stops_when_pip_fails_and_does_not_look_for_docker(
    source: Path, wheel: Wheel, tmp_path: Path
) -> None:
    wheel()
    pin(source, "0" * 64)
    stack = cdk.Stack(cdk.App(outdir=str(tmp_path / "cdk.out")), "T")

    with pytest.raises(RuntimeError, match="pip could not install"):
        deploy(stack, bundling.function_code(source))


@pytest.mark.parametrize(
    ("endpoint", "compiled"),
    [("", True), ("http://127.0.0.1:4566", False)],
    ids=["AWS", "emulator"],
)
def test_the_cdk_compiles_for_lambda_and_not_for_this_machines_emulator(
    source: Path,
    wheel: Wheel,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    endpoint: str,
    compiled: bool,
) -> None:
    pin(source, wheel())
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setattr(bundling, "RUNTIME_PYTHON", ".".join(map(str, sys.version_info[:2])))
    monkeypatch.setattr(bundling, "_PURE_PYTHON", ())
    stack = cdk.Stack(cdk.App(outdir=str(tmp_path / "cdk.out")), "T")

    deploy(stack, bundling.function_code(source))

    (asset,) = (tmp_path / "cdk.out").glob("asset.*")
    assert any(name.endswith(".pyc") for name in listed(asset)) is compiled


def deploy(stack: cdk.Stack, code: Any) -> None:
    cdk.aws_lambda.Function(stack, "Function", runtime=bundling.RUNTIME, handler="x.y", code=code)
