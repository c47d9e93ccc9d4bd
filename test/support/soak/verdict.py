"""The verdict: everything that is not as it must be, as sentences."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from support.soak.evidence import Evidence
from support.soak.fixtures import CUSTOMER_FILE
from support.soak.plan import Plan

from local.emulator.stack import receipt_prefix

Json = dict[str, Any]

_HELD = ("lease", "create", "accepted")


def problems(plan: Plan, before: list[Json], found: Evidence) -> list[str]:
    """Give a sentence per fault found; none when nothing was lost, doubled or leaked."""
    checks = (
        _audiences(plan, before, found),
        _strangers(before, found),
        _leaks(found),
        _good_drops(plan, found),
        _poison_drops(plan, found),
        _only_ours(plan, found),
        _left_overs(found),
        _outcomes(plan, found),
    )
    return [sentence for check in checks for sentence in check]


def own_audiences(found: Evidence, name: str) -> list[Json]:
    """Return the customer-file audiences of exactly this name that the advertiser owns."""
    return [
        a
        for a in found.audiences
        if a["name"] == name and a["is_creator"] and a["type"] == CUSTOMER_FILE
    ]


def _audiences(plan: Plan, before: list[Json], found: Evidence) -> Iterator[str]:
    for target in plan.targets:
        own = own_audiences(found, target.name)
        if len(own) != 1:
            yield f"{target.name!r}: {len(own)} audiences instead of one"
            continue
        expected, there = plan.expected[target.name], set(own[0]["applied_ids"])
        if lost := len(expected - there):
            yield f"{target.name!r}: {lost} of {len(expected)} ids are missing"
        if foreign := len(there - expected):
            yield f"{target.name!r}: {foreign} ids do not belong there"
        if own[0]["calculate_type"] != target.calculate_type:
            yield f"{target.name!r}: holds {own[0]['calculate_type']}"
    known = {t.name for t in plan.targets} | {a["name"] for a in before}
    yield from (f"{a['name']!r} was made" for a in found.audiences if a["name"] not in known)


def _strangers(before: list[Json], found: Evidence) -> Iterator[str]:
    now = {a["id"]: a["applied_ids"] for a in found.audiences}
    for stranger in before:
        if now.get(stranger["id"]) != stranger["applied_ids"]:
            yield f"{stranger['name']!r} ({stranger['id']}) was not ours to change"


def _leaks(found: Evidence) -> Iterator[str]:
    yield from (f"TikTok got {n} lines: {kind}" for kind, n in found.leaks.items() if n)


def _good_drops(plan: Plan, found: Evidence) -> Iterator[str]:
    receipts = _by_drop(found)
    for drop in plan.good:
        assert drop.target
        own = own_audiences(found, drop.target.name)
        told = [(r["status"], r["audience_name"], r["audience_id"]) for r in receipts[drop.key]]
        if told != [("delivered", drop.target.name, own[0]["id"] if own else None)]:
            yield f"{drop.key}: receipts say {told or 'nothing'}"
        elif (sent := receipts[drop.key][0]["rows"]["valid"]) != len(drop.ids):
            yield f"{drop.key}: receipt says {sent} rows, not {len(drop.ids)}"


def _poison_drops(plan: Plan, found: Evidence) -> Iterator[str]:
    """Each told once; a function that dies after it told one tells it twice, rather than never."""
    letters: dict[str, list[str]] = defaultdict(list)
    for letter in found.letters:
        letters[letter.key].append(letter.reason)
    receipts = _by_drop(found)
    for drop in plan.poison:
        told_reasons = letters[drop.key]
        if (sorted(set(told_reasons)) if found.deaths else told_reasons) != [drop.reason]:
            yield f"{drop.key}: in the DLQ as {told_reasons}, not once as {drop.reason}"
        told = [(r["status"], r.get("reason")) for r in receipts[drop.key]]
        if told != [("rejected", drop.reason)]:
            yield f"{drop.key}: receipts say {told or 'nothing'}"


def _only_ours(plan: Plan, found: Evidence) -> Iterator[str]:
    """No good drop in the DLQ, no receipt of a marker but that it was skipped."""
    poison = {d.key for d in plan.poison}
    for letter in found.letters:
        if letter.key not in poison:
            yield f"{letter.key}: in the DLQ as {letter.reason}: {letter.message}"
    drops = {receipt_prefix(d.key) for d in plan.drops}
    for key, receipt in found.receipts.items():
        if f"{key.rpartition('/')[0]}/" not in drops and receipt["status"] != "skipped":
            yield f"{key}: a receipt of nothing"


def _left_overs(found: Evidence) -> Iterator[str]:
    if any(found.waiting):
        yield "the queue still holds {}+{}+{} messages".format(*found.waiting)
    for record in found.records.values():
        held = [name for name in _HELD if record.get(name)]
        if held:
            yield f"{record['audience_name']!r}: the record still holds {' and '.join(held)}"
    yield from (f"an invocation failed: {error}" for error in found.errors)
    yield from (f"{n} x {bug}" for bug, n in found.bugs.items())


def _outcomes(plan: Plan, found: Evidence) -> Iterator[str]:
    """Each delivered drop is `ready`; of an audience's last update that takes 48 h to know."""
    by_drop = _by_drop(found)
    receipts = [receipt for drop in plan.good for receipt in by_drop[drop.key]]
    delivered = [receipt for receipt in receipts if receipt["status"] == "delivered"]
    last: dict[str, str] = {}
    for receipt in delivered:
        name, at = receipt["audience_name"], receipt["times"]["accepted_at"]
        last[name] = max(at, last.get(name, ""))
    for receipt in delivered:
        is_last = receipt["times"]["accepted_at"] == last[receipt["audience_name"]]
        open_still = is_last and receipt.get("call") == "update"
        state = (receipt.get("outcome") or {}).get("state")
        if state not in ("ready", *(("processing", None) if open_still else ())):
            yield f"{receipt['drop']['key']}: delivered, and its outcome is {state}"


def _by_drop(found: Evidence) -> dict[str, list[Json]]:
    receipts: dict[str, list[Json]] = defaultdict(list)
    for receipt in found.receipts.values():
        receipts[receipt["drop"]["key"]].append(receipt)
    return receipts
