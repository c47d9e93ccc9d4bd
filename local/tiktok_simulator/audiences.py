"""An audience and its life: processed, usable, edited, expired (contract, sections 4, 6 and 11)."""

from dataclasses import dataclass, field

from local.tiktok_simulator.answers import NOT_EDITABLE_TEXT, REPLACE_TEXT, Code, RefusalError
from local.tiktok_simulator.clock import DAY, stamp
from local.tiktok_simulator.id_lines import Ids
from local.tiktok_simulator.options import Options
from local.tiktok_simulator.vocabulary import CUSTOMER_FILE

BY_API = "open_api"
_LIFE_DAYS = 365
_EXPIRING_DAYS = 60


@dataclass(slots=True)
class Job:
    """A create or update under way: what the ids will be at `due`, unless it is to fail."""

    action: str
    result: Ids
    due: float
    entry: "HistoryEntry"
    failure: str | None = None


@dataclass(slots=True)
class HistoryEntry:
    """One line of audience_history; `detail` is a count as text, None until it is known."""

    action: str
    moment: float
    detail: str | None = None
    msg: str | None = None
    editor: str = BY_API

    def as_json(self, *, offset: float) -> dict[str, object]:
        """Return the entry as get shows it, its time shifted by `offset` seconds."""
        return {
            "action": self.action,
            "action_detail": self.detail,
            "editor": self.editor,
            "msg": self.msg,
            "opt_time": stamp(self.moment + offset),
        }


@dataclass(slots=True, kw_only=True)
class Audience:
    """What TikTok knows of one audience as one advertiser sees it. Moments are epoch seconds."""

    audience_id: str
    owner_id: str
    name: str
    created: float
    modified: float
    listed_from: float
    audience_type: str = CUSTOMER_FILE
    calculate_type: str | None = None
    sub_type: str = "NORMAL"
    enhancement: bool | None = None
    retention_days: int | None = None
    expires: float | None = None
    ids: Ids = field(default_factory=frozenset)
    job: Job | None = None
    usable: bool = False
    cover_num: int = 0
    forced_valid: bool | None = None
    error_msg: str | None = None
    msg: str | None = None
    shared: bool = False
    is_creator: bool = True
    history: list[HistoryEntry] = field(default_factory=list)

    def accepted_ids(self) -> Ids:
        """Return the ids as they will be once all that was accepted has been processed."""
        return self.job.result if self.job and not self.job.failure else self.ids

    def expires_at(self) -> float:
        """Return when it ends: retention_in_days after create, else 365 days after a change."""
        if self.expires is not None:
            return self.expires
        if self.retention_days is not None:
            return self.created + self.retention_days * DAY
        return self.modified + _LIFE_DAYS * DAY

    def is_expired(self, now: float) -> bool:
        """Return whether nothing but delete is left."""
        return self.expires_at() <= now

    def is_expiring(self, now: float) -> bool:
        """Return whether it ends within 60 days."""
        return not self.is_expired(now) and self.expires_at() < now + _EXPIRING_DAYS * DAY

    def is_valid(self, now: float, options: Options) -> bool:
        """Return the API's is_valid."""
        if self.forced_valid is not None:
            return self.forced_valid
        updating = self.job is not None and not options.valid_during_update
        return self.usable and not updating and not self.is_expired(now)

    def shown_cover_num(self, now: float) -> int:
        """Return the API's cover_num: matched users, 0 until processed and once expired."""
        return 0 if self.is_expired(now) else self.cover_num

    def accept(self, job: Job, options: Options) -> None:
        """Take a change that is applied, or fails, when it is due."""
        self.job = job
        if options.history_from == "accept":
            self.history.append(job.entry)
        if options.error_msg_ends == "accept":
            self.error_msg = None

    def settle(self, now: float, options: Options) -> None:
        """Apply the change under way if its time has come; one that fails changes no ids."""
        job = self.job
        if job is None or job.due > now:
            return
        self.job = None
        if job.failure is None:
            self._apply(job.result, options)
        else:
            self.error_msg = job.entry.msg = job.failure
            self.usable = self.usable and options.valid_after_failed_update
        job.entry.detail = str(self.cover_num)
        if options.history_from == "result":
            self.history.append(job.entry)

    def _apply(self, ids: Ids, options: Options) -> None:
        self.ids = ids
        reached = matched(ids, options)
        self.usable = reached >= options.floor
        self.cover_num = reached if self.usable else 0
        if options.error_msg_ends == "success":
            self.error_msg = None

    def refuse_unless_editable(self, action: str | None, *, now: float, options: Options) -> None:
        """Only a valid audience that nothing is being done to takes a change."""
        if self.job and self.job.action == "REPLACE" == action:
            raise RefusalError(options.replace_code, REPLACE_TEXT)
        usable = self.usable if self.forced_valid is None else self.forced_valid
        if self.job or not usable or self.is_expired(now):
            raise RefusalError(Code.INVALID, NOT_EDITABLE_TEXT)


def matched(ids: Ids, options: Options) -> int:
    """Return how many users a set of ids reaches."""
    return int(len(ids) * options.match_rate + 1e-9)
