"""Whatever the caller's environment holds, nothing of it leads to a real account."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from local.emulator.clients import Clients
from local.emulator.environment import safe_environment
from local.emulator.paths import ROOT, SCRIPTS

HOSTILE = {
    "AWS_PROFILE": "production",
    "AWS_DEFAULT_PROFILE": "production",
    "AWS_ACCESS_KEY_ID": "AKIAREALREALREALREAL",
    "AWS_SECRET_ACCESS_KEY": "real-secret",
    "AWS_SESSION_TOKEN": "real-session",
    "AWS_ENDPOINT_URL": "https://sts.amazonaws.com",
    "AWS_ENDPOINT_URL_S3": "https://s3.amazonaws.com",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
    "AWS_CONFIG_FILE": "/home/somebody/.aws/config",
    "AWS_SHARED_CREDENTIALS_FILE": "/home/somebody/.aws/credentials",
    "AWS_WEB_IDENTITY_TOKEN_FILE": "/var/run/secrets/token",
    "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/production",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
    "AWS_REGION": "eu-west-1",
    "AWS_CA_BUNDLE": "/somewhere/bundle.pem",
    "CDK_DEFAULT_ACCOUNT": "123456789012",
    "HTTP_PROXY": "http://proxy.example.com:3128",
    "https_proxy": "http://proxy.example.com:3128",
    "ALL_PROXY": "socks5://proxy.example.com:1080",
    "HOME": "/home/somebody",
    "NODE_OPTIONS": "--require /somewhere/else.js",
    "NODE_PATH": "/somewhere",
    "PYTHONPATH": "/somewhere",
    "PYTHONSTARTUP": "/somewhere.py",
    "PIP_INDEX_URL": "https://packages.example.com/simple",
    "GATEWAY_PORT": "4566",
    "PERSIST_STATE": "1",
    "LAMBDA_EXECUTOR": "docker",
    "DOCKER_HOST": "tcp://docker.example.com:2375",
    "TIKTOK_ACCESS_TOKEN": "real-token",
    "TIKTOK_API_URL": "https://business-api.tiktok.com",
}
HARMLESS = {"TERM": "xterm", "LANG": "C.UTF-8", "CI": "true", "COLUMNS": "80"}


@pytest.mark.parametrize("name", HOSTILE)
def test_safe_environment_hostile_variable_gone(name: str, tmp_path: Path) -> None:
    environment = safe_environment(HOSTILE, tmp_path)

    assert environment.get(name) != HOSTILE[name]


def test_safe_environment_nothing_inherited_names_only_this_machine(tmp_path: Path) -> None:
    environment = safe_environment(HOSTILE, tmp_path)

    assert {name for name in environment if name.startswith("AWS_")} == {
        *("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION"),
        *("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"),
        *("AWS_EC2_METADATA_DISABLED", "AWS_ENDPOINT_URL"),
    }
    assert environment["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")
    assert not Path(environment["AWS_CONFIG_FILE"]).exists()
    assert not Path(environment["AWS_SHARED_CREDENTIALS_FILE"]).exists()


@pytest.mark.parametrize("name", HARMLESS)
def test_safe_environment_harmless_variable_kept(name: str, tmp_path: Path) -> None:
    assert safe_environment(HARMLESS, tmp_path)[name] == HARMLESS[name]


def test_safe_environment_path_begins_with_the_venv(tmp_path: Path) -> None:
    path = safe_environment({"PATH": "/usr/bin"}, tmp_path)["PATH"]

    assert path == f"{SCRIPTS}{os.pathsep}/usr/bin"


CONFINED = """
import json, os, sys
from pathlib import Path
from local.emulator.environment import confine
confine(Path(sys.argv[1]))
import boto3, botocore.config
once = botocore.config.Config(retries={"total_max_attempts": 1})
try:
    boto3.client("sts", endpoint_url="https://sts.amazonaws.com", config=once).get_caller_identity()
    said = "reached"
except Exception as error:
    said = repr(error)
session = boto3.session.Session()
print(json.dumps([said, session.profile_name, session.get_credentials().access_key]))
"""


def test_confine_hostile_environment_and_explicit_endpoint_reaches_nothing(tmp_path: Path) -> None:
    hostile = HOSTILE | {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]}
    command = [str(SCRIPTS / "python"), "-c", CONFINED, str(tmp_path / "home")]

    said = subprocess.run(command, env=hostile, check=True, capture_output=True, timeout=60).stdout

    refusal, profile, key = json.loads(said)
    assert "EndpointConnectionError" in refusal
    assert (profile, key) == ("default", "local")


@pytest.mark.parametrize(
    "endpoint",
    ["https://s3.amazonaws.com", "http://10.0.0.1:4566", "http://127.0.0.1.example.com", ""],
)
def test_clients_endpoint_elsewhere_refused(endpoint: str) -> None:
    with pytest.raises(ValueError, match="not an endpoint on this machine"):
        Clients(endpoint)
