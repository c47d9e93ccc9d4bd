"""What one try makes of each drop: what was counted once travels here."""

from dataclasses import dataclass, field

from audience_uploader.domain.drop import Drop
from audience_uploader.domain.outcomes import Outcome


@dataclass(slots=True)
class DropOutcomes:
    """The outcomes of a try for the message's drop `of` and for those beside it.

    `own` is set once the message's drop has an outcome that its message must carry out;
    `concluded` are the versions with a final receipt; `left_over` says that a next try at once
    makes sense.
    """

    of: Drop
    own: Outcome | None = None
    concluded: set[tuple[str, str]] = field(default_factory=set)
    left_over: bool = False

    def is_own(self, drop: Drop) -> bool:
        """Tell whether it is the message's drop."""
        return drop.version == self.of.version

    def retry(self, drop: Drop, outcome: Outcome) -> None:
        """Note that a drop waits for something of its own."""
        if self.is_own(drop):
            self.own = outcome
