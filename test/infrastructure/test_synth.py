"""`app.py` as the CDK CLI runs it: no credentials, no home, no network, one sentence on errors."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BUCKET = "example-corp-tiktok-audiences"
# Nothing listens on the discard port: whoever tries the network fails at once.
NO_WAY_OUT = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), "http://127.0.0.1:9")


def run_app(folder: Path, **context: object) -> subprocess.CompletedProcess[str]:
    """Run the app from a folder of its own, with nothing of this machine but PATH and a cache."""
    flags = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    environment = NO_WAY_OUT | {
        # The venv's Node.js first: jsii speaks up about versions that it does not know.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "HOME": str(folder / "no-home"),
        "JSII_RUNTIME_PACKAGE_CACHE_ROOT": os.environ["JSII_RUNTIME_PACKAGE_CACHE_ROOT"],
        "CDK_OUTDIR": str(folder / "out"),
        "CDK_CONTEXT_JSON": json.dumps(flags | {"aws:cdk:bundling-stacks": []} | context),
    }
    return subprocess.run(
        [sys.executable, str(ROOT / "app.py")],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the cloud assembly that the app wrote."""
    folder = tmp_path_factory.mktemp("synth")
    done = run_app(folder, tiktok_data_bucket_name=BUCKET)
    assert done.returncode == 0, done.stderr
    return folder / "out"


def test_app_synthesises_without_credentials_home_or_network(assembly: Path) -> None:
    names = {template.name for template in assembly.glob("*.template.json")}

    assert names == {"TikTokAudienceUploader.template.json"}


def test_a_deployment_name_ends_the_name_of_the_stack(tmp_path: Path) -> None:
    done = run_app(tmp_path, tiktok_data_bucket_name=BUCKET, deployment_name="agency-2")

    assert done.returncode == 0, done.stderr
    names = {template.name for template in (tmp_path / "out").glob("*.template.json")}
    assert names == {"TikTokAudienceUploader-agency-2.template.json"}


def test_template_asks_nothing_of_an_account(assembly: Path) -> None:
    manifest = json.loads((assembly / "manifest.json").read_text(encoding="utf-8"))
    stack = manifest["artifacts"]["TikTokAudienceUploader"]
    template = (assembly / stack["properties"]["templateFile"]).read_text(encoding="utf-8")

    assert manifest.get("missing", []) == []
    assert stack["environment"] == "aws://unknown-account/unknown-region"
    assert "AWS::CDK::Metadata" not in template


def test_a_fresh_clone_ends_in_one_sentence_that_says_what_to_put_where(tmp_path: Path) -> None:
    as_cloned = json.loads((ROOT / "cdk.context.json").read_text(encoding="utf-8"))

    done = run_app(tmp_path, **as_cloned | {"tiktok_data_bucket_name": ""})

    assert done.returncode == 1
    assert done.stderr.startswith("tiktok_data_bucket_name is missing: put the name of the data")
    assert done.stderr.count("\n") == 1
