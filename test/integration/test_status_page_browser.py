"""The status page in a real Chromium, from a server on this machine."""

import os
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from audience_uploader.sweep.page import render
from playwright.sync_api import Browser, Page
from support import status_page_sample as sample
from support.browser import chromium, find_chromium
from support.status_page import HOSTILE, NOW, file, status

WIDTHS = (320, 375, 768, 1024, 1280, 1920, 3840)
_MISSING = "Chromium is not installed (Debian: apt-get install chromium)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if find_chromium() is None:
        assert not os.environ.get("BROWSER_REQUIRED"), _MISSING
        pytest.skip(_MISSING)
    with chromium() as running:
        yield running


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 (the base class's name)
        pass


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    statuses = [*sample.statuses(), status(HOSTILE * 2, state="failed", what_to_do=HOSTILE),
                status("W" * 128), status("\u202eright to left")]  # fmt: skip
    files = [*sample.files(), file(key=f"tiktok/{HOSTILE}/x/{'k' * 900}", status="rejected",
                                   reason="bad_key", message=HOSTILE + "/k" * 300)]  # fmt: skip
    (tmp_path / "index.html").write_text(render(statuses, files, now=NOW), "utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=tmp_path)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/index.html"
        server.shutdown()


class Opened:
    """A page that was opened, with all that it asked for and complained about."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.requests: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda r: self.requests.append(r.url))
        page.on("console", lambda m: self.complaints.append(m.text))
        page.on("pageerror", lambda e: self.complaints.append(str(e)))
        page.on("dialog", lambda d: self.complaints.append(d.message))
        page.goto(address)


def contrasts(page: Page) -> list[float]:
    """Return the contrast of every text with what is behind it, by WCAG's formula."""
    found: list[float] = page.evaluate(
        """() => {
        const channels = c => c.match(/[\\d.]+/g).map(Number);
        const light = c => channels(c).slice(0, 3).map(v => v / 255)
            .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
            .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
        const behind = e => {
            const c = getComputedStyle(e).backgroundColor;
            return (channels(c)[3] ?? 1) === 0 && e.parentElement ? behind(e.parentElement) : c;
        };
        const texts = [...document.querySelectorAll("body *")].filter(e =>
            [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && e.offsetParent);
        return texts.map(e => {
            const pair = [light(getComputedStyle(e).color), light(behind(e))].sort((a, b) => b - a);
            return (pair[0] + .05) / (pair[1] + .05);
        });
    }"""
    )
    return found


def test_page_complains_of_nothing_and_asks_for_nothing(browser: Browser, address: str) -> None:
    opened = Opened(browser.new_page(), address)

    assert opened.complaints == []
    assert opened.requests == [address]


@pytest.mark.parametrize("width", WIDTHS)
def test_page_of_any_width_fits_into_it(browser: Browser, address: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(address)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut_off = "b => b.scrollWidth > b.clientWidth"
    boxes = f"[...document.querySelectorAll('.box, li')].filter({cut_off})"
    assert page.evaluate(f"{boxes}.map(b => b.innerText)") == []


def test_names_with_markup_are_shown_literally(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)

    names = page.locator("#audiences bdi").all_inner_texts()
    assert HOSTILE * 2 in names
    assert page.locator("#to-do p").filter(has_text=HOSTILE).count() == 1
    assert page.locator("img, script, iframe, object").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_in_light_and_dark(browser: Browser, address: str, scheme: Any) -> None:
    page = browser.new_page(color_scheme=scheme)
    page.goto(address)

    found = contrasts(page)
    assert len(found) > 100
    assert min(found) >= 4.5


def test_dark_page_is_dark(browser: Browser, address: str) -> None:
    colours = set()
    for scheme in ("light", "dark"):
        page = browser.new_page(color_scheme=scheme)
        page.goto(address)
        colours.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    assert len(colours) == 2


@pytest.mark.parametrize("width", [375, 1280])
def test_tables_are_tables_to_a_screen_reader(browser: Browser, address: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(address)

    assert page.get_by_role("table").count() == 5
    assert page.get_by_role("rowheader", name="Loyalty members UK").count() >= 1
    assert page.get_by_role("img", name="People over time").count() >= 5
    assert page.get_by_role("heading", level=1).all_inner_texts() == ["TikTok audiences"]
    assert page.get_by_role("heading", level=2).count() == 5
