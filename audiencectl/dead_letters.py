"""`audiencectl dead-letters`: all that is in the dead-letter queue, and why."""

import click

from audiencectl.dead_letter_queue import DeadLetterQueue
from audiencectl.session import Session, deployment_options, emit, json_option, pass_session
from audiencectl.words import counted, duration, moment

_EPILOG = """\b
Examples:
  audiencectl dead-letters
  audiencectl dead-letters --json

\b
Each has its file, a stable word for the reason and a sentence that says what to do. Nothing is
hidden from the next reader. Put right what the sentence says, then: audiencectl redrive
"""


@click.command("dead-letters", epilog=_EPILOG)
@deployment_options
@json_option
@pass_session
def dead_letters(session: Session, as_json: bool) -> None:
    """Show every message in the dead-letter queue: file, reason, what to do, age."""
    with DeadLetterQueue.of(session).all() as letters:
        pass
    if as_json:
        emit({"dead_letters": [letter.to_json() for letter in letters]})
        return
    for letter in letters:
        age = duration(session.clock() - letter.sent_at)
        click.echo(letter.key or "(no file: the message is no event about one)")
        click.echo(f"  {letter.reason}, since {moment(letter.sent_at)} ({age})")
        click.echo(f"  {letter.message}")
    click.echo(f"{counted(len(letters), 'dead letter')}." if letters else "No dead letters.")
