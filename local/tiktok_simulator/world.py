"""Everything this TikTok remembers, behind one lock."""

import itertools
import random
import threading

from local.tiktok_simulator.answers import Code, RefusalError
from local.tiktok_simulator.audiences import Audience
from local.tiktok_simulator.calls import CallLog
from local.tiktok_simulator.clock import Clock
from local.tiktok_simulator.faults import Faults
from local.tiktok_simulator.limits import Limits
from local.tiktok_simulator.options import Options
from local.tiktok_simulator.uploads import Upload

_FIRST_ID = 7300000000000000000


class World:
    """Audiences per advertiser, uploads, clock, options, faults, and the log of calls.

    Whoever reads or changes any of it holds `lock`, except for faults and calls, which lock
    themselves: they are asked before and after a call takes effect. Time and options may be read
    without it.
    """

    def __init__(self, options: Options) -> None:
        self.lock = threading.RLock()
        self.stopping = threading.Event()
        self.clock = Clock()
        self.faults = Faults()
        self.calls = CallLog()
        self._first_options = options
        self.reset()

    def reset(self) -> None:
        """As new: no audience, no upload, no fault, no call, first options, real time."""
        with self.lock:
            self.options = self._first_options
            self.uploads: dict[str, Upload] = {}
            self.limits = Limits()
            self.random = random.Random(self.options.seed)
            self.advertisers: dict[str, dict[str, Audience]] = {}
            self._numbers = itertools.count(1)
            self.clock.reset()
            self.faults.clear()
            self.calls.clear()

    def new_audience_id(self) -> str:
        """Return a string of 19 digits, never given twice; too big for a JavaScript number."""
        return str(_FIRST_ID + next(self._numbers) * 1_000_003)

    def audiences(self, advertiser_id: str) -> dict[str, Audience]:
        """Return the advertiser's rows by audience id, oldest first, with all due jobs applied."""
        rows = self.advertisers.setdefault(advertiser_id, {})
        now = self.clock.now()
        for audience in rows.values():
            audience.settle(now, self.options)
        return rows

    def rows_with(self, audience_id: str) -> dict[str, Audience]:
        """Return the rows of the advertiser that has this audience; KeyError if none has."""
        for advertiser_id in self.advertisers:
            rows = self.audiences(advertiser_id)
            if audience_id in rows:
                return rows
        raise KeyError(audience_id)

    def own_audience(self, advertiser_id: str, audience_id: str) -> Audience:
        """Return an audience it may change; a RefusalError for one unknown or shared in."""
        found = self.audiences(advertiser_id).get(audience_id)
        if found is None:
            code = self.options.unknown_code
            raise RefusalError(code, f"The custom audience {audience_id} does not exist.")
        if not found.is_creator:
            message = f"No permission to change custom audience {audience_id}."
            raise RefusalError(Code.NO_PERMISSION, message)
        return found
