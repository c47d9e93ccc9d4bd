"""cfn-lint is part of `make lint`, for regions of different age, and finds what is wrong."""

import json
import subprocess
from pathlib import Path

from local import template_lint

ROOT = Path(__file__).resolve().parents[2]


def test_make_lint_lints_the_template_for_four_regions() -> None:
    done = subprocess.run(
        ["make", "--dry-run", "lint"], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert "-m local.template_lint" in done.stdout
    assert len(set(template_lint.REGIONS)) == 4


def test_template_with_a_property_that_does_not_exist_is_found(tmp_path: Path) -> None:
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeOut": 5}}
    template = tmp_path / "wrong.template.json"
    template.write_text(json.dumps({"Resources": {"Queue": queue}}), encoding="utf-8")

    assert template_lint.lint([template]) != 0


def test_template_without_a_fault_passes(tmp_path: Path) -> None:
    template = tmp_path / "right.template.json"
    template.write_text(
        json.dumps({"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}}), encoding="utf-8"
    )

    assert template_lint.lint([template]) == 0
