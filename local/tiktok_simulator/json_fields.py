"""Values from JSON for the fields of a dataclass, checked by its annotations."""

from collections.abc import Collection, Mapping
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints


def checked(
    kind: type, values: Mapping[str, object], names: Collection[str] = ()
) -> dict[str, Any]:
    """Return the values; ValueError names the first that is no field, or of another type.

    `names` are the fields that may be given; without them it is all of them.
    """
    hints = get_type_hints(kind)
    for name, value in values.items():
        if name not in (names or hints):
            raise ValueError(f"there is no {name} (there are: {', '.join(names or hints)})")
        if not _fits(value, hints[name]):
            raise ValueError(f"{name} must be of type {hints[name]}, not {value!r}")
    return dict(values)


def _fits(value: object, hint: Any) -> bool:
    """Tell whether it is of that type; True is no number here, a whole number will do for any."""
    if isinstance(hint, UnionType):
        return any(_fits(value, one) for one in get_args(hint))
    if get_origin(hint) is list:
        return isinstance(value, list) and all(_fits(one, *get_args(hint)) for one in value)
    return type(value) is hint or (hint is float and type(value) is int)
