"""Where things are in this checkout."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GUARD = ROOT / "local" / "loopback"
NODE_MODULES = ROOT / "node_modules"
CDK = NODE_MODULES / "aws-cdk" / "bin" / "cdk"
SAMPLE = ROOT / "test" / "tiktok" / "test_foodies_phone_sha256_audience.csv"
MORE = SAMPLE.with_name("test_foodies_phone_sha256_more.csv")
OPT_OUT = SAMPLE.with_name("test_foodies_phone_sha256_opt_out.csv")
RUNS = ROOT / ".local"
JSII_CACHE = RUNS / "jsii"
# Not resolved: a venv's python is a link to the one that it was made from.
SCRIPTS = Path(sys.executable).parent
# The function's packages, fetched once by `make setup`, so that no deploy needs the network.
WHEELS = ROOT / ".local" / "wheels"
