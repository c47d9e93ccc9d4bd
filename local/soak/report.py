"""The table at the end of a run."""

import textwrap
from collections.abc import Iterator, Mapping

from local.soak.evidence import Evidence
from local.soak.mailbox import Mailbox
from local.soak.plan import Plan
from local.soak.scale import Scale
from local.soak.verdict import own_audiences, reasons

_WIDTH = 100


def table(plan: Plan, scale: Scale, mailbox: Mailbox, found: Evidence) -> list[str]:
    """Give the lines that say what was done to the stack, and what it made of it."""
    return [line for row in _rows(plan, scale, mailbox, found) for line in _wrapped(*row)]


def _rows(plan: Plan, scale: Scale, mailbox: Mailbox, found: Evidence) -> Iterator[tuple[str, str]]:
    yield "seed", str(scale.seed)
    ids = sum(len(d.ids) for d in plan.good)
    yield "drops", f"{len(plan.good)} good with {ids:,} rows, {len(plan.poison)} poison"
    yield "events", f"{len(plan.drops) + len(plan.markers)}, and {mailbox.again} delivered again"
    yield from _work(found)
    yield "parked", _listed(found.log.parked)
    yield "dead-lettered", _listed(reasons(found))
    if mailbox.redriven:
        yield "redriven", f"{mailbox.redriven.total()} whose upload TikTok refused twice"
    yield from _ends(plan, found)


def _work(found: Evidence) -> Iterator[tuple[str, str]]:
    yield "invocations", f"{found.log.invocations:,}"
    taken = found.log.crashes_found
    yield "crashes", f"{found.crashes} killed at work, {taken} leases of the dead taken over"
    per_endpoint = {name: sum(answers.values()) for name, answers in found.calls.items()}
    total = sum(per_endpoint.values())
    yield "TikTok calls", f"{total:,}: {_listed(per_endpoint)}"
    share = found.failed / total if total else 0
    yield "made to fail", f"{found.failed:,}, which is {share:.0%} of all calls"
    yield "faults by kind", _listed(found.faults)
    yield "retries", f"{found.log.retries:,} within an invocation"
    if found.log.unavailable:
        yield "AWS unavailable", _listed(found.log.unavailable)


def _ends(plan: Plan, found: Evidence) -> Iterator[tuple[str, str]]:
    names = [t.name for t in plan.targets]
    own = {name: own_audiences(found, name) for name in names}
    yield "audiences", f"{sum(map(len, own.values()))} found, {len(names)} expected"
    there = {name: {i for a in own[name] for i in a["ids"]} for name in names}
    arrived = sum(len(plan.expected[name] & there[name]) for name in names)
    expected = sum(map(len, plan.expected.values()))
    complete = sum(len(own[n]) == 1 and there[n] == plan.expected[n] for n in names)
    yield "ids", f"{arrived:,} found, {expected:,} expected; {complete} audiences exactly right"
    yield "ids by audience", ", ".join(_ids(plan, there))
    said = [r["status"] for r in found.receipts.values()]
    yield "receipts", f"{said.count('delivered')} delivered, {said.count('rejected')} rejected"
    held = sum(bool(r["lease"]) for r in found.records.values())
    yield "left over", f"{sum(found.waiting)} messages, {held} leases, {len(found.left)} files"


def _ids(plan: Plan, there: Mapping[str, set[str]]) -> Iterator[str]:
    for name, expected in plan.expected.items():
        yield f"{len(expected & there[name])} of {len(expected)}"


def _wrapped(name: str, value: str) -> list[str]:
    return textwrap.wrap(
        value,
        width=_WIDTH,
        initial_indent=f"  {name:<16}",
        subsequent_indent=" " * 18,
        break_on_hyphens=False,
    )


def _listed(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {n:,}" for name, n in ordered) or "none"
