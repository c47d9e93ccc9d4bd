"""`python -m local.dashboard_picture`: draws the template's dashboard into docs/dashboard.svg."""

import argparse
from pathlib import Path

from local.dashboard_picture.board import read_widgets, synthesise
from local.dashboard_picture.drawing import draw

_PICTURE = Path("docs/dashboard.svg")


def main() -> None:
    """Draws a given template's dashboard, or that of the stack as it stands."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--template", type=Path, help="a synthesised template; default: made anew")
    parser.add_argument("--output", type=Path, default=_PICTURE, help="default: %(default)s")
    given = parser.parse_args()
    template = given.template.read_text("utf-8") if given.template else synthesise()
    given.output.write_text(draw(read_widgets(template)), "utf-8")
    print(f"Wrote {given.output}")


if __name__ == "__main__":
    main()
