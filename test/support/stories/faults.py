"""What can go wrong at TikTok and S3 in a story."""

from typing import Any

_BUSY = "Audience is not editable, please check audience status"

# After these the same call may go well, and no drop is refused.
PASSING_FAULTS: list[dict[str, Any]] = [
    *({"kind": kind} for kind in ("cut_before", "cut_after", "cut_after", "truncate", "not_json")),
    {"kind": "http", "value": 502},
    {"kind": "http", "value": 504, "effect": True},
    {"kind": "wrong_shape", "value": "missing"},
    *({"kind": "code", "value": code} for code in (40100, 40105, 40202, 50002)),
    {"kind": "code", "value": 51003, "effect": True},
    {"kind": "code", "value": 40002, "message": _BUSY},
]
# A drop is dead-lettered for these.
REFUSING_FAULTS: list[dict[str, Any]] = [
    {"kind": "code", "value": 40905},
    {"kind": "code", "value": 40006},
    {"kind": "code", "value": 40006, "endpoint": "update"},
    {"kind": "code", "value": 40006, "endpoint": "create"},
]
# TikTok accepts the change, and fails it once it was processed; or shows an audience to nobody.
LATER_FAULTS: list[dict[str, Any]] = [
    {"kind": "fails_later", "endpoint": "update", "message": "Matching failed."},
    {"kind": "fails_later", "endpoint": "update", "message": "Matching failed."},
    {"kind": "fails_later", "endpoint": "update", "message": "The file could not be read."},
    {"kind": "fails_later", "endpoint": "create", "message": "Matching failed."},
    {"kind": "left_out", "endpoint": "get"},
]
S3_OPERATIONS = ("get", "put", "list", "head", "delete")
