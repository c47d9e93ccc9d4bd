"""The table at the end of a run: what was done to the stack, and what it made of it."""

from collections import Counter
from collections.abc import Mapping

from support.soak.evidence import Evidence
from support.soak.plan import Plan
from support.soak.scale import Scale
from support.soak.verdict import own_audiences


def table(plan: Plan, scale: Scale, found: Evidence) -> list[str]:
    """Give its lines."""
    calls = {name: sum(answers.values()) for name, answers in found.calls.items()}
    own = {t.name: own_audiences(found, t.name) for t in plan.targets}
    there = {
        name: {i for a in audiences for i in a["applied_ids"]} for name, audiences in own.items()
    }
    arrived = sum(len(plan.expected[name] & there[name]) for name in there)
    said = Counter(r["status"] for r in found.receipts.values())
    delivered = [r for r in found.receipts.values() if r["status"] == "delivered"]
    rows = {
        "seed": scale.seed,
        "drops": f"{len(plan.good)} good, {len(plan.poison)} poison",
        "invocations": f"{found.invocations:,}, {found.deaths} died",
        "TikTok calls": f"{sum(calls.values()):,}: {_listed(calls)}",
        "made to fail": f"{found.failed:,} of them",
        "audiences": f"{sum(map(len, own.values()))} found, {len(own)} expected",
        "ids": f"{arrived:,} found, {sum(map(len, plan.expected.values())):,} expected",
        "receipts": _listed(said),
        "dead letters": _listed(Counter(letter.reason for letter in found.letters)),
        "outcomes": _listed(
            Counter(str((r.get("outcome") or {}).get("state", "not known yet")) for r in delivered)
        ),
    }
    return [f"  {name:<16}{value}" for name, value in rows.items()]


def _listed(counts: Mapping[str, int]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {n:,}" for name, n in ordered) or "none"
