"""Draws the status page's sample into docs/status_page.png, for the README.

Run from the top: `PYTHONPATH=lambda:test .venv/bin/python -m support.status_page_picture`.
"""

import argparse
from pathlib import Path

from support import status_page_sample
from support.browser import take_picture

_DOCS = Path(__file__).resolve().parents[2] / "docs"


def main() -> None:
    """Draw the sample, or only write its HTML."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=_DOCS / "status_page.png")
    parser.add_argument("--html", type=Path, help="write the page itself there, and no picture")
    parser.add_argument("--width", type=int, default=1200, help="default: %(default)s")
    parser.add_argument("--height", type=int, default=1060, help="0 for all of it (%(default)s)")
    parser.add_argument("--dark", action="store_true", help="as a dark screen shows it")
    given = parser.parse_args()
    page = status_page_sample.page()
    if given.html:
        given.html.write_text(page, "utf-8")
        return
    take_picture(page, given.output, width=given.width, height=given.height, dark=given.dark)


if __name__ == "__main__":
    main()
