"""Which TikTok audience a name stands for: remembered, found, or none yet."""

import unicodedata
from dataclasses import dataclass
from typing import Protocol

from audience_uploader.domain.audience_names import comparable_name
from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.outcomes import Refusal
from audience_uploader.tiktok.errors import ServerFault
from audience_uploader.tiktok.models import Audience


class AudienceDirectory(Protocol):
    """What is asked of TikTok to find an audience."""

    def get_audience(self, audience_id: str) -> Audience | None:
        """Return one audience by its id."""

    def list_audiences(self) -> list[Audience]:
        """Return all audiences the advertiser sees."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave: the audience, or None; the remembered one if a person renamed it.

    `known` is what `get` shows of the remembered id, whatever became of it. `replaces` is True
    where an audience was remembered and is not the one any more.
    """

    audience: Audience | None
    known: Audience | None = None
    renamed: Audience | None = None
    replaces: bool = False


def find(client: AudienceDirectory, state: AudienceState) -> Found:
    """Return the audience of the state's name: by the remembered id if that still holds.

    One that is gone, expired, renamed by a person or no customer file of ours any more is looked
    up by its name. Raises as `look_up` does.
    """
    if state.audience_id is None:
        return Found(_described(client, look_up(client, state.audience_name)))
    known = client.get_audience(state.audience_id)
    ours = known is not None and known.is_own_file and not known.expired
    if ours and known and _bears_the_name(state, known):
        state.shown_name = known.name
        return Found(known, known)
    other = _described(client, look_up(client, state.audience_name))
    if other and other.audience_id == state.audience_id:
        return Found(other, other)  # `get` left it out once
    return Found(other, known, renamed=known if ours else None, replaces=True)


def _described(client: AudienceDirectory, listed: Audience | None) -> Audience | None:
    """Return a listed audience as `get` shows it: only that has the text of an error.

    Raises ServerFault where `get` does not know it: one that was deleted may be listed for a while.
    """
    details = client.get_audience(listed.audience_id) if listed else None
    if listed and details is None:
        raise ServerFault("an audience is listed that get does not know")
    return details


def _bears_the_name(state: AudienceState, known: Audience) -> bool:
    if comparable_name(known.name) == comparable_name(state.audience_name):
        return True
    if state.shown_name is not None:
        return known.name == state.shown_name
    return is_alteration(known.name, of=state.audience_name)


def is_alteration(shown: str, *, of: str) -> bool:
    """Tell whether a name may be what TikTok made of ours: cut short, or without some characters.

    A person who renames an audience changes its letters or digits.
    """
    ours, theirs = _letters(of), _letters(shown)
    return bool(theirs) and (theirs == ours or (len(shown) >= 32 and ours.startswith(theirs)))


def _letters(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in folded if c.isalnum())


def look_up(client: AudienceDirectory, name: str, *, altered: bool = False) -> Audience | None:
    """Return the advertiser's own, unexpired customer-file audience of this name, or None.

    With `altered` a name that TikTok altered counts as well. Raises Refusal `several_audiences`
    when there are more.
    """
    wanted = comparable_name(name)
    own = [a for a in client.list_audiences() if a.is_own_file and not a.expired]
    found = [a for a in own if comparable_name(a.name) == wanted]
    if not found and altered:
        found = [a for a in own if is_alteration(a.name, of=name)]
    if len(found) > 1:
        ids = ", ".join(sorted(a.audience_id for a in found))
        raise Refusal(
            "several_audiences",
            f"TikTok has {len(found)} audiences of this name ({ids}); rename or delete all but "
            "one in Ads Manager, then redrive this message.",
        )
    return found[0] if found else None


def check_type(audience: Audience, calculate_type: str) -> None:
    """Raise Refusal `other_id_type` unless the audience holds ids of this type."""
    if audience.calculate_type == calculate_type:
        return
    held = audience.calculate_type or "ids of an unknown type"
    raise Refusal(
        "other_id_type",
        f"The audience {audience.audience_id} holds {held}, the drop {calculate_type}; drop the "
        "file under another audience name, or under the format that the audience holds.",
    )


def renamed_refusal(audience: Audience) -> Refusal:
    """Return why nothing is taken out of an audience that a person renamed."""
    return Refusal(
        "audience_renamed",
        f"The audience {audience.audience_id} has another name at TikTok now, and the people of "
        "this file are still in it. Take them out under the new name (copy the file to "
        "tiktok/<new name>/<format>/remove/), or rename the audience back and redrive this "
        "message.",
    )
