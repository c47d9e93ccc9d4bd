"""A whole list into files of hashes: the work behind the command, for programs to call."""

import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from audiencectl.errors import WrongUse
from audiencectl.hashing.columns import FORMATS, Columns, choose
from audiencectl.hashing.digests import DistinctDigests
from audiencectl.hashing.normalise import CountryMissing, Forms, normalisers
from audiencectl.hashing.table import Advance, readable, records
from audiencectl.hashing.tally import Tally

Row = tuple[int, Sequence[str]]
"""A record and the number of the line that it begins on."""


@dataclass(slots=True)
class Hashed:
    """What became of a list: records read, and a tally, a file and its hashes by kind."""

    read: int
    columns: Columns | None
    tallies: Mapping[str, Tally]
    files: Mapping[str, tuple[Path, int]]


def hash_file(
    source: Path,
    out: Path,
    *,
    wanted: Mapping[str, Sequence[str]],
    forms: Forms,
    advance: Advance = lambda _: None,
) -> Hashed:
    """Hash the identifiers of `source` into files below `out`, each whole or not there.

    Raises WrongUse for a column that is not there or a country that is missing, and Refusal for a
    file that is no CSV. Nothing is left behind then.
    """
    rows = records(source, advance)
    first = next(((line, record) for line, record in rows if any(map(str.strip, record))), None)
    if first is None:
        return Hashed(0, None, {}, {})
    columns = choose(first[1], wanted)
    with _workshop(out) as folder:
        functions = normalisers(forms)
        tallies = {
            kind: Tally(functions[kind], DistinctDigests(folder / kind)) for kind in columns.by_kind
        }
        read = _read(rows if columns.header else chain([first], rows), columns, tallies)
        return Hashed(read, columns, tallies, _write(tallies, out))


@contextmanager
def _workshop(out: Path) -> Iterator[Path]:
    """Give a folder within `out` that is gone in the end, as is an `out` that stayed empty."""
    there = out.exists()
    out.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix=".hashing-", dir=out) as folder:
            yield Path(folder)
    finally:
        if not there and not any(out.iterdir()):
            out.rmdir()


def _read(rows: Iterable[Row], columns: Columns, tallies: Mapping[str, Tally]) -> int:
    places = [(tally, n) for kind, tally in tallies.items() for n in columns.by_kind[kind]]
    read, line, width = 0, 0, columns.width
    try:
        for line, record in rows:
            if record:
                _take(record, places, width, line)
                read += 1
    except CountryMissing:
        raise WrongUse(
            f"Line {line} holds a phone number without a +: say of which country the numbers are, "
            "such as --country GB. Nothing was written."
        ) from None
    return read


def _take(
    record: Sequence[str], places: Sequence[tuple[Tally, int]], width: int, line: int
) -> None:
    if len(record) == width or (len(record) > width and not any(map(str.strip, record[width:]))):
        for tally, column in places:
            cell = record[column]
            tally.add(cell if cell.isascii() else readable(cell), line)
    else:
        for tally in {id(tally): tally for tally, _ in places}.values():
            tally.reject("wrong_cell_count", line)


def _write(tallies: Mapping[str, Tally], out: Path) -> dict[str, tuple[Path, int]]:
    files = {}
    for kind, tally in tallies.items():
        if tally.digests.any:
            target = out / f"{FORMATS[kind]}.csv"
            files[kind] = target, tally.digests.write(target)
    return files
