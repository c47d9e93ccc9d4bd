"""`audiencectl status`: its screens as text, and its JSON."""

import io
import json
from typing import Any

import pytest
from audience_uploader.domain.times import iso
from click.testing import CliRunner
from rich.console import Console
from support.deployment_in_moto import NOW, Run, World

from audiencectl.cli import main
from audiencectl.session import Session, console


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class OnTerminal(Session):
    """A session whose screen is a terminal."""

    def __init__(self, stream: Terminal, world: World) -> None:
        super().__init__()
        self._stream = stream
        self.deployment.clients["cloudformation"] = world.cloudformation

    @property
    def screen(self) -> Console:
        return console(self._stream)


def status(name: str, **more: Any) -> dict[str, Any]:
    return {
        "audience_name": name,
        "audience_id": "71",
        "calculate_type": "EMAIL_SHA256",
        "state": "ready",
        "is_expiring": False,
        "since": iso(NOW - 7200),
        "size": 12345,
        "what_to_do": None,
        "expires_at": None,
        "checked_at": iso(NOW - 600),
        "last_change": None,
        "waiting": None,
        "rejected": [],
        "history": [],
        **more,
    }


def test_status_of_all_is_a_table(run: Run, world: World) -> None:
    world.put("status/foodies.json", status("foodies"))
    waiting = {"drops": 2, "for": "audience_busy", "until": iso(NOW + 900)}
    small = status(
        "vips",
        state="too_small",
        size=0,
        waiting=waiting,
        what_to_do="Delete it in Ads Manager.",
        rejected=[{"key": "k", "reason": "r", "message": "m", "at": iso(NOW)}],
    )
    world.put("status/vips.json", small)
    world.put("status/index.html", b"<html>")
    world.bury("tiktok/x")

    result = run("status")

    assert result.exit_code == 0, result.output
    assert [line.rstrip() for line in result.output.splitlines()] == [
        "AUDIENCE  STATE        SIZE  WAITING              REJECTED",
        "foodies   ready      12,345  -                           -",
        "vips      too_small       0  2 for audience_busy         1",
        "vips: Delete it in Ads Manager.",
        "0 messages in the queue, 1 dead letter: audiencectl dead-letters.",
    ]
    assert "\x1b" not in result.output


def test_status_json_is_the_status_objects(run: Run, world: World) -> None:
    world.put("status/foodies.json", status("foodies"))

    assert json.loads(run("status", "--json").stdout) == {"audiences": [status("foodies")]}
    one = run("status", "foodies", "--json")
    assert json.loads(one.stdout) == {"audiences": [status("foodies")]}


def test_status_of_an_audience_that_no_sweep_has_seen_is_there(run: Run, world: World) -> None:
    world.put("tiktok/new/email_sha256/a.csv", b"x")
    wait = {"kind": "credentials", "not_before": iso(NOW + 60), "since": iso(NOW), "count": 0}
    world.put("state/7000/new.json", {"audience_name": "new", "wait": wait})

    [new] = json.loads(run("status", "--json").stdout)["audiences"]

    assert (new["audience_name"], new["state"]) == ("new", "not_created")
    assert new["waiting"]["for"] == "credentials"


def test_status_of_one_shows_its_files(run: Run, world: World) -> None:
    world.put("status/foodies.json", status("foodies"))
    etag = world.put("tiktok/foodies/email_sha256/a.csv", b"x")
    world.put(
        f"receipts/tiktok/foodies/email_sha256/a.csv/{etag}.json",
        {"status": "rejected", "reason": "no_valid_rows", "message": "Hash it."},
    )
    world.put("tiktok/foodies/email_sha256/b.csv", b"y")

    result = run("status", "foodies")

    assert result.output.startswith(
        "foodies: ready to be used. Since 2026-11-18 09:06 UTC (2 h ago).\n"
        "TikTok's id 71, EMAIL_SHA256, 12,345 matched people.\n"
    )
    assert "  Rejected (no_valid_rows): Hash it.\n" in result.output
    assert "  Waits.\n" in result.output


def test_status_of_an_unknown_audience_is_exit_1_and_names_those_there_are(
    run: Run, world: World
) -> None:
    world.put("status/foodies.json", status("foodies"))

    result = run("status", "foodeis")

    assert result.exit_code == 1
    assert result.output == "Nothing is known of an audience 'foodeis'. There are: foodies.\n"


def test_status_of_an_empty_deployment_says_so(run: Run, world: World) -> None:
    result = run("status")

    assert result.exit_code == 0
    assert result.output.startswith("No audiences yet.")


def test_status_watch_without_a_terminal_is_wrong_use(run: Run, world: World) -> None:
    assert run("status", "--watch").exit_code == 2


def test_status_kept_on_a_terminal_shows_what_changes_until_it_is_stopped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    stream = Terminal()
    session = OnTerminal(stream, world)
    world.put("status/foodies.json", status("foodies", size=1200))
    steps = [lambda: world.put("status/foodies.json", status("foodies", size=3400))]

    def sleep(_: float) -> None:
        if not steps:
            raise KeyboardInterrupt
        steps.pop()()

    session.sleep = sleep

    result = CliRunner().invoke(main, ["status", "--watch"], obj=session)

    assert result.exit_code == 0
    assert stream.getvalue().index("1,200") < stream.getvalue().index("3,400")
