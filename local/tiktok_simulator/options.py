"""All that can be set. The defaults are those of the contract's section 14, where it names one."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from local.tiktok_simulator.json_fields import checked
from local.tiktok_simulator.vocabulary import ALTERED_NAMES

_HOUR = 3600.0


def _about(about: str, *choices: object) -> dict[str, object]:
    return {"about": about, "choices": choices}


def _option(default: str | float, about: str, *choices: object) -> Any:
    return field(default=default, metadata=_about(about, *choices))


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How this TikTok behaves. Times in seconds, sizes in bytes, 0 for a limit means none."""

    token: str = _option("simulator-token", "the one access token that is right")
    advertisers: list[str] = field(
        default_factory=["7000000000000000001"].copy,
        metadata=_about("advertisers that granted the token's app access"),
    )
    scopes: list[int] = field(
        default_factory=[3].copy,
        metadata=_about("scopes of the token: 30 reads, 31 changes, 3 is both and more"),
    )
    ungranted_code: int = _option(
        40001, "answer for an advertiser that is not granted", 40001, 40300
    )
    processing_seconds: float = _option(48 * _HOUR, "from a create to is_valid; fractions are fine")
    update_seconds: float = _option(-1.0, "from an update to its result; -1: as processing_seconds")
    match_rate: float = _option(
        1.0, "matched users per distinct id, 0 to 1; cover_num and the floor follow"
    )
    floor: int = _option(1000, "fewest matched users of a usable audience; 0: any size")
    floor_mode: str = _option(
        "sync", "an update below the floor: refused, or fails later", "sync", "async"
    )
    valid_during_update: bool = _option(
        True, "whether is_valid stays true while an update is processed"
    )
    valid_after_failed_update: bool = _option(
        True, "whether is_valid stays true when an update failed; false: it takes no edit either"
    )
    error_msg_ends: str = _option(
        "success",
        "when the error_msg of a failed change goes: with the next change that succeeds, when the"
        " next one is accepted, or never",
        *("success", "accept", "never"),
    )
    history_from: str = _option(
        "accept", "when a change enters audience_history", "accept", "result"
    )
    history_action: str = _option(
        "", "action in an update's history entry; empty: append, remove or replace"
    )
    altered_names: str = _option(
        "none",
        "what becomes of the name in a create or update: nothing, trimmed, composed (NFC) or"
        " decomposed (NFD) characters, runs of blanks made one, lower case, ? for all but ASCII",
        *ALTERED_NAMES,
    )
    file_ttl_seconds: float = _option(24 * _HOUR, "how long a file_path can be used (then 40910)")
    single_use_files: bool = _option(
        False, "whether a file_path is gone after its first use (40905)"
    )
    max_upload_bytes: int = _option(250_000_000, "largest file (40907 above)")
    max_audiences: int = _option(400, "most audiences an advertiser may own (cap_code above)")
    cap_code: int = _option(40002, "code for too many audiences")
    replace_code: int = _option(40002, "code for a REPLACE while one is unfinished")
    type_mismatch_code: int = _option(40909, "code for a file of another calculate_type")
    unknown_code: int = _option(40007, "code for an unknown audience in update and delete")
    unknown_in_get: str = _option("omit", "an unknown id in get", "omit", "40002", "40007")
    too_many_ids_code: int = _option(40002, "code for more than 100 ids in a call", 40002, 40011)
    list_order: str = _option(
        "newest",
        "shuffled: arbitrary but steady; unstable: another order in each call",
        *("newest", "oldest", "shuffled", "unstable"),
    )
    list_lag_seconds: float = _option(0.0, "how long list does not show a new audience (get does)")
    empty_total_page: int = _option(0, "total_page of an empty list", 0, 1)
    get_time_offset_hours: float = _option(
        0.0, "added to the times in get; the doc's samples are 8 h apart"
    )
    normal_sub_type_exclusive: bool = _option(
        False,
        "whether an update of a NORMAL audience with audience_sub_type NORMAL, which the"
        " official SDKs always send, counts as a sub-type change and so ignores all else",
    )
    qps: int = _option(0, "app's calls a second (40100 above)")
    qpm: int = _option(0, "app's calls a minute (40100 above)")
    qpd: int = _option(0, "app's calls a UTC day (40100 above)")
    qpm_pause_seconds: float = _option(300.0, "how long the app is refused once over qpm")
    advertiser_qps: int = _option(0, "calls a second per advertiser and path (40133 above)")
    keep_uploads: bool = _option(
        False, "whether the bytes of uploads are kept, to be read by the control API"
    )
    seed: int = _option(0, "seed of the list's shuffling")

    def changed(self, changes: Mapping[str, object]) -> "Options":
        """Return these options with some changed; ValueError names what does not fit."""
        for name, value in checked(Options, changes).items():
            choices = _METADATA[name]["choices"]
            if choices and value not in choices:
                raise ValueError(f"{name} must be one of {', '.join(map(str, choices))}")
            if isinstance(value, int | float) and value < 0 and name != "update_seconds":
                raise ValueError(f"{name} must not be negative")
        return replace(self, **changes)  # type: ignore[arg-type]

    def as_json(self) -> dict[str, object]:
        """Return all options by name."""
        return asdict(self)


_METADATA = {option.name: option.metadata for option in fields(Options)}
