"""Tables that read as tables on a wide screen and as one card a row on a phone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and the classes of the cells below it."""

    heading: str
    classes: str = ""


def table(caption: str, columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; its cells are HTML already, and a row's first one is its heading.

    The roles are said outright, since a browser forgets them where the style makes cards of rows.
    """
    heads = "".join(
        f'<th scope="col" role="columnheader"{_class(c.classes)}>{c.heading}</th>' for c in columns
    )
    body = "".join(_row(columns, cells) for cells in rows)
    return (
        f'<table role="table"><caption>{caption}</caption>'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table>'
    )


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


def box(content: str, more: str = "") -> str:
    """Return a framed content, with a closing line where not all of it is listed."""
    return f'<div class="box">{content}{f"""<p class="more">{more}</p>""" if more else ""}</div>'


def empty(sentence: str) -> str:
    """Return what stands where there is nothing to list."""
    return f'<div class="box"><p class="empty">{sentence}</p></div>'


def _class(classes: str) -> str:
    return f' class="{classes}"' if classes else ""
