"""TikTok's answer to a token and an advertiser id: one read of the audience list."""

import json
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Any

from audiencectl.errors import Refusal

_PATH = "/open_api/v1.3/dmp/custom_audience/list/"
_SECONDS = 30
_SHOWN = 200
_ANEW = "Authorise the app again in TikTok for Business and take the new token."
_MEANING = {
    40001: "the token does not have the audience permission for this advertiser. In TikTok for "
    "Business, give the app the scope Audience Management (reading and changing), and the person "
    "who authorises it the role Admin or Operator on the ad account; then authorise it again.",
    40003: "this token may not do that. Check the app's permissions in TikTok for Business.",
    40102: f"the token has expired. {_ANEW}",
    40104: "no token arrived: it is empty.",
    40105: f"the token is wrong or was revoked. {_ANEW}",
    40113: "the app is blocked or does not exist any more. Check it in TikTok for Business.",
    40118: "the Custom Audience feature is not open to this advertiser or region: ask TikTok.",
    40300: "the advertiser is not one that this token was given for. Check the advertiser id.",
    41000: "TikTok does not answer calls from this country.",
}
_PASSING = (40016, 40100, 40132, 40133)


@dataclass(frozen=True, slots=True)
class Account:
    """What TikTok knows us by; never shown in a repr."""

    token: str = field(repr=False)
    advertiser_id: str

    def __post_init__(self) -> None:
        if not self.token or not self.token.isascii() or not self.token.isprintable():
            raise Refusal("The token is empty, or holds characters that no token has.")
        if not (self.advertiser_id.isascii() and self.advertiser_id.isdecimal()):
            raise Refusal("The advertiser id must be digits only, as Ads Manager shows it.")


def verify(account: Account, base_url: str) -> int:
    """Return how many audiences TikTok shows for the account; raises Refusal with what to do."""
    answer = _ask(account, base_url)
    code = answer.get("code")
    if code in (0, 20001):
        info = (answer.get("data") or {}).get("page_info") or {}
        return int(info.get("total_number") or 0)
    if code in _PASSING or (isinstance(code, int) and code >= 50000):
        raise Refusal(f"TikTok can't answer just now (code {code}). Try again in a few minutes.")
    if isinstance(code, int) and code in _MEANING:
        raise Refusal(f"TikTok refuses these credentials: {_MEANING[code]} (code {code})")
    raise Refusal(
        f"TikTok refuses these credentials (code {code}): {_message(answer, account)} "
        "Check the token and the advertiser id."
    )


def _ask(account: Account, base_url: str) -> dict[str, Any]:
    query = urllib.parse.urlencode(
        {"advertiser_id": account.advertiser_id, "page": 1, "page_size": 1}
    )
    request = urllib.request.Request(  # noqa: S310 - http for loopback only, as the stack has it
        f"{base_url.rstrip('/')}{_PATH}?{query}", headers={"Access-Token": account.token}
    )
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310
            data = json.loads(answer.read())
    except urllib.error.HTTPError as error:
        error.close()
        raise Refusal(f"TikTok answered HTTP {error.code}. Try again later.") from None
    except (OSError, ValueError):
        raise Refusal("TikTok can't be reached, or its answer is none. Try again later.") from None
    return data if isinstance(data, dict) else {}


def _message(answer: dict[str, Any], account: Account) -> str:
    text = str(answer.get("message") or "").replace(account.token, "[token]")
    return text[:_SHOWN]
