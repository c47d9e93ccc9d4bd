"""cfn-lint is part of `make lint`, for regions of different age, and finds what is wrong."""

import json
import subprocess
from pathlib import Path

import pytest

from local import template_lint

ROOT = Path(__file__).resolve().parents[2]


def test_make_lint_lints_the_template_for_four_regions() -> None:
    done = subprocess.run(
        ["make", "--dry-run", "lint"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert "-m local.template_lint" in done.stdout
    assert len(set(template_lint.REGIONS)) == 4


def test_template_with_a_property_that_does_not_exist_is_found_and_no_other(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    right, wrong = tmp_path / "right.template.json", tmp_path / "wrong.template.json"
    for template, properties in ((right, {}), (wrong, {"VisibilityTimeOut": 5})):
        queue = {"Type": "AWS::SQS::Queue", "Properties": properties}
        template.write_text(json.dumps({"Resources": {"Queue": queue}}), encoding="utf-8")

    assert template_lint.lint([right, wrong]) != 0
    found = capfd.readouterr().out
    assert wrong.name in found
    assert right.name not in found
