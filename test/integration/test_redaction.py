"""No token, hash or raw identifier comes out by any way, whatever goes wrong."""

import contextlib
import io
import json
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from audience_uploader.adapters.secrets import Credentials
from audience_uploader.handler import quiet_libraries
from aws_lambda_powertools import Logger
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.marks import AUDIENCE, FAILURES, FOLDER, Marks
from support.stack import AUDIENCE as OTHER_AUDIENCE
from support.stack import deployed
from support.world import World, world

tokens = st.text("ghijklmnopqrstuvwxyzGHIJKL0123456789-_.", min_size=12, max_size=80)
marked = st.builds(
    Marks,
    token=tokens.map(lambda text: f"tok{text}"),
    hashed=st.binary(min_size=32, max_size=32).map(bytes.hex),
    email=st.from_regex(r"[a-z]{3,9}\.[a-z]{2,9}\+x@example\.(com|org)", fullmatch=True),
    phone=st.integers(15550100000, 15550199999).map("+{}".format),
    device=st.uuids(allow_nil=False).map(str),
)


@contextlib.contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """All that any logger says at DEBUG, and all that is printed, as metrics are."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    level = logging.root.level
    logging.root.addHandler(handler)
    logging.root.setLevel(logging.DEBUG)
    quiet_libraries()
    try:
        with contextlib.redirect_stdout(text):
            yield text
    finally:
        logging.root.removeHandler(handler)
        logging.root.setLevel(level)


def receive_all(w: World, *, receives: int = 6) -> list[str]:
    """Receive what there is a few times; return what was raised, as text."""
    raised = []
    for _ in range(receives):
        for message in list(w.sqs.messages.values()):
            w.advance(max(0.0, w.hidden_for(message)))
            message.receives += 1
            message.received_at = w.now()
            try:
                w.app.handle(message.record(), w.remaining)
            except Exception as error:  # noqa: BLE001 - its texts are what is tested
                raised += [str(error), repr(error), "".join(traceback.format_exception(error))]
    w.s3.before = lambda operation, key: None
    return raised


def written(w: World) -> str:
    """Return receipts, notes and records with their keys, and what is written on dead letters."""
    ours = {k: o.body.decode() for k, o in w.s3.objects.items() if not k.startswith("tiktok/")}
    return json.dumps([ours, [m.attributes for m in w.sqs.dead]], ensure_ascii=False)


def test_every_way_of_failing_was_gone_through_with_what_it_was_to_show(tmp_path: Path) -> None:
    marks = Marks("tok-en", "a" * 64, "a@example.com", "+15550100001", "0" * 8 + "-1")
    ends: set[str] = set()
    for failure in FAILURES.values():
        with world(tmp_path, token=marks.token) as w:
            failure(w, marks)
            receive_all(w)
            ends |= set(w.reasons())
            waits = (json.loads(o.body).get("wait") for k, o in w.s3.objects.items()
                     if k.startswith("state/7"))  # fmt: skip
            ends |= {wait["kind"] for wait in waits if wait}

    assert ends >= {
        *("tiktok_refused", "below_minimum", "no_valid_rows", "ambiguous_columns"),
        *("damaged_gzip", "unexpected", "audience_busy", "credentials", "rate_limited"),
        *("transient", "create_unanswered"),
    }


@settings(max_examples=80, deadline=None, derandomize=True, database=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])  # fmt: skip
@given(failure=st.sampled_from(sorted(FAILURES)), marks=marked)
def test_whatever_fails_no_mark_is_in_what_comes_out(
    tmp_path: Path, failure: str, marks: Marks
) -> None:
    with everything_logged() as text:
        logger = Logger(service=f"redaction {failure}", level="DEBUG", stream=text)
        with world(tmp_path, token=marks.token, logger=logger) as w:
            FAILURES[failure](w, marks)
            raised = receive_all(w)
            logged, kept = text.getvalue(), written(w)

    assert not marks.found_in(logged)
    assert not marks.found_in(kept)
    assert not marks.found_in("\n".join(raised))
    assert AUDIENCE not in logged
    assert FOLDER not in logged


def test_no_repr_shows_the_token(w: World) -> None:
    credentials = Credentials("the-token", "7000")
    transport = w._connect("the-token", w.app._tiktok._limiter)

    for shown in (credentials, transport, transport._session, w.app, vars(w.app)):
        assert "the-token" not in repr(shown)


def test_debug_logs_of_the_libraries_show_no_token_secret_or_row(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    marks = Marks("tok-en-" * 3, "ab" * 32, "a.b@example.com", "+15550100001", "marked-device")
    for name in ("urllib3", "urllib3.connectionpool", "botocore", "botocore.parsers", "requests"):
        logging.getLogger(name).setLevel(logging.DEBUG)
    monkeypatch.setenv("POWERTOOLS_LOG_LEVEL", "DEBUG")
    with everything_logged() as text, deployed(monkeypatch, token=marks.token) as stack:
        monkeypatch.setenv("POWERTOOLS_LOG_LEVEL", "DEBUG")
        stack.sim.faults.add({"kind": "code", "value": 50002, "message": marks.echo, "times": 2})
        stack.drop("good.csv", marks.rows)
        stack.drop("bad.csv", f"{marks.email}\n{marks.token}\n".encode())
        text.seek(0)
        text.truncate()  # the test's own clients may say what they send
        stack.source.poll(most=1)
        stack.source.poll(most=1)

    assert "drop delivered" in text.getvalue()
    assert not marks.found_in(text.getvalue())
    assert OTHER_AUDIENCE not in text.getvalue()
