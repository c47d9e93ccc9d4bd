"""All that tests, and people by the control API, can see and change behind the API's back."""

from local.tiktok_simulator import editing
from local.tiktok_simulator.answers import Json
from local.tiktok_simulator.clock import stamp
from local.tiktok_simulator.faults import Faults
from local.tiktok_simulator.options import Options
from local.tiktok_simulator.views import audience_view, leaks
from local.tiktok_simulator.world import World


class Handles:
    """Handles on a world. Every method may be called from any thread, while calls come in."""

    def __init__(self, world: World) -> None:
        self.world = world

    @property
    def token(self) -> str:
        """The access token that is right at present."""
        return self.world.options.token

    @property
    def advertiser_id(self) -> str:
        """The first of the granted advertisers."""
        return self.world.options.advertisers[0]

    @property
    def faults(self) -> Faults:
        """The fault rules: `add({"kind": "http", "value": 502, "times": 1})`, `clear`, `listed`."""
        return self.world.faults

    def state(self, *, ids: bool = False) -> Json:
        """Return `advertisers`: id -> audiences, oldest first; `leaks`: lines that were no hash."""
        with self.world.lock:
            known = dict.fromkeys([*self.world.options.advertisers, *self.world.advertisers])
            return {
                "now": stamp(self.world.clock.now()),
                "advertisers": {
                    advertiser_id: self._shown(advertiser_id, ids=ids) for advertiser_id in known
                },
                "leaks": leaks(self.world),
            }

    def _shown(self, advertiser_id: str, *, ids: bool) -> list[Json]:
        rows = self.world.audiences(advertiser_id).values()
        return [audience_view(self.world, row, ids=ids) for row in rows]

    def audiences(self, name: str | None = None, *, advertiser_id: str = "") -> list[Json]:
        """Return an advertiser's audiences (of that name), oldest first, with sorted `ids`."""
        with self.world.lock:
            shown = self._shown(advertiser_id or self.advertiser_id, ids=True)
        return [row for row in shown if name in (None, row["name"])]

    def calls(self, endpoint: str = "", *, since: int = 0) -> list[dict[str, object]]:
        """Return the log of calls, oldest first."""
        return self.world.calls.listed(endpoint=endpoint, since=since)

    def counts(self) -> dict[str, dict[str, int]]:
        """Return the counts of calls per endpoint and answer."""
        return self.world.calls.counts()

    def uploads(self) -> list[dict[str, object]]:
        """Return what is known of every accepted upload, oldest first."""
        with self.world.lock:
            return [upload.as_json() for upload in self.world.uploads.values()]

    def content(self, file_path: str) -> bytes:
        """Return the exact bytes of an upload (option keep_uploads); KeyError if there was none."""
        with self.world.lock:
            return self.world.uploads[file_path].content

    def set_options(self, **changes: object) -> Options:
        """Change options from the next call on."""
        with self.world.lock:
            self.world.options = self.world.options.changed(changes)
            return self.world.options

    def seed(self, **wanted: object) -> list[str]:
        """Make audiences that are there already; give their ids. Fields: `POST audiences`."""
        with self.world.lock:
            return editing.seed(self.world, wanted)

    def audience(self, audience_id: str) -> Json:
        """One audience, whoever owns it; KeyError if there is none."""
        return self.edit(audience_id)

    def edit(self, audience_id: str, **changes: object) -> Json:
        """Change an audience behind the API's back. Fields: `PATCH audiences/<id>`."""
        with self.world.lock:
            rows = self.world.rows_with(audience_id)
            editing.edit(self.world, rows[audience_id], changes)
            return audience_view(self.world, rows[audience_id], ids=True)

    def remove(self, audience_id: str) -> None:
        """Delete an audience behind the API's back; KeyError if there is none."""
        with self.world.lock:
            del self.world.rows_with(audience_id)[audience_id]

    def advance(self, seconds: float) -> None:
        """Put the simulator's clock forward."""
        with self.world.lock:
            self.world.clock.advance(seconds)

    def freeze(self) -> None:
        """Has the simulator's clock stand still, but for `advance`, until `reset`."""
        self.world.clock.freeze()

    def reset(self) -> None:
        """As new, with the options it was made with."""
        self.world.reset()
