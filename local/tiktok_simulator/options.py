"""All that can be set. The defaults are those of the contract's section 14, where it names one."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace

Setting = str | int | float | bool | list[str] | list[int]

_HOUR = 3600.0


def _about(text: str, *choices: Setting) -> dict[str, object]:
    return {"about": text, "choices": choices}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How this TikTok behaves. Times in seconds, sizes in bytes, 0 for a limit means none."""

    token: str = field(
        default="simulator-token", metadata=_about("the one access token that is right")
    )
    advertisers: list[str] = field(
        default_factory=lambda: ["7000000000000000001"],
        metadata=_about("advertisers that granted the token's app access"),
    )
    scopes: list[int] = field(
        default_factory=lambda: [3],
        metadata=_about("scopes of the token: 30 reads, 31 changes, 3 is both and more"),
    )
    ungranted_code: int = field(
        default=40001, metadata=_about("answer for an advertiser that is not granted", 40001, 40300)
    )
    processing_seconds: float = field(
        default=48 * _HOUR, metadata=_about("from a create to is_valid; fractions are fine")
    )
    update_seconds: float = field(
        default=-1.0, metadata=_about("from an update to its result; -1: as processing_seconds")
    )
    match_rate: float = field(
        default=1.0, metadata=_about("matched users per distinct id, 0 to 1; cover_num follows")
    )
    floor: int = field(
        default=1000, metadata=_about("fewest matched users of a usable audience; 0: any size")
    )
    floor_mode: str = field(
        default="sync",
        metadata=_about("an update below the floor: refused, or fails later", "sync", "async"),
    )
    valid_during_update: bool = field(
        default=True, metadata=_about("whether is_valid stays true while an update is processed")
    )
    file_ttl_seconds: float = field(
        default=24 * _HOUR, metadata=_about("how long a file_path can be used (then 40910)")
    )
    single_use_files: bool = field(
        default=False, metadata=_about("whether a file_path is gone after its first use (40905)")
    )
    max_upload_bytes: int = field(
        default=250_000_000, metadata=_about("largest file (40907 above)")
    )
    max_audiences: int = field(
        default=400, metadata=_about("most audiences an advertiser may own (cap_code above)")
    )
    cap_code: int = field(default=40002, metadata=_about("code for too many audiences"))
    replace_code: int = field(
        default=40002, metadata=_about("code for a REPLACE while one is unfinished")
    )
    type_mismatch_code: int = field(
        default=40909, metadata=_about("code for a file of another calculate_type")
    )
    unknown_code: int = field(
        default=40007, metadata=_about("code for an unknown audience in update and delete")
    )
    unknown_in_get: str = field(
        default="omit", metadata=_about("an unknown id in get", "omit", "40002", "40007")
    )
    too_many_ids_code: int = field(
        default=40002, metadata=_about("code for more than 100 ids in a call", 40002, 40011)
    )
    list_order: str = field(
        default="newest",
        metadata=_about(
            "shuffled: arbitrary but steady; unstable: another order in each call",
            "newest",
            "oldest",
            "shuffled",
            "unstable",
        ),
    )
    list_lag_seconds: float = field(
        default=0.0, metadata=_about("how long list does not show a new audience (get does)")
    )
    empty_total_page: int = field(default=0, metadata=_about("total_page of an empty list", 0, 1))
    get_time_offset_hours: float = field(
        default=0.0, metadata=_about("added to the times in get; the doc's samples are 8 h apart")
    )
    normal_sub_type_exclusive: bool = field(
        default=False,
        metadata=_about(
            "whether an update of a NORMAL audience with audience_sub_type NORMAL, which the"
            " official SDKs always send, counts as a sub-type change and so ignores all else"
        ),
    )
    qps: int = field(default=0, metadata=_about("app's calls a second (40100 above)"))
    qpm: int = field(default=0, metadata=_about("app's calls a minute (40100 above)"))
    qpd: int = field(default=0, metadata=_about("app's calls a UTC day (40100 above)"))
    qpm_pause_seconds: float = field(
        default=300.0, metadata=_about("how long the app is refused once over qpm")
    )
    advertiser_qps: int = field(
        default=0, metadata=_about("calls a second per advertiser and path (40133 above)")
    )
    keep_uploads: bool = field(
        default=False, metadata=_about("whether the bytes of uploads are kept to be looked at")
    )
    seed: int = field(default=0, metadata=_about("seed of the list's shuffling"))

    def changed(self, changes: Mapping[str, object]) -> "Options":
        """These options with some changed; ValueError names what is unknown or out of place."""
        known = {f.name: f for f in fields(self)}
        good: dict[str, Setting] = {}
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"no such option: {name} (there are: {', '.join(known)})")
            choices = known[name].metadata["choices"]
            good[name] = _checked(name, value, like=getattr(self, name), choices=choices)
        return replace(self, **good)  # type: ignore[arg-type]

    def as_json(self) -> dict[str, object]:
        """All options by name."""
        return asdict(self)


def _checked(name: str, value: object, *, like: object, choices: tuple[Setting, ...]) -> Setting:
    if isinstance(like, float) and type(value) is int:
        value = float(value)
    if not isinstance(value, bool | int | float | str | list) or type(value) is not type(like):
        raise ValueError(f"{name} must be of type {type(like).__name__}, not {value!r}")
    if isinstance(value, list) and any(type(v) is not type(like[0]) for v in value if like):  # type: ignore[index]
        raise ValueError(f"{name} holds values of a wrong type: {value!r}")
    if choices and value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(map(str, choices))}, not {value!r}")
    if type(value) in (int, float) and name != "update_seconds" and value < 0:  # type: ignore[operator]
        raise ValueError(f"{name} must not be negative")
    return value
