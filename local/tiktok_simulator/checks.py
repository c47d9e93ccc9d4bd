"""Reading and checking parameters; whatever does not fit is refused with 40002."""

import json
from collections.abc import Callable, Collection, Mapping
from typing import TypeVar

from local.tiktok_simulator.answers import Code, Json, RefusalError
from local.tiktok_simulator.options import Options

_MOST_IDS = 100

Kind = TypeVar("Kind")


def invalid(message: str) -> RefusalError:
    """Return the refusal for a parameter that does not fit."""
    return RefusalError(Code.INVALID, message)


def require(fields: Mapping[str, object], *names: str) -> None:
    """Refuses unless every field is there and is not empty."""
    missing = [name for name in names if fields.get(name) in (None, "")]
    if missing:
        raise invalid(f"Missing required field(s): {', '.join(missing)}.")


def _fitting(
    fields: Mapping[str, object],
    name: str,
    kind: type[Kind],
    must: str,
    fits: Callable[[Kind], bool] = lambda _: True,
) -> Kind | None:
    """Return the field's value if it is of this kind and fits; None if it is absent."""
    value = fields.get(name)
    if value is None:
        return None
    # isinstance() would take True for a number.
    if type(value) is not kind or not fits(value):
        raise invalid(f"{name}: must be {must}.")
    return value


def text(fields: Mapping[str, object], name: str, *, longest: int = 128) -> str | None:
    """Return the string in that field, of 1 to `longest` characters; None if it is absent."""
    must = f"a string of 1 to {longest} characters"
    return _fitting(fields, name, str, must, lambda value: 1 <= len(value) <= longest)


def choice(fields: Mapping[str, object], name: str, values: Collection[str]) -> str | None:
    """One of the values, or None if the field is absent."""
    must = f"one of {', '.join(sorted(values))}"
    return _fitting(fields, name, str, must, lambda value: value in values)


def flag(fields: Mapping[str, object], name: str) -> bool | None:
    """Return True, False, or None if the field is absent."""
    return _fitting(fields, name, bool, "a boolean")


def whole(fields: Mapping[str, object], name: str, *, low: int, high: int) -> int | None:
    """Return a number of a JSON body within bounds, or None if the field is absent."""
    must = f"an integer from {low} to {high}"
    return _fitting(fields, name, int, must, lambda value: low <= value <= high)


def number(query: Mapping[str, object], name: str, default: int, *, high: int) -> int:
    """Return a number of a query string from 1 to `high`."""
    value = str(query.get(name, default))
    # int() takes blanks, signs and digits of other scripts too.
    if not (value.isascii() and value.isdigit() and len(value) < 10 and 1 <= int(value) <= high):
        raise invalid(f"{name}: must be an integer from 1 to {high}.")
    return int(value)


def strings(value: object, name: str, *, most: int, each: int | None = None) -> list[str]:
    """Return a JSON array of 1 to `most` strings, each `each` characters long if that is given."""
    if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
        raise invalid(f"{name}: must be an array of strings.")
    if not 1 <= len(value) <= most:
        raise invalid(f"{name}: must hold 1 to {most} items.")
    if each is not None and any(len(v) != each for v in value):
        raise invalid(f"{name}: each item must have {each} characters.")
    return value


def audience_ids(value: object, options: Options) -> list[str]:
    """1 to 100 audience ids, each once, in the order given."""
    if isinstance(value, list) and len(value) > _MOST_IDS:
        message = f"custom_audience_ids: at most {_MOST_IDS} ids."
        raise RefusalError(options.too_many_ids_code, message)
    ids = list(dict.fromkeys(strings(value, "custom_audience_ids", most=_MOST_IDS)))
    if not all(i.isascii() and i.isdigit() for i in ids):
        raise invalid("custom_audience_ids: each id must consist of digits.")
    return ids


def parsed(query: Mapping[str, object], name: str) -> object:
    """Return the JSON that stands in one query parameter, or None if it is absent."""
    value = query.get(name)
    if value is None:
        return None
    try:
        return json.loads(str(value))
    except ValueError:
        raise invalid(f"{name}: must be a JSON array.") from None


def json_body(body: bytes, content_type: str) -> Json:
    """Return the object in a JSON body."""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise invalid("Content-Type must be application/json.")
    try:
        fields = json.loads(body)
    except ValueError:
        raise invalid("The request body is not valid JSON.") from None
    if not isinstance(fields, dict):
        raise invalid("The request body must be a JSON object.")
    return fields
