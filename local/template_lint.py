"""Lint the synthesised template for regions of different age: `python -m local.template_lint`.

Two deployments are synthesised, one with the defaults and one with every part that is optional;
nothing is bundled and no account is asked.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
# The oldest, a large old one, and two young ones that lack much of what those have.
REGIONS = ("us-east-1", "eu-west-1", "ap-southeast-3", "eu-south-2")
_DEFAULTS: Mapping[str, object] = {
    "tiktok_data_bucket_name": "example-corp-tiktok-audiences",
    "aws:cdk:bundling-stacks": [],
}
_EVERYTHING = {
    **_DEFAULTS,
    "alarm_email": "audiences-team@example.com",
    "deployment_name": "everything",
    "parquet_support": True,
}


def main() -> int:
    """Return cfn-lint's own exit code; 0 says that it found nothing, warnings included."""
    with tempfile.TemporaryDirectory() as folder:
        for context in (_DEFAULTS, _EVERYTHING):
            synthesise(context, Path(folder))
        return lint(sorted(Path(folder).glob("*.template.json")))


def synthesise(context: Mapping[str, object], folder: Path) -> None:
    """Write the stack's template into `folder`, by app.py as the CDK CLI would run it."""
    flags = json.loads((_ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    environment = {
        **os.environ,
        "CDK_OUTDIR": str(folder),
        "CDK_CONTEXT_JSON": json.dumps(flags | dict(context)),
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
    }
    subprocess.run([sys.executable, "app.py"], cwd=_ROOT, env=environment, check=True)


def lint(templates: list[Path]) -> int:
    """Return the exit code of cfn-lint over the templates, for every region of the list."""
    command = [str(Path(sys.executable).parent / "cfn-lint"), "--regions", *REGIONS]
    done = subprocess.run([*command, "--template", *map(str, templates)], cwd=_ROOT, check=False)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
