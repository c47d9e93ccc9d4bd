"""Which columns of a Parquet file hold the identifiers: by name, type and a sample of values."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from audience_uploader.domain.outcomes import DropRefused
from audience_uploader.rows.columns import named_columns
from audience_uploader.rows.header import shown
from audience_uploader.rows.header_names import UNNAMED, is_hashed, rank_of

_NESTED = ("STRUCT", "MAP", "UNION", "VARIANT")
_MOST_LISTED = 20


@dataclass(frozen=True, slots=True)
class Column:
    """A column at the top of the schema, with its type as DuckDB calls it."""

    name: str
    type: str

    @property
    def is_text(self) -> bool:
        """True for strings."""
        return self.type in ("VARCHAR", "JSON") or self.type.startswith("ENUM(")

    @property
    def may_hold_identifiers(self) -> bool:
        """True for strings and for bytes."""
        return self.is_text or self.type == "BLOB"

    @property
    def is_nested(self) -> bool:
        """True for lists, structs and maps."""
        return self.type.endswith("]") or self.type.startswith(_NESTED)


def columns_meant(
    columns: Sequence[Column], holding: Collection[int], calculate_type: str
) -> tuple[int, ...]:
    """Return the positions of the columns to read; `holding` are those seen to hold hashes.

    As in a CSV: those that are named most surely, else the only one that holds hashes, else the
    only one that could. Raises DropRefused: `ambiguous_columns` where that leaves several,
    `unsupported_content` where a nested column is meant, `no_valid_rows` where none can be.
    """
    able = [number for number, column in enumerate(columns) if column.may_hold_identifiers]
    names = [columns[number].name for number in able]
    holders = [place for place, number in enumerate(able) if number in holding]
    named = named_columns(names, holders, calculate_type)
    if not set(named) & set(holders):
        _refuse_named_of_other_type(columns, calculate_type, others_hold=bool(holders))
    chosen = named or tuple(holders) or (tuple(range(len(able))) if len(able) == 1 else ())
    if not chosen:
        raise _none(columns, calculate_type)
    if not named and len(chosen) > 1:
        raise _ambiguous([columns[able[place]] for place in chosen], columns, calculate_type)
    return tuple(able[place] for place in chosen)


def _refuse_named_of_other_type(
    columns: Sequence[Column], calculate_type: str, *, others_hold: bool
) -> None:
    for number, column in enumerate(columns, 1):
        if column.may_hold_identifiers or rank_of(column.name, calculate_type) == UNNAMED:
            continue
        if column.is_nested or is_hashed(column.name) or not others_hold:
            kind = (
                "nested (a list, struct or map)" if column.is_nested else f"of type {column.type}"
            )
            raise DropRefused(
                "unsupported_content",
                f"Column {_labelled(number, column)} of this Parquet file is {kind}: write the "
                "hashes into a column of their own, one a row, as text of 64 hex digits or as "
                "32 bytes of binary.",
            )


def _ambiguous(
    alike: Sequence[Column], columns: Sequence[Column], calculate_type: str
) -> DropRefused:
    which = " and ".join(_labelled(columns.index(column) + 1, column) for column in alike[:5])
    return DropRefused(
        "ambiguous_columns",
        f"Columns {which} of this Parquet file all hold hashes, and no name says which one is "
        f"meant. {_listed(columns)} Give the one that is meant the name {calculate_type.lower()}, "
        "or write a file with that column alone.",
    )


def _none(columns: Sequence[Column], calculate_type: str) -> DropRefused:
    return DropRefused(
        "no_valid_rows",
        f"No column of this Parquet file holds SHA-256 hashes. {_listed(columns)} Write the hashes "
        f"into a column named {calculate_type.lower()}, as text of 64 hex digits or as 32 bytes of "
        "binary.",
    )


def _listed(columns: Sequence[Column]) -> str:
    listed = [shown(column.name) or "?" for column in columns[:_MOST_LISTED]]
    more = ", ..." if len(columns) > _MOST_LISTED else ""
    return f"The file's columns are: {', '.join(listed)}{more}." if listed else "It has no column."


def _labelled(number: int, column: Column) -> str:
    name = shown(column.name)
    return f"{number} ({name})" if name else f"{number}"
