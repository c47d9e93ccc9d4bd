"""A real Chromium without a window, installed by the machine's own packages."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome")
# No call home of the browser's own; no sandbox, which root cannot have in a container.
_FLAGS = (
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium() -> str | None:
    """Return the path of an installed Chromium or Chrome, or None."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield a running browser, and close it.

    Raises FileNotFoundError, with what to install, where there is none.
    """
    path = find_chromium()
    if path is None:
        raise FileNotFoundError("No Chromium here: install it (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        try:
            yield browser
        finally:
            browser.close()


def take_picture(html: str, picture: Path, *, width: int, height: int, dark: bool) -> None:
    """Write a PNG of a page as a window of that size shows it; of all of it if `height` is 0."""
    with chromium() as browser:
        page = browser.new_page(
            viewport={"width": width, "height": height or 800},
            color_scheme="dark" if dark else "light",
        )
        page.set_content(html)
        page.screenshot(path=picture, full_page=not height)
