"""The faults that are most frequent, told by one match: the same words that validation.py finds."""

import re

from audience_uploader.domain.row_counts import (
    MD5,
    NOT_HEX,
    RAW_EMAIL,
    RAW_PHONE,
    SHA1,
    WRONG_LENGTH,
    RowCounts,
)

_REASONS = {
    "email": RAW_EMAIL,
    "phone": RAW_PHONE,
    "md5": MD5,
    "sha1": SHA1,
    "short": WRONG_LENGTH,
    "near": WRONG_LENGTH,
    "words": NOT_HEX,
}
# Words: a text with few digits, without what raw identifiers or other forms of a hash have.
_PLAIN = re.compile(
    rb"(?P<email>[a-zA-Z0-9][!#-&(-?A-~]*@[!#-&(-?A-~]+)"
    rb"|(?P<phone>\+?[0-9]{7,15})"
    rb"|(?P<md5>[0-9a-fA-F]{32})"
    rb"|(?P<sha1>[0-9a-fA-F]{40})"
    rb"|(?P<near>[0-9a-fA-F]{57,63}|[0-9a-fA-F]{65,87})"
    rb"|(?P<short>[0-9a-fA-F]{1,6})"
    rb"|(?P<words>(?=[ -~]{1,42}\Z)(?=[!-~]*[g-zG-Z])(?![ -~]*[eE][+0-9])"
    rb"[a-zA-Z/#](?:[ !#-$&(-/:-?A-~]*[0-9]){0,5}[ !#-$&(-/:-?A-~]*)"
)
_LINES_KNOWN = 5


def plain_fault(cell: bytes) -> str:
    """Return why a cell isn't an identifier, if that is plain; "" if it takes a closer look."""
    match = _PLAIN.fullmatch(cell)
    return _REASONS[match.lastgroup or ""] if match else ""


def count_plain(fault: str, line: int, counts: RowCounts) -> None:
    """Count a row on this line as kept back."""
    counts.read += 1
    known = counts.rejected.get(fault)
    if known is not None and len(known.lines) == _LINES_KNOWN:
        known.count += 1
    else:
        counts.reject(fault, lines=[line])
