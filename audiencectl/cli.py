"""The command line: the group that all commands hang in, and what no command may let through."""

from typing import Any

import click

from audiencectl.check import check
from audiencectl.credentials import credentials
from audiencectl.dead_letters import dead_letters
from audiencectl.drop import drop
from audiencectl.errors import Refusal, explained
from audiencectl.explain import explain
from audiencectl.hashing.command import hash_lists
from audiencectl.redrive import redrive
from audiencectl.session import deployment_options
from audiencectl.status import status

_HELP = """\b
Bring lists of people into TikTok audiences, see what became of them, and repair.

\b
Examples:
  audiencectl hash customers.csv --country GB --out hashed
  audiencectl drop hashed/email_sha256.csv --audience foodies --format email_sha256 --wait
  audiencectl status
  audiencectl explain tiktok/foodies/email_sha256/email_sha256.csv
  audiencectl --deployment staging dead-letters
  audiencectl --demo status

\b
AWS is reached as your environment says: AWS_PROFILE, AWS_REGION, AWS_ENDPOINT_URL.
Exit code: 0 done, 1 the answer is no, 2 wrong use.
Completion in bash: eval "$(_AUDIENCECTL_COMPLETE=bash_source audiencectl)"
(zsh_source and fish_source for the other shells).
"""


class _Tool(click.Group):
    """A group that explains failures of AWS, and files that can't be read or written."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; every failure that a person can cause ends as one sentence."""
        try:
            with explained():
                return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except OSError as error:
            what = error.strerror or type(error).__name__
            where = f"{error.filename}: " if error.filename else ""
            raise Refusal(f"{where}{what}.") from None


@click.group(cls=_Tool, help=_HELP, context_settings={"help_option_names": ["-h", "--help"]})
@deployment_options
def main() -> None:
    """Bring lists of people into TikTok audiences, see what became of them, and repair."""


for _command in (
    hash_lists,
    check,
    drop,
    status,
    explain,
    dead_letters,
    redrive,
    credentials,
):
    main.add_command(_command)
