"""Audiences made and edited behind the API's back: by TikTok itself, or people in Ads Manager."""

import random
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from local.tiktok_simulator.audiences import BY_API, Audience, HistoryEntry, Job, matched
from local.tiktok_simulator.clock import moment_of
from local.tiktok_simulator.id_lines import Ids, ids_of
from local.tiktok_simulator.json_fields import checked
from local.tiktok_simulator.vocabulary import AUDIENCE_TYPES, CUSTOMER_FILE, hex_width
from local.tiktok_simulator.world import World

_OTHER_OWNER = "7999999999999999999"
_DEFAULT_COVER = 100_000
EDITABLE = (
    *("name", "audience_type", "calculate_type", "sub_type", "cover_num", "error_msg", "msg"),
    *("is_creator", "shared", "owner_id"),
)
ORDERS = (
    *("is_valid", "expired_time", "expire", "finish", "fail", "processing_seconds"),
    *("ids", "editor"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seed:
    """Audiences that are wanted; "" and -1 stand for what follows from the rest."""

    name: str = "seeded audience"
    advertiser_id: str = ""
    count: int = 1
    same_name: bool = False
    audience_type: str = CUSTOMER_FILE
    calculate_type: str = ""
    ids: list[str] = field(default_factory=list)
    size: int = 0
    cover_num: int = -1
    is_valid: bool = True
    error_msg: str = ""
    is_creator: bool = True
    owner_id: str = ""
    editor: str = BY_API

    def __post_init__(self) -> None:
        if self.audience_type not in AUDIENCE_TYPES:
            raise ValueError(f"audience_type must be one of {', '.join(sorted(AUDIENCE_TYPES))}")


SEED_FIELDS = asdict(Seed())


def seed(world: World, wanted: Mapping[str, object]) -> list[str]:
    """Make ready audiences as asked for and give their ids; ValueError says what does not fit.

    The caller holds the lock.
    """
    spec = Seed(**checked(Seed, wanted))
    return [_seed_one(world, spec, number) for number in range(1, spec.count + 1)]


def _seed_one(world: World, spec: Seed, number: int) -> str:
    advertiser_id = spec.advertiser_id or world.options.advertisers[0]
    is_file = spec.audience_type == CUSTOMER_FILE
    now = world.clock.now()
    audience = Audience(
        audience_id=world.new_audience_id(),
        owner_id=spec.owner_id or (advertiser_id if spec.is_creator else _OTHER_OWNER),
        name=f"{spec.name} {number}" if spec.count > 1 and not spec.same_name else spec.name,
        created=now,
        modified=now,
        listed_from=now,
        audience_type=spec.audience_type,
        calculate_type=(spec.calculate_type or "EMAIL_SHA256") if is_file else None,
        usable=spec.is_valid,
        error_msg=spec.error_msg or None,
        shared=not spec.is_creator,
        is_creator=spec.is_creator,
    )
    audience.ids = _seed_ids(spec, audience)
    reached = matched(audience.ids, world.options) or _DEFAULT_COVER
    audience.cover_num = spec.cover_num if spec.cover_num >= 0 else reached * spec.is_valid
    made = HistoryEntry("create", now, str(audience.cover_num), editor=spec.editor)
    audience.history.append(made)
    world.audiences(advertiser_id)[audience.audience_id] = audience
    return audience.audience_id


def _seed_ids(spec: Seed, audience: Audience) -> Ids:
    width = hex_width(audience.calculate_type or "")
    chance = random.Random(audience.audience_id)
    more = [f"{chance.getrandbits(width * 4):0{width}x}" for _ in range(spec.size)]
    return ids_of([*spec.ids, *more])


def edit(world: World, audience: Audience, changes: Mapping[str, object]) -> None:
    """Change an audience; ValueError says what does not fit. The caller holds the lock."""
    for name, value in changes.items():
        if name in ORDERS:
            _order(world, audience, name, value)
        else:
            checked(Audience, {name: value}, [*EDITABLE, *ORDERS])
            setattr(audience, name, value)
    audience.settle(world.clock.now(), world.options)


def _order(world: World, audience: Audience, name: str, value: object) -> None:
    now = world.clock.now()
    if name == "is_valid":
        audience.forced_valid = None if value is None else bool(value)
    elif name == "expired_time":
        audience.expires = None if value is None else moment_of(str(value))
    elif name == "expire":
        audience.expires = now if value else None
    elif name == "ids":
        audience.ids = ids_of([str(i) for i in value] if isinstance(value, list) else [])
        audience.cover_num = matched(audience.ids, world.options)
    elif name == "editor":
        audience.modified = now
        audience.history.append(
            HistoryEntry("update", now, str(audience.cover_num), editor=str(value))
        )
    elif name == "processing_seconds":
        if not audience.job:
            job = Job("update", audience.ids, now, HistoryEntry("update", now))
            audience.accept(job, world.options)
        assert audience.job
        audience.job.due = now + float(str(value))
    elif audience.job:
        audience.job.due = now
        audience.job.failure = str(value) if name == "fail" else audience.job.failure
