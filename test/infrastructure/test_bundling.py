"""The function's code: put together by pip from hashed, pure wheels, the same every time."""

import base64
import hashlib
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from stacks import bundling
from stacks.bundling import BundlingError

Wheel = Callable[..., str]


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Wheel:
    """Gives a maker of wheels in a folder that is pip's only index; gives the sha256 of each."""
    index = tmp_path / "index"
    index.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return lambda tag="py3-none-any": write_wheel(index / f"leaf-1.0-{tag}.whl", tag)


def write_wheel(path: Path, tag: str) -> str:
    files = {
        "leaf.py": "NAME = 'leaf'\n",
        "leaf-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: leaf\nVersion: 1.0\n",
        "leaf-1.0.dist-info/WHEEL": f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n",
        "leaf-1.0.dist-info/entry_points.txt": "[console_scripts]\nleaf = leaf:NAME\n",
    }
    lines = [f"{name},{digest(text)},{len(text)}" for name, text in files.items()]
    files["leaf-1.0.dist-info/RECORD"] = "\n".join([*lines, "leaf-1.0.dist-info/RECORD,,"])
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digest(text: str) -> str:
    raw = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(raw).decode().rstrip("=")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A function's sources, with the litter that must not be deployed."""
    source = tmp_path / "source"
    for name in (
        "audience_uploader/__init__.py",
        "audience_uploader/tiktok/client.py",
        "audience_uploader/__pycache__/client.cpython-314.pyc",
        "audience_uploader/tests/test_client.py",
        ".mypy_cache/x.json",
        "requirements.in",
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


def test_fingerprint_is_that_of_what_is_deployed(source: Path) -> None:
    before = bundling.fingerprint(source)

    (source / "audience_uploader/__pycache__/late.pyc").write_bytes(b"1")
    (source / "audience_uploader/tests/test_more.py").write_text("")
    (source / ".coverage").write_text("")
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


def deploy(stack: cdk.Stack, code: Any) -> None:
    cdk.aws_lambda.Function(stack, "Function", runtime=bundling.RUNTIME, handler="x.y", code=code)
