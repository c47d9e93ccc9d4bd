"""`python -m local.status_page`: draws the status page's sample into docs/status_page.png."""

import argparse
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(_ROOT / "lambda"))  # the function's own code, without an install

from local.status_page import sample  # noqa: E402
from local.status_page.browser import take_picture  # noqa: E402


def main() -> None:
    """Draw the sample, or only write its HTML."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=_ROOT / "docs/status_page.png")
    parser.add_argument("--html", type=Path, help="write the page itself there, and no picture")
    parser.add_argument("--width", type=int, default=1200, help="default: %(default)s")
    parser.add_argument("--height", type=int, default=1060, help="0 for all of it (%(default)s)")
    parser.add_argument("--dark", action="store_true", help="as a dark screen shows it")
    given = parser.parse_args()
    page = sample.page()
    if given.html:
        given.html.write_text(page, "utf-8")
        return
    take_picture(page, given.output, width=given.width, height=given.height, dark=given.dark)
    print(f"Wrote {given.output}")


if __name__ == "__main__":
    main()
