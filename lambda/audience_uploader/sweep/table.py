"""Tables that read as tables on a wide screen and as one card a row on a phone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and the classes of the cells below it."""

    heading: str
    classes: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """How many rows a table may list, and how many bytes they may take together."""

    rows: int
    size: int


def table(
    caption: str,
    columns: Sequence[Column],
    items: Sequence[T],
    cells: Callable[[T], Sequence[str]],
    room: Room,
    more: str = "",
) -> str:
    """Return a framed table of the first items that there is room for, a row each.

    `cells` gives an item's cells as HTML, the first one is the row's heading. `more` follows the
    count of the items that are not listed. The roles are said outright, since a browser forgets
    them where the style makes cards of rows.
    """
    heads = "".join(
        f'<th scope="col" role="columnheader"{_class(c.classes)}>{c.heading}</th>' for c in columns
    )
    body, left = fitting(items, lambda item: _row(columns, cells(item)), room)
    rest = f'<p class="more">And {left:,} more{more}.</p>' if left else ""
    return (
        f'<div class="box"><table role="table"><caption>{caption}</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table>{rest}</div>'
    )


def fitting(items: Sequence[T], show: Callable[[T], str], room: Room) -> tuple[str, int]:
    """Return the first items as HTML, as many as there is room for, and the count of the rest."""
    shown: list[str] = []
    used = 0
    for item in items[: room.rows]:
        html = show(item)
        used += len(html.encode())
        if used > room.size:
            break
        shown.append(html)
    return "".join(shown), len(items) - len(shown)


def _row(columns: Sequence[Column], cells: Sequence[str]) -> str:
    head = f'<th scope="row" role="rowheader"{_class(columns[0].classes)}>{cells[0]}</th>'
    rest = "".join(
        f'<td role="cell" data-label="{c.heading}"{_class(c.classes)}><div>{cell}</div></td>'
        for c, cell in zip(columns[1:], cells[1:], strict=True)
    )
    return f'<tr role="row">{head}{rest}</tr>\n'


def section(anchor: str, title: str, lead: str, content: str) -> str:
    """Return a section with its heading and a sentence that says what is in it."""
    return (
        f'<section id="{anchor}" aria-labelledby="{anchor}-title"><h2 id="{anchor}-title">{title}'
        f'</h2><p class="muted">{lead}</p>{content}</section>\n'
    )


def empty(sentence: str) -> str:
    """Return what stands where there is nothing to list."""
    return f'<div class="box"><p class="empty">{sentence}</p></div>'


def _class(classes: str) -> str:
    return f' class="{classes}"' if classes else ""
