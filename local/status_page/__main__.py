"""`python -m local.status_page`: draws the status page's sample into docs/status_page.png."""

import argparse
import tempfile
from pathlib import Path

from local.status_page import sample
from local.status_page.browser import take_picture

_PICTURE = Path("docs/status_page.png")


def main() -> None:
    """Draw the sample, or only write its HTML."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=_PICTURE, help="default: %(default)s")
    parser.add_argument("--html", type=Path, help="write the page itself there, and no picture")
    parser.add_argument("--width", type=int, default=1280, help="default: %(default)s")
    parser.add_argument("--height", type=int, default=1180, help="default: %(default)s")
    parser.add_argument("--dark", action="store_true", help="as a dark screen shows it")
    given = parser.parse_args()
    page = sample.page()
    if given.html:
        given.html.write_text(page, "utf-8")
        return
    with tempfile.TemporaryDirectory() as folder:
        html = Path(folder) / "index.html"
        html.write_text(page, "utf-8")
        take_picture(html, given.output.resolve(), width=given.width, height=given.height,
                     dark=given.dark)  # fmt: skip
    print(f"Wrote {given.output}")


if __name__ == "__main__":
    main()
