"""The commands of a document: its fenced blocks of bash, by the section that they stand in."""

import re
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block, the `number`-th (from 1) of its section."""

    page: str
    section: str
    number: int
    text: str

    @property
    def name(self) -> tuple[str, str, int]:
        """What a test calls it."""
        return self.page, self.section, self.number


def blocks(page: str) -> list[Block]:
    """Give all blocks of bash in a page of docs/, in their order."""
    found: list[Block] = []
    text = (DOCS / f"{page}.md").read_text("utf-8")
    for heading, body in re.findall(r"^#+ (.+)\n((?:(?!#+ ).*\n)*)", _headings_only(text), re.M):
        for number, code in enumerate(re.findall(r"^```bash\n(.*?)^```", body, re.M | re.S), 1):
            found.append(Block(page, heading, number, code.replace("\0", "#")))
    return found


def _headings_only(text: str) -> str:
    """Hide the comments of code, which begin as headings do."""
    return re.sub(
        r"^```.*?^```",
        lambda code: re.sub(r"^#", "\0", code[0], flags=re.M),
        text,
        flags=re.M | re.S,
    )
