"""One call as the endpoints see it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message

from local.tiktok_simulator.faults import Fault
from local.tiktok_simulator.id_file import IdFile


@dataclass(slots=True, kw_only=True)
class Request:
    """What came over the wire; `fields`, `file` and `advertiser_id` are set when it is their turn.

    The body in `blocks` is read no sooner. `details` is what the call log shows.
    """

    headers: Message
    query: str
    blocks: Iterable[bytes]
    request_id: str
    faults: Sequence[Fault]
    details: dict[str, object]
    fields: Mapping[str, object] = field(default_factory=dict)
    file: IdFile | None = None
    advertiser_id: str = ""
