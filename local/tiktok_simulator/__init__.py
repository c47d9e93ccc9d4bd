r"""A stand-in for TikTok's custom audience endpoints that keeps their contract, faults included.

    from local.tiktok_simulator import Simulator

    with Simulator(processing_seconds=0, floor=0) as tiktok:
        tiktok.url, tiktok.token, tiktok.advertiser_id          # what a client needs
        tiktok.faults.add({"endpoint": "create", "kind": "cut_after", "times": 1})
        tiktok.seed(name="foodies", size=1200)                  # an audience that is there already
        tiktok.audiences("foodies")[0]["ids"]                   # what it holds now
        tiktok.calls("create"), tiktok.counts()                 # what was asked, what was answered
        tiktok.advance(48 * 3600)                               # two days pass

As a process of its own: `python -m local.tiktok_simulator --help`, which also explains the control
API. It shares no code with the client, and judges by the contract, not by what the client sends.

How a call runs through the files: handler (a connection) -> faults -> api (token, scope,
advertiser) -> multipart or checks (parameters) -> uploads, creating, updating, reads (the
endpoints) -> world and audiences (what TikTok remembers) -> responses (the answer, or what a fault
makes of it). control, handles, editing and views are the side entrance.

Where the contract is silent or only inferred, and no option decides: a `\r` at the end of a line
makes it no id; file_signature is compared as lower-case hex; an edit of any kind, a rename too,
needs an audience that is valid and has nothing under way; delete is all or nothing; update and
delete of a shared-in audience are 40001; update's history entries are named after their action.
"""

from local.tiktok_simulator.options import Options
from local.tiktok_simulator.simulator import Simulator

__all__ = ["Options", "Simulator"]
