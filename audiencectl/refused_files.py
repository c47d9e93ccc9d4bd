"""Read files before they are dropped, and find those that would come to nothing."""

from pathlib import Path

from audience_uploader.domain.drop import parse_key
from audience_uploader.domain.outcomes import DropRefused, Skipped

from audiencectl.reading import read_file
from audiencectl.session import Session, reading_bar


def refused_files(session: Session, keys: dict[str, Path]) -> list[dict[str, str]]:
    """Return which of the files the function would refuse, or skip, at their keys, and why."""
    parquet = session.deployment.reads_parquet
    faults = {file: _fault(session, key, file, parquet) for key, file in keys.items()}
    return [
        {"file": str(file), "reason": fault[0], "message": fault[1]}
        for file, fault in faults.items()
        if fault
    ]


def _fault(session: Session, key: str, file: Path, parquet: bool) -> tuple[str, str] | None:
    if fault := _fault_of_key(key):
        return fault
    with reading_bar(session, f"Checking {file.name}", file.stat().st_size) as advance:
        finding = read_file(file, parse_key(key), parquet=parquet, advance=advance)
    return None if finding.good else (str(finding.reason), str(finding.message))


def _fault_of_key(key: str) -> tuple[str, str] | None:
    """Return a word and a sentence if the function would not take a drop with this key."""
    try:
        parse_key(key)
    except DropRefused as refusal:
        return refusal.reason, refusal.message
    except Skipped:
        return "skipped", "The function skips files of this name, as companions: rename it."
    return None
