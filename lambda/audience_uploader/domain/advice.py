"""A refusal in the making: what is wrong with a key, and which one to use."""

from collections.abc import Sequence

ROOT = "tiktok"

# What a person has to fill in.
ANY_AUDIENCE = "<audience>"
ANY_FORMAT = "<format>"
ANY_SET = "<set>"


class Advice:
    """What is wrong (a stable word and the begin of a sentence), and the better key's segments.

    `purpose` ends the sentence; `better` begins with ROOT; None where no better key can be told.
    """

    def __init__(
        self, reason: str, text: str, after_root: Sequence[str] | None, *, purpose: str = ""
    ) -> None:
        self.reason = reason
        self.text = text
        self.purpose = purpose
        self.better = None if after_root is None else [ROOT, *after_root]

    def sentence(self, better: list[str] | None) -> str:
        """Return the sentence that says what to do, with the key to copy the file to."""
        where = "/".join(better) if better else "a key of that form"
        return f"{self.text}; copy the file to {where}{self.purpose}."
