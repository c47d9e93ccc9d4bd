"""Files as people have them: each folder of `samples/` is a case with what must become of it."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from support.fake_s3 import client_error
from support.world import World, world

SAMPLES = Path(__file__).parent / "samples"
CASES = sorted(folder.name for folder in SAMPLES.iterdir() if (folder / "case.json").exists())


@pytest.mark.parametrize("name", CASES)
def test_case_ends_as_it_must(name: str, tmp_path: Path) -> None:
    folder = SAMPLES / name
    case = json.loads((folder / "case.json").read_text("utf-8"))
    with world(tmp_path) as w:
        _prepare(w, case.get("setup", {}))
        for drop in case.get("drops") or [case]:
            body = (folder / drop["file"]).read_bytes() if drop["file"] else b""
            w.drop(drop["key"], body)
        w.run(hours=case.get("setup", {}).get("hours", 24))

        expect = case["expect"]
        _check_drop(w, case["key"], expect)
        others = [d["key"] for d in case.get("drops", []) if d["key"] != case["key"]]
        for key, other in zip(others, expect.get("others", []), strict=False):
            _check_drop(w, key, other)
        if "sent" in expect:
            assert _sent(w) == set((folder / expect["sent"]).read_text().split())
        if "dead_letters" in expect:
            assert sorted(w.reasons()) == expect["dead_letters"]
        for text in expect.get("never", []):
            assert text not in _everything(w)
        for name, ids in expect.get("audiences", {}).items():
            assert w.ids(name) == [set(own) for own in ids]
        for endpoint, most in expect.get("max_calls", {}).items():
            assert len(w.called(endpoint)) <= most


def _prepare(w: World, setup: dict[str, Any]) -> None:
    for audience in setup.get("audiences", []):
        w.sim.seed(**audience)
    error = setup.get("s3_error")
    if error:

        def fail(operation: str, key: str) -> None:
            ours = key.startswith("tiktok/")  # what one object refuses, its neighbours do not
            if operation == error["operation"] and ours and error["contains"] in key:
                raise client_error(error["code"], 403)

        w.s3.before = fail


def _check_drop(w: World, key: str, expect: dict[str, Any]) -> None:
    if "status" in expect:
        assert _status(w, key) == expect["status"], key
    receipt = w.receipt(key) or {}
    if "reason" in expect:
        assert receipt["reason"] == expect["reason"]
    rows = receipt.get("rows") or {}
    for field in ("valid", "read", "header"):
        if field in expect:
            assert rows[field] == expect[field]
    found = {reason: r["count"] for reason, r in rows.get("rejected", {}).items()}
    for reason, count in expect.get("rejected", {}).items():
        assert found.get(reason) == count
    if "rejected_total" in expect:
        assert sum(found.values()) == expect["rejected_total"]
    for pattern in expect.get("words", []):
        assert re.search(pattern, _texts(w), re.IGNORECASE), pattern


def _status(w: World, key: str) -> str:
    receipt = w.receipt(key)
    if receipt:
        return str(receipt["status"])
    return "waiting" if w.note(key) else "skipped"


def _sent(w: World) -> set[str]:
    return {i for a in w.sim.audiences() for i in a["ids"]}  # type: ignore[attr-defined]


def _texts(w: World) -> str:
    """Return what a person reads: receipts, waiting notes and dead letters."""
    kept = [o.body for k, o in w.s3.objects.items() if k.startswith(("receipts/", "state/"))]
    dead = [json.dumps(m.attributes) for m in w.sqs.dead]
    return "\n".join([*(body.decode() for body in kept), *dead])


def _everything(w: World) -> str:
    return "\n".join([_texts(w), *_sent(w)])
