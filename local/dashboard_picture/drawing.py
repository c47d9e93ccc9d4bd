"""The widgets as one SVG, in CloudWatch's layout but in a plain style of its own."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from local.dashboard_picture import figures
from local.dashboard_picture.board import Widget, alarm_name

_UNIT, _ROW, _GAP, _TOP = 52, 44, 5, 46  # pixels
_COLOURS = ("#2563a8", "#c2410c", "#15803d", "#7e22ce", "#a16207", "#0f766e")
_NOTE = "The dashboard of the stack, drawn from its template with made-up figures"
_STYLE = (
    "text{font:13px sans-serif;fill:#1f2937}.h{font-size:20px;font-weight:bold}"
    ".t{font-weight:bold}.s{font-size:10.5px;fill:#4b5563}.b{font-size:26px;font-weight:bold}"
)

Box = tuple[float, float, float, float]


def draw(widgets: Sequence[Widget]) -> str:
    """The whole picture as SVG text, labelled as made up."""
    height = _TOP + _ROW * max(w.y + w.height for w in widgets)
    parts = [_text(_GAP + 6, 30, _NOTE, "t"), *(part for w in widgets for part in _widget(w))]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {24 * _UNIT} {height}" role="img">'
        f"<title>{_NOTE}</title><style>{_STYLE}</style>"
        f'<rect width="100%" height="100%" fill="#f3f4f6"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _widget(widget: Widget) -> Iterator[str]:
    x, y = widget.x * _UNIT + _GAP, _TOP + widget.y * _ROW + _GAP
    width, height = widget.width * _UNIT - 2 * _GAP, widget.height * _ROW - 2 * _GAP
    if widget.kind == "text":
        yield _text(x + 6, y + height - 9, widget.title.lstrip("# "), "h")
        return
    yield f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="6" fill="#fff"/>'
    yield _text(x + 12, y + 22, widget.title, "t")
    yield from _content(widget, (x + 12, y + 34, width - 24, height - 44))


def _content(widget: Widget, box: Box) -> Iterator[str]:
    if widget.kind == "alarm":
        return _alarms(widget.properties["alarms"], box)
    if widget.kind == "log":
        return _table(widget.properties["query"], box)
    metrics = [_named(metric) for metric in widget.properties["metrics"]]
    if widget.properties.get("view") == "singleValue":
        return _totals(metrics, box)
    return _graph([line for metric in metrics for line in _lines(*metric)], box)


def _named(metric: list[Any]) -> tuple[str, str]:
    """Metric name and label; a search has no name."""
    options = metric[-1] if isinstance(metric[-1], dict) else {}
    name = "" if "expression" in options else str(metric[1])
    return name, str(options.get("label") or name)


def _lines(name: str, label: str) -> list[tuple[str, str]]:
    return [(name, label)] if name else [("", kind) for kind in figures.ERROR_CLASSES]


def _alarms(references: Sequence[str], box: Box) -> Iterator[str]:
    x, y, width, _ = box
    for n, name in enumerate(map(alarm_name, references)):
        on = name in figures.ALARMS_ON
        left, top = x + n % 2 * width / 2, y + n // 2 * 46
        fill, state = ("#fee2e2", "in alarm") if on else ("#dcfce7", "OK")
        yield (
            f'<rect x="{left}" y="{top}" width="{width / 2 - 6}" height="40" rx="4" fill="{fill}"/>'
        )
        yield _text(left + 8, top + 17, name) + _text(left + 8, top + 33, state, "s")


def _totals(metrics: Sequence[tuple[str, str]], box: Box) -> Iterator[str]:
    x, y, width, height = box
    for n, (name, label) in enumerate(metrics):
        left, top = x + n % 3 * width / 3, y + 48 + n // 3 * height / 2
        yield _text(left, top, figures.total(name), "b") + _text(left, top + 20, label)


def _table(query: str, box: Box) -> Iterator[str]:
    x, y, width, _ = box
    names, rows = figures.table(query)
    for n, row in enumerate([names, *rows]):
        for column, cell in enumerate(row):
            left = x + column * width / len(row)
            yield _text(left, y + 18 + 26 * n, cell, "" if n else "t")


def _graph(lines: Sequence[tuple[str, str]], box: Box) -> Iterator[str]:
    x, y, width, height = box
    days = [figures.series(name, label) for name, label in lines]
    most = max(1.0, *(max(day) for day in days))
    per_row = 2 if width < 600 else 4
    plot = (x + 40, y + 6, width - 46, height - 30 - 18 * -(-len(lines) // per_row))
    yield from _axes(plot, most)
    for n, (day, (_, label)) in enumerate(zip(days, lines, strict=True)):
        yield _line(day, plot, most, _COLOURS[n])
        left = x + n % per_row * width * (0.6 if per_row == 2 else 0.25)
        yield from _key(left, plot[1] + plot[3] + 36 + 18 * (n // per_row), label, _COLOURS[n])


def _axes(plot: Box, most: float) -> Iterator[str]:
    x, y, width, height = plot
    for part in (0, 0.5, 1):
        level = y + height * (1 - part)
        yield f'<path d="M{x} {level:.1f}h{width}" stroke="#e5e7eb"/>'
        yield _text(x - 38, level + 4, figures.short(most * part), "s")
    for hour in (0, 6, 12, 18, 24):
        yield _text(x + width * hour / 24 - 14, y + height + 15, f"{hour:02}:00", "s")


def _line(day: Sequence[float], plot: Box, most: float, colour: str) -> str:
    x, y, width, height = plot
    step = width / (len(day) - 1)
    dots = (f"{x + n * step:.0f},{y + height * (1 - v / most):.1f}" for n, v in enumerate(day))
    points = " ".join(dots)
    return f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.6"/>'


def _key(x: float, y: float, label: str, colour: str) -> Iterator[str]:
    yield f'<path d="M{x:.0f} {y - 4:.0f}h14" stroke="{colour}" stroke-width="3"/>'
    yield _text(x + 19, y, label, "s")


def _text(x: float, y: float, words: str, kind: str = "") -> str:
    style = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.0f}" y="{y:.0f}"{style}>{escape(words)}</text>'
