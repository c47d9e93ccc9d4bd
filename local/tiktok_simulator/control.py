"""The control API under /_control/: it drives the simulator and shows its state. No token."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from local.tiktok_simulator import seeding, views
from local.tiktok_simulator.responses import Response
from local.tiktok_simulator.world import World

PREFIX = "/_control"


@dataclass(frozen=True, slots=True)
class ControlCall:
    """One call: the path's parts behind the prefix, the query, and the body's JSON."""

    parts: list[str]
    query: Mapping[str, str]
    body: object

    @property
    def fields(self) -> Mapping[str, object]:
        """The body as an object; ValueError if it is none."""
        if not isinstance(self.body, dict):
            raise ValueError("the body must be a JSON object")
        return self.body


Action = Callable[[World, ControlCall], object]


def control(world: World, method: str, call: ControlCall) -> Response:
    """Does one control call: 200 with JSON, 400 with what does not fit, 404, 405."""
    actions = _ACTIONS.get(call.parts[0] if call.parts else "")
    if actions is None:
        return _json(404, {"error": f"there are: {', '.join(_ACTIONS)}"})
    if method not in actions:
        return _json(405, {"error": f"methods here: {', '.join(actions)}"})
    try:
        answer = actions[method](world, call)
    except KeyError as error:
        return _json(404, {"error": f"there is no {error.args[0]}"})
    except (TypeError, ValueError) as error:
        return _json(400, {"error": str(error)})
    if isinstance(answer, bytes):
        return Response(content_type="application/octet-stream", body=answer)
    return _json(200, answer)


def _json(status: int, answer: object) -> Response:
    return Response(status=status, body=json.dumps(answer, ensure_ascii=False).encode() + b"\n")


def _state(world: World, call: ControlCall) -> object:
    return views.state(world, ids=call.query.get("ids", "0") not in ("", "0"))


def _calls(world: World, call: ControlCall) -> object:
    since = int(call.query.get("since", "0"))
    endpoint = call.query.get("endpoint", "")
    return {
        "counts": world.calls.counts(),
        "faults": world.calls.faults(),
        "calls": world.calls.listed(endpoint=endpoint, since=since),
    }


def _clear_calls(world: World, _: ControlCall) -> object:
    world.calls.clear()
    return {}


def _faults(world: World, _: ControlCall) -> object:
    return {"faults": world.faults.listed()}


def _add_faults(world: World, call: ControlCall) -> object:
    rules = call.body if isinstance(call.body, list) else [call.body]
    if not all(isinstance(rule, dict) for rule in rules):
        raise ValueError("the body must be a fault rule or a list of them")
    world.faults.add(*rules)
    return _faults(world, call)


def _clear_faults(world: World, call: ControlCall) -> object:
    world.faults.clear()
    return _faults(world, call)


def _options(world: World, _: ControlCall) -> object:
    return world.options.as_json()


def _set_options(world: World, call: ControlCall) -> object:
    with world.lock:
        world.options = world.options.changed(call.fields)
    return _options(world, call)


def _seed(world: World, call: ControlCall) -> object:
    seeds = call.body if isinstance(call.body, list) else [call.fields]
    return {"ids": [audience_id for one in seeds for audience_id in seeding.seed(world, one)]}


def _audience(world: World, call: ControlCall) -> object:
    with world.lock:
        _, audience = seeding.find(world, _id(call))
        return views.audience_view(world, audience, ids=True)


def _edit(world: World, call: ControlCall) -> object:
    seeding.edit(world, _id(call), call.fields)
    return _audience(world, call)


def _remove(world: World, call: ControlCall) -> object:
    seeding.remove(world, _id(call))
    return {}


def _id(call: ControlCall) -> str:
    if len(call.parts) < 2:
        raise ValueError("the path must end in an id: audiences/<id>")
    return call.parts[1]


def _uploads(world: World, call: ControlCall) -> object:
    with world.lock:
        if len(call.parts) < 2:
            return {"uploads": [upload.as_json() for upload in world.uploads.all()]}
        upload = world.uploads.get(call.parts[1])
    if upload is None:
        raise KeyError(call.parts[1])
    return bytes(upload.content)


def _advance(world: World, call: ControlCall) -> object:
    seconds = call.fields.get("advance_seconds")
    if not isinstance(seconds, int | float):
        raise ValueError('the body must be {"advance_seconds": <number>}')
    world.clock.advance(seconds)
    return {"now": world.clock.now()}


def _reset(world: World, _: ControlCall) -> object:
    world.reset()
    return {}


_ACTIONS: dict[str, dict[str, Action]] = {
    "state": {"GET": _state},
    "calls": {"GET": _calls, "DELETE": _clear_calls},
    "faults": {"GET": _faults, "POST": _add_faults, "DELETE": _clear_faults},
    "options": {"GET": _options, "PATCH": _set_options},
    "audiences": {"GET": _audience, "POST": _seed, "PATCH": _edit, "DELETE": _remove},
    "uploads": {"GET": _uploads},
    "clock": {"POST": _advance},
    "reset": {"POST": _reset},
}
