"""A story as plain data: what the user does, and what happens then."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from support.world import HOUR

POISON = {
    "no_valid_rows": b"jane@example.com\n",
    "damaged_gzip": b"\x1f\x8b\x08\x00broken",
    "unsupported_content": b"PAR1" + bytes(40),
}


@dataclass(frozen=True, slots=True)
class Step:
    """After `gap` seconds the user does something; `then` is how the function goes on.

    `then` is empty, `receive`, `work <hours>`, `killed before|after <call>`, or
    `during <call> <messages>`: the user's deed falls into the handling of a message, and so do
    messages that another function handles. A call is a number, or `change` (that to TikTok),
    `receipt` (one that is written) or `read` (of a drop).
    """

    gap: int
    do: str
    how: Mapping[str, Any] = field(default_factory=dict)
    then: str = ""

    def __str__(self) -> str:
        told = ", ".join(f"{k} {v}" for k, v in self.how.items())
        then = f"  => {self.then}" if self.then else ""
        return f"+{self.gap:>6} s  {self.do:<11} {told}{then}"


@dataclass(frozen=True, slots=True)
class Story:
    """One story; `options` are the simulator's, `percent` is the shrink guard.

    With `replays` all events are replayed at the end, as out of EventBridge's archive.
    """

    seed: int
    options: Mapping[str, Any]
    settle: int
    percent: int
    sweeps: bool
    replays: bool
    steps: tuple[Step, ...]

    @property
    def base(self) -> float:
        """The base delay in seconds: a longer one where days are waited for, to save tries."""
        return 120.0 if self.options["processing_seconds"] > 24 * HOUR else 30.0

    @property
    def is_replayed(self) -> bool:
        return self.replays or any(step.how.get("replay") for step in self.steps)

    def __str__(self) -> str:
        said = f"seed {self.seed}: {dict(self.options)}, settle_seconds {self.settle}, "
        said += (
            f"replace_minimum_percent {self.percent}, sweeps {self.sweeps}, replays {self.replays}"
        )
        return "\n".join([said, *map(str, self.steps)])

    def with_steps(self, steps: list[Step]) -> "Story":
        return replace(self, steps=tuple(steps))
