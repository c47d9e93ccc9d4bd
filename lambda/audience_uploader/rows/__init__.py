"""From any file to rows that TikTok takes: lower-case SHA-256 hashes, one a line, nothing else."""

from audience_uploader.domain.row_counts import RowCounts
from audience_uploader.rows.clean_rows import ROW_BYTES
from audience_uploader.rows.decoding import rehearsal_needed
from audience_uploader.rows.pipeline import LIMIT_BYTES, scrub
from audience_uploader.rows.tally import DistinctIds

__all__ = ["LIMIT_BYTES", "ROW_BYTES", "DistinctIds", "RowCounts", "rehearsal_needed", "scrub"]
