"""The tool towards terminals, pipes, shells and programs."""

import io
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from support.deployment_in_moto import Run, World

from audiencectl.session import console
from audiencectl.status_screen import overview

ROOT = Path(__file__).parents[2]
STATUSES = [{"audience_name": "foodies", "state": "ready", "size": 1200}]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(stream: io.StringIO) -> str:
    console(stream).print(overview(STATUSES, "Nothing waits."))
    return stream.getvalue()


def test_colour_is_for_a_terminal_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")

    assert "\x1b[32m" in shown(Terminal())
    assert "\x1b" not in shown(io.StringIO())


def test_no_color_is_obeyed_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("NO_COLOR", "1")

    assert "\x1b[32m" not in shown(Terminal())


def alone(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the tool in a process of its own, with only these variables."""
    known = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_REGION": "eu-west-1"}
    return subprocess.run(
        [sys.executable, "-m", "audiencectl", *arguments],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "AWS_EC2_METADATA_DISABLED": "true", **known, **variables},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_given_for_every_shell(shell: str) -> None:
    done = alone(_AUDIENCECTL_COMPLETE=f"{shell}_source")

    assert (done.returncode, done.stderr) == (0, "")
    assert "_AUDIENCECTL_COMPLETE" in done.stdout


def test_completion_knows_commands_and_formats() -> None:
    commands = alone(
        _AUDIENCECTL_COMPLETE="bash_complete", COMP_WORDS="audiencectl re", COMP_CWORD="1"
    )
    formats = alone(
        _AUDIENCECTL_COMPLETE="bash_complete",
        COMP_WORDS="audiencectl check x.csv --format em",
        COMP_CWORD="4",
    )

    assert commands.stdout == "plain,redrive\n"
    assert formats.stdout == "plain,email_sha256\n"


@pytest.fixture
def no_aws() -> Iterator[str]:
    """Give a server that answers every call with a page of HTML."""

    class Page(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<!doctype html><br>Welcome to our network")

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_answer_that_is_not_awss_is_one_sentence_and_exit_1(no_aws: str) -> None:
    done = alone("status", "--json", AWS_ENDPOINT_URL=no_aws)

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "AWS_ENDPOINT_URL" in done.stderr


@pytest.mark.parametrize(
    ("variables", "words"),
    [({"AWS_ENDPOINT_URL": "nonsense"}, "no URL"), ({"AWS_REGION": "us east"}, "no region")],
)
def test_variable_that_makes_no_sense_is_one_sentence_and_exit_1(
    variables: dict[str, str], words: str
) -> None:
    done = alone("status", **variables)

    assert (done.returncode, done.stdout) == (1, "")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("name", ["Staging", "a b", "x" * 21, ""])
def test_name_that_no_deployment_can_have_is_wrong_use(run: Run, world: World, name: str) -> None:
    assert run("status", "--deployment", name).exit_code == 2


def test_credentials_are_not_asked_for_without_a_terminal(run: Run, world: World) -> None:
    result = run("credentials", "set", stdin="")

    assert result.exit_code == 2
    assert "two lines" in result.output


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        (["status", "nobody", "--json"], {"audiences": []}),
        (["redrive", "--reason", "bad_key", "--json"], {"redriven": 0}),
        (["dead-letters", "--json"], {"dead_letters": []}),
    ],
)
def test_json_is_one_value_also_where_there_is_nothing(
    run: Run, world: World, arguments: list[str], answer: dict[str, object]
) -> None:
    assert json.loads(run(*arguments).stdout) == answer


def test_credentials_check_as_json_says_that_they_are_not_good(run: Run, world: World) -> None:
    result = run("credentials", "check", "--json")

    assert result.exit_code == 1
    assert json.loads(result.stdout)["ok"] is False


def test_drop_as_json_tells_what_was_refused(run: Run, world: World, tmp_path: Path) -> None:
    raw = tmp_path / "raw.csv"
    raw.write_text("ada@example.com\n")

    where = ["--audience", "foodies", "--format", "email_sha256", "--json"]
    result = run("drop", raw, *where)

    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["drops"]) == (1, [])
    assert answer["refused"][0]["reason"] == "no_valid_rows"
    assert world.keys() == []
