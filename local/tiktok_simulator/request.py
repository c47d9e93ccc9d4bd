"""One call as the endpoints see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from local.tiktok_simulator.fault import Fault
from local.tiktok_simulator.id_file import IdFile


@dataclass(slots=True, kw_only=True)
class Request:
    """Checked as far as token, scope and advertiser; `details` is what the call log shows."""

    path: str
    request_id: str
    advertiser_id: str
    fields: Mapping[str, object]
    file: IdFile | None = None
    faults: Sequence[Fault] = ()
    details: dict[str, object] = field(default_factory=dict)
