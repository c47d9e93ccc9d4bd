"""A real Chromium without a window: pictures of a page, and what it makes of it."""

import shutil
import subprocess
import tempfile
from pathlib import Path

# No call home: a closed network refuses them, and a test counts what the page itself asks for.
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
_NAMES = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    """Return the path of an installed Chromium or Chrome, or None."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


def run_chromium(address: str, *flags: str) -> subprocess.CompletedProcess[str]:
    """Return what Chromium wrote after it opened an address, with a profile of its own.

    Raises FileNotFoundError, with what to install, where there is none.
    """
    chromium = find_chromium()
    if chromium is None:
        raise FileNotFoundError("No Chromium here: install it (Debian: apt-get install chromium)")
    with tempfile.TemporaryDirectory(prefix="status-page-") as profile:
        return subprocess.run(
            [chromium, *_FLAGS, f"--user-data-dir={profile}", *flags, address],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )


def take_picture(page: Path, picture: Path, *, width: int, height: int, dark: bool = False) -> None:
    """Write a PNG of a page as a window of that size shows it."""
    scheme = ("--blink-settings=preferredColorScheme=0",) if dark else ()
    size = f"--window-size={width},{height}"
    run_chromium(page.as_uri(), f"--screenshot={picture}", size, *scheme)
