"""`audiencectl hash`: raw lists into hashed ones, on the person's own machine."""

from pathlib import Path
from typing import Any

import click
import phonenumbers

from audiencectl.errors import NO, WrongUse
from audiencectl.hashing.columns import FORMATS, KINDS
from audiencectl.hashing.normalise import Forms
from audiencectl.hashing.run import Hashed, hash_file
from audiencectl.session import Session, emit, json_option, pass_session, reading_bar
from audiencectl.words import counted, kept_back

_EPILOG = """\b
Examples:
  audiencectl hash customers.csv --country GB --out hashed
  audiencectl hash crm.csv --email mail --email work_mail --phone mobile --country ID --out hashed
  audiencectl hash list.csv.gz --email 1 --out hashed

\b
IN is a CSV or text file (any delimiter, UTF-8, UTF-16 or Latin-1, packed by gzip or not); save an
Excel sheet as CSV first. Without --email, --phone and --device the header tells the columns. What
is a SHA-256 hash already goes through as it is (already_hashed). The files hold each hash once, in
no order of the list, ready for `audiencectl drop`. No identifier is shown or kept anywhere.
"""


@click.command("hash", epilog=_EPILOG)
@click.argument(
    "source", metavar="IN", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--email", multiple=True, metavar="COL", help="A column of e-mail addresses.")
@click.option("--phone", multiple=True, metavar="COL", help="A column of phone numbers.")
@click.option("--device", multiple=True, metavar="COL", help="A column of IDFAs or GAIDs.")
@click.option("--country", metavar="XX", default="", help="Whose numbers are without a +: GB, ID.")
@click.option(
    "--phone-form",
    type=click.Choice(["e164", "digits"]),
    default="e164",
    show_default=True,
    help="With the + or without. One form per audience, for ever.",
)
@click.option(
    "--email-form",
    type=click.Choice(["plain", "without-suffix"]),
    default="plain",
    show_default=True,
    help="without-suffix leaves +anything out of name+anything@example.com.",
)
@click.option(
    "--out",
    required=True,
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for email_sha256.csv, phone_sha256.csv, first_sha256.csv.",
)
@json_option
@pass_session
def hash_lists(session: Session, /, source: Path, out: Path, as_json: bool, **options: Any) -> None:
    """Hash the e-mail addresses, phone numbers and device ids of a list, by TikTok's rules."""
    forms = Forms(_country(options["country"]), options["phone_form"], options["email_form"])
    wanted = {kind: options[kind] for kind in KINDS}
    with reading_bar(session, "Hashing", source.stat().st_size) as advance:
        hashed = hash_file(source, out, wanted=wanted, forms=forms, advance=advance)
    _tell(hashed, as_json)
    _warn_of_older(hashed, out)
    if not hashed.files:
        click.echo("Nothing in this file could be hashed; no file was written.", err=True)
        raise SystemExit(NO)


def _country(text: str) -> str:
    country = text.strip().upper()
    if country and country not in phonenumbers.SUPPORTED_REGIONS:
        hint = " The United Kingdom is GB." if country == "UK" else ""
        raise WrongUse(f"--country takes two letters such as GB, US or ID, not {text!r}.{hint}")
    return country


def _tell(hashed: Hashed, as_json: bool) -> None:
    if as_json:
        emit(_json(hashed))
        return
    click.echo(f"{counted(hashed.read, 'row')} read.")
    for kind, tally in hashed.tallies.items():
        path, distinct = hashed.files.get(kind, (None, 0))
        where = f" in {path}" if path else ""
        click.echo(f"{kind}: {counted(distinct, 'different hash', 'different hashes')}{where}")
        if tally.already_hashed.count:
            click.echo("  taken as they are, already_hashed: " + kept_back(tally.already_hashed))
        for reason, found in tally.rejected.items():
            click.echo(f"  not used, {reason}: {kept_back(found)}")


def _json(hashed: Hashed) -> dict[str, Any]:
    kinds = {}
    for kind, tally in hashed.tallies.items():
        path, distinct = hashed.files.get(kind, (None, 0))
        columns = hashed.columns.by_kind[kind] if hashed.columns else ()
        kinds[kind] = {
            "format": FORMATS[kind],
            "columns": [hashed.columns.label(c) for c in columns] if hashed.columns else [],
            "file": str(path) if path else None,
            "distinct": distinct,
            "hashed": tally.hashed,
            "already_hashed": tally.already_hashed.count,
            "rejected": {
                reason: {"count": found.count, "first_lines": list(found.lines)}
                for reason, found in tally.rejected.items()
            },
        }
    return {"read": hashed.read, "kinds": kinds}


def _warn_of_older(hashed: Hashed, out: Path) -> None:
    written = {path for path, _ in hashed.files.values()}
    for name in FORMATS.values():
        path = out / f"{name}.csv"
        if hashed.columns and path not in written and path.exists():
            click.echo(f"{path} is older: it does not come from this list.", err=True)
