"""All audiences of an advertiser from pages whose order nobody promises."""

from collections.abc import Callable

from audience_uploader.tiktok.errors import ServerFault
from audience_uploader.tiktok.models import Audience, Page

_PAGE_SIZE = 100  # the most that list gives
_MOST_PAGES = 100  # 400 own audiences are 4 pages; the rest is room for shared ones
_MOST_PASSES = 8  # over all pages, until every audience that TikTok counts was seen

ReadPage = Callable[[int, int], Page]
"""Reads the page of a number, counted from 1, at so many audiences a page."""


def every_audience(read_page: ReadPage) -> list[Audience]:
    """Return every audience of all pages, each once.

    An audience can slip between two pages: they are read again until as many were seen as TikTok
    counts. Raises ServerFault when that never comes to pass.
    """
    seen: dict[str, Audience] = {}
    for _ in range(_MOST_PASSES):
        total = _all_pages(read_page, seen)
        if len(seen) >= total:
            return list(seen.values())
    raise ServerFault(f"the list counts {total} audiences but shows {len(seen)}")


def _all_pages(read_page: ReadPage, seen: dict[str, Audience]) -> int:
    number, pages, total = 1, 1, 0
    while number <= min(pages, _MOST_PAGES):
        page = read_page(number, _PAGE_SIZE)
        seen.update((a.audience_id, a) for a in page.audiences)
        number, pages, total = number + 1, page.total_page, page.total_number
    return total
