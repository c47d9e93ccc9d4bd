"""From any file to rows that TikTok takes: lower-case SHA-256 hashes, one a line, nothing else."""

from audience_uploader.rows.content import rehearsal_needed
from audience_uploader.rows.counts import RowCounts
from audience_uploader.rows.distinct import DistinctIds
from audience_uploader.rows.runs import ROW_BYTES
from audience_uploader.rows.scrubbing import LIMIT_BYTES, scrub

__all__ = ["LIMIT_BYTES", "ROW_BYTES", "DistinctIds", "RowCounts", "rehearsal_needed", "scrub"]
