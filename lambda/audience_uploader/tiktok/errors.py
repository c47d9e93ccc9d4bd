"""What can go wrong at TikTok, by what has to be done about it, and the one table of its codes.

    TikTokError
    ├── ServerFault          no usable answer, or a fault of theirs: it may have acted
    ├── RateLimited          the call was not looked at; come back later
    ├── CredentialsRefused   the token, its scopes or the advertiser are not accepted
    ├── AudienceBusy         the audience takes no edits at the moment
    ├── AudienceUnknown      TikTok knows no such audience (any more)
    ├── BelowMinimum         fewer than 1,000 ids would remain
    ├── FileRefused          an uploaded file is damaged, gone or expired: upload it again
    └── Refused              any other code: trying again gives the same

Codes and their meaning: TikTok's table of return codes (API v1.3). HTTP is 200 for nearly all.
"""

import re


class TikTokError(Exception):
    """A call that did not succeed; the text begins with TikTok's request id.

    `may_have_acted` is True when a try of it got no usable answer, whatever the last one got.
    """

    may_have_acted = False

    def __init__(
        self,
        message: str,
        *,
        code: int | None = None,
        http_status: int | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(f"[{request_id or 'no request id'}] {message} (code {code})")
        self.message = message
        self.code = code
        self.http_status = http_status
        self.request_id = request_id


class ServerFault(TikTokError):
    """No usable answer: a cut connection, a timeout, HTTP 5xx, no JSON, or a 5xxxx code."""

    may_have_acted = True


class RateLimited(TikTokError):
    """Too many calls within a second, a minute or a day; the answer does not say which."""


class CredentialsRefused(TikTokError):
    """The token, its permissions or the advertiser are not accepted."""


class AudienceBusy(TikTokError):
    """The audience is being processed, or a replace is unfinished: it takes no edits now."""


class AudienceUnknown(TikTokError):
    """There is no such audience at TikTok."""


class BelowMinimum(TikTokError):
    """The audience would be left with fewer than 1,000 ids."""


class FileRefused(TikTokError):
    """An uploaded file does not match its signature, is gone, or expired."""


class Refused(TikTokError):
    """Any other code: the same call would fail again."""


_TRANSIENT = {40202, 40902, 40903, 40913, 61000}
_LIMITS = {40016, 40100, 40132, 40133}
_CREDENTIALS = {
    *(40001, 40003, 40101, 40102, 40103, 40104, 40105, 40106, 40107, 40110, 40113),
    *(40115, 40116, 40117, 40118, 40119, 40124, 40125, 40130, 40300, 40301, 40309, 41000),
}
_FILES = {40900, 40905, 40910}
_MISSING = {40007}
_VAGUE = {40000, 40002}  # "invalid parameter", but also what an audience's state forbids
_BUSY_WITH_ANY_CODE = re.compile(r"not editable|audience status|unfinished replace", re.I)
_TEXTS: tuple[tuple[re.Pattern[str], type[TikTokError]], ...] = (
    # The official cause of 40002 is "currently being updated / processing"; its words may vary.
    (
        re.compile(r"being (updated|processed)|audience.*processing|processing.*audience", re.I),
        AudienceBusy,
    ),
    (
        re.compile(
            r"(less|fewer|below|under|least|minimum|small).*(?<![\d,.])1[,.]?000\b"
            r"|(?<![\d,.])1[,.]?000\b.*(minimum|below|required)",
            re.I,
        ),
        BelowMinimum,
    ),
    (re.compile(r"audience.*(not (exist|found)|doesn't exist|unknown)", re.I), AudienceUnknown),
)


def error_class(code: int, message: str) -> type[TikTokError]:
    """Return what a non-zero code means. 40002 stands for many things, so its text decides."""
    if code in _TRANSIENT or 50000 <= code < 61000:
        return ServerFault
    for codes, kind in (
        (_LIMITS, RateLimited),
        (_CREDENTIALS, CredentialsRefused),
        (_FILES, FileRefused),
        (_MISSING, AudienceUnknown),
    ):
        if code in codes:
            return kind
    return _by_text(code, message)


def _by_text(code: int, message: str) -> type[TikTokError]:
    """Tell a busy audience by the text, with any code: the code is not documented everywhere."""
    if _BUSY_WITH_ANY_CODE.search(message):
        return AudienceBusy
    if code not in _VAGUE:
        return Refused
    return next((kind for pattern, kind in _TEXTS if pattern.search(message)), Refused)
