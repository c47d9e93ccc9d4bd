"""The most frequent faults of cells, as validation.py gives them, but by the shape of the cell."""

import re
from functools import lru_cache

from audience_uploader.domain.row_counts import NOT_HEX, RAW_EMAIL, RAW_PHONE
from audience_uploader.rows.other_forms import HASH_CHARACTERS, HEX
from audience_uploader.rows.validation import fault_of_hex

_EMAIL = re.compile(rb"[a-zA-Z0-9][!#-&(-?A-~]*@[!#-&(-?A-~]+")
_PHONE = re.compile(rb"\+[0-9]{7,15}")
# a text that is too short for, or has too few digits for, anything raw or another form of a hash
_SHORT = re.compile(rb"[!#-$&(-*,-?A-~](?:[ !#-$&(-*,-?A-~]{0,4}[!#-$&(-*,-?A-~])?")
_WORDS = re.compile(
    rb"(?=[ -~]{1,42}\Z)(?=[!-~]*[g-zG-Z])(?![ -~]*[eE][+0-9])"
    rb"[a-zA-Z/#](?:[ !#-$&(-/:-?A-~]*[0-9]){0,6}[ !#-$&(-/:-?A-~]*"
)
# One digit and a few letters stand for all that are alike in every pattern here.
_SHAPE = bytes.maketrans(
    b"123456789" + b"abcdfABCDEFghijklmnopqrstuvwxyzGHIJKLMNOPQRSTUVWXYZ",
    b"0" * 9 + b"aaaaa" + b"aaaaea" + b"g" * 40,
)
_LONGEST_KEPT = 100  # bytes


def plain_faults(text: bytes) -> list[str | None]:
    """Return for each line the reason that validation.py gives for such a cell, else None.

    None where that is not plain. Every line has its LF. Cells of one shape have one fault, and
    there are few shapes: most are judged once.
    """
    shapes = text.translate(_SHAPE).split(b"\n")
    del shapes[-1]
    return [
        _fault_of_short(shape) if len(shape) <= _LONGEST_KEPT else _fault_of(shape)
        for shape in shapes
    ]


def _fault_of(cell: bytes) -> str | None:
    if not cell.translate(None, HEX):
        return fault_of_hex(cell) if len(cell) != HASH_CHARACTERS else None
    if b"@" in cell:
        return RAW_EMAIL if _EMAIL.fullmatch(cell) else None
    if _PHONE.fullmatch(cell):
        return RAW_PHONE
    return NOT_HEX if _SHORT.fullmatch(cell) or _WORDS.fullmatch(cell) else None


_fault_of_short = lru_cache(maxsize=4096)(_fault_of)
