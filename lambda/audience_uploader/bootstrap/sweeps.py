"""The parts of one sweep, put together."""

from audience_uploader.bootstrap.stores import Stores
from audience_uploader.bootstrap.tiktok_access import TikTokAccess
from audience_uploader.config import Config
from audience_uploader.domain.rhythm import Rhythm
from audience_uploader.domain.times import Clock
from audience_uploader.observability import Observer
from audience_uploader.sweep.audience_pass import Bucket
from audience_uploader.sweep.outcomes import OutcomeSweep
from audience_uploader.sweep.sweep import Sweep


def new_sweep(
    config: Config, stores: Stores, tiktok: TikTokAccess, observer: Observer, clock: Clock
) -> Sweep:
    """Return a sweep of the whole bucket."""
    rhythm = Rhythm(config.retry_base_delay_seconds, config.settle_seconds)
    return Sweep(
        Bucket(stores.objects, stores.drops, stores.receipts),
        stores.states,
        stores.queue,
        stores.credentials,
        tiktok.client_for,
        OutcomeSweep(stores.states, stores.outcomes, observer, clock, hour=rhythm.hour),
        observer,
        clock,
        rhythm,
    )
