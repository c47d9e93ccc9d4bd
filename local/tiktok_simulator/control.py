"""The control API under /_control/: it drives the simulator and shows its state. No token."""

import json
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from local.tiktok_simulator.handles import Handles
from local.tiktok_simulator.responses import Response

PREFIX = "/_control"


class ControlCall(NamedTuple):
    """One call: the path's parts behind the prefix, the query, and the body's JSON."""

    parts: list[str]
    query: Mapping[str, str]
    body: Any

    @property
    def fields(self) -> dict[str, Any]:
        """The body as an object; ValueError if it is none."""
        if not isinstance(self.body, dict):
            raise ValueError("the body must be a JSON object")
        return self.body

    @property
    def objects(self) -> list[dict[str, Any]]:
        """The body as a list of objects, also if it is one; ValueError if it is neither."""
        found = self.body if isinstance(self.body, list) else [self.body]
        return [ControlCall(self.parts, self.query, one).fields for one in found]

    @property
    def id(self) -> str:
        """The last part of a path such as `audiences/<id>`; IndexError if there is none."""
        return self.parts[1]


Action = Callable[[Handles, ControlCall], object]


def control(sim: Handles, method: str, call: ControlCall) -> Response:
    """Do one control call: 200 with JSON, 400 with what does not fit, 404, 405."""
    actions = _ACTIONS.get(call.parts[0] if call.parts else "")
    if actions is None:
        return _json(404, {"error": f"there are: {', '.join(_ACTIONS)}"})
    if method not in actions:
        return _json(405, {"error": f"methods here: {', '.join(actions)}"})
    try:
        answer = actions[method](sim, call) or {}
    except KeyError as error:
        return _json(404, {"error": f"there is no {error.args[0]}"})
    except IndexError:
        return _json(400, {"error": "the path must end in an id: audiences/<id>"})
    except (TypeError, ValueError) as error:
        return _json(400, {"error": str(error)})
    if isinstance(answer, bytes):
        return Response(content_type="application/octet-stream", body=answer)
    return _json(200, answer)


def _json(status: int, answer: object) -> Response:
    return Response(status=status, body=json.dumps(answer, ensure_ascii=False).encode() + b"\n")


def _calls(sim: Handles, call: ControlCall) -> object:
    found = sim.calls(call.query.get("endpoint", ""), since=int(call.query.get("since", "0")))
    return {"counts": sim.counts(), "faults": sim.world.calls.faults(), "calls": found}


def _faults(sim: Handles, *rules: Mapping[str, object]) -> object:
    sim.faults.add(*rules)
    return {"faults": sim.faults.listed()}


def _clear_faults(sim: Handles, _: ControlCall) -> object:
    sim.faults.clear()
    return _faults(sim)


def _uploads(sim: Handles, call: ControlCall) -> object:
    return sim.content(call.id) if call.parts[1:] else {"uploads": sim.uploads()}


def _advance(sim: Handles, call: ControlCall) -> object:
    freeze = call.fields.get("freeze", False)
    seconds = call.fields.get("advance_seconds", 0 if freeze is True else None)
    if not isinstance(seconds, int | float) or not isinstance(freeze, bool):
        raise ValueError('the body must be {"advance_seconds": <number>} or {"freeze": true}')
    if freeze:
        sim.freeze()
    sim.advance(seconds)
    return {"now": sim.world.clock.now()}


_ACTIONS: dict[str, dict[str, Action]] = {
    "state": {"GET": lambda sim, call: sim.state(ids=call.query.get("ids", "0") not in ("", "0"))},
    "calls": {"GET": _calls, "DELETE": lambda sim, _: sim.world.calls.clear()},
    "faults": {
        "GET": lambda sim, _: _faults(sim),
        "POST": lambda sim, call: _faults(sim, *call.objects),
        "DELETE": _clear_faults,
    },
    "options": {
        "GET": lambda sim, _: sim.world.options.as_json(),
        "PATCH": lambda sim, call: sim.set_options(**call.fields).as_json(),
    },
    "audiences": {
        "GET": lambda sim, call: sim.audience(call.id),
        "POST": lambda sim, call: {"ids": [i for one in call.objects for i in sim.seed(**one)]},
        "PATCH": lambda sim, call: sim.edit(call.id, **call.fields),
        "DELETE": lambda sim, call: sim.remove(call.id),
    },
    "uploads": {"GET": _uploads},
    "clock": {"POST": _advance},
    "reset": {"POST": lambda sim, _: sim.reset()},
}
