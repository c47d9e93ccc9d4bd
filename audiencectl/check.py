"""`audiencectl check`: what the function would make of a file."""

from pathlib import Path

import click
from audience_uploader.domain.drop import DropKey
from audience_uploader.domain.formats import CALCULATE_TYPES

from audiencectl.errors import NO
from audiencectl.reading import read_file
from audiencectl.session import Session, emit, json_option, pass_session, reading_bar

FORMATS = sorted(name.lower() for name in CALCULATE_TYPES)
format_option = click.option(
    "--format",
    "id_format",
    required=True,
    type=click.Choice(FORMATS, case_sensitive=False),
    help="What was hashed.",
)

_EPILOG = """\b
Examples:
  audiencectl check hashed/email_sha256.csv --format email_sha256
  audiencectl check export.csv.gz --format phone_sha256 --json

\b
Reads the file with the function's own code and calls nobody. Exit code 1 if the file would be
refused, or skipped because it holds no row. Parquet needs DuckDB on this machine, and a deployment
with parquet_support: true.
"""


@click.command(epilog=_EPILOG)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@format_option
@click.option(
    "--parquet/--no-parquet", default=True, help="Whether the deployment has parquet_support."
)
@json_option
@pass_session
def check(session: Session, file: Path, id_format: str, parquet: bool, as_json: bool) -> None:
    """Tell what would be sent of FILE, what would be left out, and whether it would be refused."""
    key = DropKey(f"tiktok/-/{id_format}/{file.name}", "-", id_format.upper())
    with reading_bar(session, "Reading", file.stat().st_size) as advance:
        finding = read_file(file, key, parquet=parquet, advance=advance)
    if as_json:
        emit({"file": str(file), "format": id_format, **finding.to_json()})
    else:
        click.echo("\n".join(finding.lines()))
    if not finding.good:
        raise SystemExit(NO)
