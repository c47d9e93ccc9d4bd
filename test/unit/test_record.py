"""The state record is what it was after having been stored."""

import json
from typing import Any

from audience_uploader.domain.audience_state import AudienceState
from audience_uploader.domain.batch import Accepted, Batch, SentDrop, Upload
from audience_uploader.domain.state_parts import Lease, Wait
from hypothesis import given, settings
from hypothesis import strategies as st

words = st.text(max_size=8)
small = st.integers(0, 10**9)
times = st.integers(0, 2_000_000_000_000).map(lambda ms: ms / 1000)
rows = st.fixed_dictionaries({"read": small, "valid": small, "rejected": st.just({})})
drops = st.builds(
    SentDrop,
    key=words,
    etag=words,
    size=small,
    dropped_at=times,
    rows=rows,
    uploads=st.lists(small, max_size=3).map(tuple),
    warnings=st.lists(words, max_size=2).map(tuple),
)
uploads = st.builds(Upload, words, small, small, words)
batches = st.builds(
    Batch, times, words, st.lists(drops, max_size=2), st.lists(uploads, max_size=2), small
)
accepted = st.builds(Accepted, words, times, words, words, st.booleans(), batches)
records = st.builds(
    AudienceState,
    advertiser_id=words,
    audience_name=words,
    audience_id=st.none() | words,
    changed_at=st.none() | times,
    created_at=st.none() | times,
    lease=st.none() | st.builds(Lease, words, times),
    crashes=small,
    busy_since=st.none() | times,
    wait=st.none() | st.builds(Wait, words, small, times, times, words),
    pending_create=st.none() | batches,
    accepted=st.none() | accepted,
    reusable_uploads=st.none() | batches,
    timeouts=st.dictionaries(words, small, max_size=2),
)


@settings(max_examples=60)
@given(records)
def test_any_state_is_read_back_as_it_was_stored(record: AudienceState) -> None:
    stored: dict[str, Any] = json.loads(json.dumps(record.to_json()))

    assert AudienceState.from_json(stored) == record


def test_two_writes_of_one_record_differ_so_that_their_etags_do() -> None:
    record = AudienceState("7000", "foodies")

    assert record.to_json()["nonce"] != record.to_json()["nonce"]
