"""What a person can do with a demo that was left running."""

import shlex
from pathlib import Path

from local.demo.kept import Kept
from local.demo.story import AUDIENCE, FORMAT
from local.emulator.environment import KEY, REGION
from local.emulator.paths import MORE, ROOT, SAMPLE, SCRIPTS
from local.emulator.simulator import ADVERTISER_ID

_CDK = """\
#!/bin/sh
# The CDK CLI on this demo's AWS, with the demo's settings but for those given with -c.
cd {root} && exec {scripts}/python -m local.demo.cdk "$@"
"""
_TEXT = """
It is all still running. Once the lines below are pasted into a terminal, all of docs/operations.md
can be practised there (`aws` works too, if it is installed):

  What became of a file:
      audiencectl explain {explained}
  A file of your own:
      audiencectl drop FILE --audience NAME --format phone_sha256 --wait
  A file that TikTok refuses, and its redrive:
      curl -d '{{"kind": "code", "value": 40002, "endpoint": "create", "times": 1}}' {faults}
      audiencectl drop {sample} --audience refused --format phone_sha256 --wait
      audiencectl dead-letters
      audiencectl redrive
  A new token, at TikTok and then here:
      curl -X PATCH -d '{{"token": "token-2"}}' {options}
      printf 'token-2\\n{advertiser}\\n' | audiencectl credentials set
  A TikTok that is slow or fails in other ways:
      python -m local.tiktok_simulator --help
  The stack down, and up again:
      cdk destroy
      cdk deploy -c reuse_existing_secret=true

  Status page       {page}
  TikTok simulator  {tiktok}
  Bucket            s3://{bucket}
  Files and logs    {folder}

  Stop and remove everything: make stop

Paste this:

export AWS_ENDPOINT_URL={aws} AWS_REGION={region} AWS_DEFAULT_REGION={region}
export AWS_ACCESS_KEY_ID={key} AWS_SECRET_ACCESS_KEY={key} PATH={bin}:{scripts}:$PATH
cd {root}
python -m audiencectl --demo status
"""


def how_to_use(kept: Kept) -> str:
    """Give the text for the terminal: how to go on, and how to stop."""
    return _TEXT.format(
        aws=kept.emulator_url,
        region=REGION,
        key=KEY,
        root=_word(ROOT),
        bin=_word(_commands(kept)),
        scripts=_word(SCRIPTS),
        explained=f"tiktok/{AUDIENCE}/{FORMAT}/{MORE.name}",
        sample=SAMPLE.relative_to(ROOT),
        tiktok=kept.tiktok_url,
        faults=f"{kept.tiktok_url}/_control/faults",
        options=f"{kept.tiktok_url}/_control/options",
        advertiser=ADVERTISER_ID,
        page=kept.stack.link("status/index.html"),
        bucket=kept.stack.bucket,
        folder=kept.folder,
    )


def _commands(kept: Kept) -> Path:
    """Give a folder with the demo's own `cdk`, to stand first on PATH."""
    folder = Path(kept.folder) / "bin"
    folder.mkdir(exist_ok=True)
    cdk = folder / "cdk"
    cdk.write_text(_CDK.format(root=_word(ROOT), scripts=_word(SCRIPTS)), "utf-8")
    cdk.chmod(0o755)
    return folder


def _word(path: Path) -> str:
    return shlex.quote(str(path))
