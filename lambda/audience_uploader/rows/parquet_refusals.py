"""Why a Parquet file is refused, and what to do about it."""

from audience_uploader.domain.outcomes import DropRefused

MISSING = (
    "This is Parquet, and DuckDB, which reads it, is not installed: deploy with the setting "
    "`parquet_support: true` (on your own machine: pip install duckdb), or choose CSV as the "
    "result format of the query."
)
LARGE_PAGES = (
    "A page of this Parquet file does not fit into memory: write it with smaller row groups "
    "(100,000 rows) or smaller pages (1 MB is usual), or as CSV."
)
LARGE_FOOTER = (
    "The footer of this Parquet file, which lists every column of every row group, does not fit "
    "into memory: write it with larger row groups (100,000 rows) or with the column of hashes "
    "alone, or as CSV."
)
UNKNOWN_CODEC = (
    "This Parquet file uses a compression or encoding that cannot be read here: write it with "
    "Snappy, gzip, Zstandard or no compression."
)
_NOT_TEXT = (
    "A column of this Parquet file is declared as text but holds bytes that are none: declare it "
    "as binary, or write the hashes as 64 hex digits."
)
ENCRYPTED = (
    "This Parquet file is encrypted: write it without Parquet's own encryption; the bucket "
    "encrypts what it keeps."
)
CUT_SHORT = (
    "The Parquet file is cut short: it does not end with its footer, and nothing of it was sent. "
    "Write it again and drop it again."
)
DAMAGED = (
    "The Parquet file is damaged and cannot be read: nothing of it was sent. Write it again and "
    "drop it again."
)


def refusal_of(text: str) -> DropRefused:
    """Return the refusal that an error text of DuckDB means; the text itself may quote the file."""
    lowered = text.lower()
    if "encrypt" in lowered:
        return DropRefused("unsupported_content", ENCRYPTED)
    if "invalid string encoding" in lowered or "invalid unicode" in lowered:
        return DropRefused("unsupported_content", _NOT_TEXT)
    if "unsupported" in lowered and "codec" in lowered:
        return DropRefused("unsupported_content", UNKNOWN_CODEC)
    return DropRefused("damaged_parquet", DAMAGED)
