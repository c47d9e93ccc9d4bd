"""The environment in which everything local runs: nothing of the caller's gets in unasked.

Children get what is on the list below and no more. So no profile, key, endpoint, proxy or token
that happens to be set on a developer's machine can lead the demo or a test to a real account.
"""

import os
from collections.abc import Mapping
from pathlib import Path

from local.emulator.paths import GUARD, JSII_CACHE, NODE_MODULES, SCRIPTS, WHEELS
from local.loopback.loopback_guard import refuse_other_hosts

REGION = "us-east-1"
ACCOUNT = "000000000000"
KEY = "local"  # both parts of it; the emulator takes any
NOWHERE = "http://127.0.0.1:9"  # port 9, "discard": nothing listens there

_PASSED_ON = frozenset(
    {"BROWSER_REQUIRED", "CI", "COLUMNS", "FORCE_COLOR", "LANG", "LD_LIBRARY_PATH", "LINES"}
    | {"NO_COLOR", "PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUTF8", "TERM", "TMPDIR", "TZ"}
)
_PASSED_ON_PREFIXES = ("HYPOTHESIS_", "LC_", "PYTEST_")


def safe_environment(
    inherited: Mapping[str, str], home: Path, *, endpoint: str = NOWHERE
) -> dict[str, str]:
    """Give a whole environment for child processes, in which AWS is `endpoint` and nothing else.

    `home` is an empty folder that stands in for the user's home, so that no file in it is read.
    """
    kept = {
        name: value
        for name, value in inherited.items()
        if name in _PASSED_ON or name.startswith(_PASSED_ON_PREFIXES)
    }
    return kept | _tools(kept, home) | _aws(home, endpoint) | _guards()


def confine(home: Path, *, endpoint: str = NOWHERE) -> None:
    """Bring this process into the safe environment, for good: variables replaced, guard set."""
    home.mkdir(parents=True, exist_ok=True)
    environment = safe_environment(os.environ, home, endpoint=endpoint)
    os.environ.clear()
    os.environ.update(environment)
    refuse_other_hosts()


def _tools(kept: Mapping[str, str], home: Path) -> dict[str, str]:
    return {
        "HOME": str(home),
        # The venv's own Node.js and Python come before whatever else is installed.
        "PATH": os.pathsep.join([str(SCRIPTS), kept.get("PATH", os.defpath)]),
        "NODE_PATH": str(NODE_MODULES),
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_FIND_LINKS": WHEELS.as_uri(),
        "PIP_NO_INDEX": "1",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        # The home is new each time, and what the CDK unpacks into it takes ten seconds of CPU.
        "JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(JSII_CACHE),
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
    }


def _aws(home: Path, endpoint: str) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": KEY,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": str(home / "no-aws-config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / "no-aws-credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": endpoint,
    }


def _guards() -> dict[str, str]:
    return {
        "PYTHONPATH": str(GUARD),
        "NODE_OPTIONS": f'--require "{GUARD / "loopback_guard.cjs"}"',
        "NO_PROXY": "*",
        "no_proxy": "*",
    }
