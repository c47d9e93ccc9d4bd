"""The function's dependencies: pinned, hashed, and no more than it needs."""

import re
from pathlib import Path

LAMBDA = Path(__file__).resolve().parents[2] / "lambda"


def entries() -> list[str]:
    text = (LAMBDA / "requirements.txt").read_text(encoding="utf-8")
    bare = "\n".join(line for line in text.splitlines() if not line.strip().startswith("#"))
    return [entry for entry in bare.replace("\\\n", " ").splitlines() if entry.strip()]


def test_every_dependency_is_pinned_and_hashed() -> None:
    loose = [e for e in entries() if not re.match(r"\S+==\S+\s+--hash=sha256:[0-9a-f]{64}", e)]

    assert loose == []


def test_function_brings_these_packages_and_the_runtime_brings_boto3() -> None:
    names = {entry.partition("==")[0] for entry in entries()}

    assert names == {
        "aws-lambda-powertools", "certifi", "charset-normalizer", "idna", "jmespath", "requests",
        "typing-extensions", "urllib3",
    }  # fmt: skip


def test_what_is_asked_for_by_name_is_pinned() -> None:
    lines = (LAMBDA / "requirements.in").read_text(encoding="utf-8").splitlines()
    asked = {line for line in lines if line and not line.startswith("#")}

    assert asked <= {entry.partition("==")[0] for entry in entries()}


def test_pins_name_no_place_to_get_them_from() -> None:
    text = (LAMBDA / "requirements.txt").read_text(encoding="utf-8")

    assert "://" not in text
    assert "--index-url" not in text
    assert "--find-links" not in text
