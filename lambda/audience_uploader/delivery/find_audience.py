"""Which TikTok audience a name stands for: remembered, found, or none yet."""

from typing import Protocol

from audience_uploader.domain.outcomes import DeadLetter
from audience_uploader.tiktok.models import Audience


class AudienceDirectory(Protocol):
    """What is asked of TikTok to find an audience."""

    def get_audience(self, audience_id: str) -> Audience | None:
        """One audience by its id."""

    def list_audiences(self) -> list[Audience]:
        """All audiences the advertiser sees."""


def find(client: AudienceDirectory, name: str, *, remembered: str | None) -> Audience | None:
    """The audience of this name: by the remembered id if that still holds, else by the list.

    One that is gone, expired or renamed is looked up again. Raises as `look_up` does.
    """
    known = client.get_audience(remembered) if remembered else None
    if known and known.name == name and not known.expired:
        return known
    return look_up(client, name)


def look_up(client: AudienceDirectory, name: str) -> Audience | None:
    """The advertiser's own, unexpired customer-file audience of exactly this name, or None.

    Raises DeadLetter `several_audiences` when there are more.
    """
    found = [
        a for a in client.list_audiences() if a.name == name and a.is_own_file and not a.expired
    ]
    if len(found) > 1:
        ids = ", ".join(sorted(a.audience_id for a in found))
        raise DeadLetter(
            "several_audiences",
            f"TikTok has {len(found)} audiences of this name ({ids}); rename or delete all but "
            "one in Ads Manager, then redrive this message.",
        )
    return found[0] if found else None


def check_type(audience: Audience, calculate_type: str) -> None:
    """Raises DeadLetter `other_id_type` unless the audience holds ids of this type."""
    if audience.calculate_type == calculate_type:
        return
    held = audience.calculate_type or "ids of an unknown type"
    raise DeadLetter(
        "other_id_type",
        f"The audience {audience.audience_id} holds {held}, the drop {calculate_type}; drop the "
        "file under another audience name, or under the format that the audience holds.",
    )
