"""The deployed function's memory does not grow with the file, be it text or Parquet."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from support.workers import can_be_found, peak_memory, workers

from local.emulator import Sandbox, Stack

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.long,
    pytest.mark.skipif(not can_be_found(), reason="reads the workers' memory in /proc"),
]
MB = 1_000_000
LIMIT = 60 * MB
BIG = 240 * MB
PARQUET_LIMIT = 181 * MB  # that of text, and 150 MB for reading Parquet
MANY = 10_000_000  # ids
ROW_GROUP = 1_000_000
LINE = 65  # bytes: 64 hex digits and a newline
BLOCK_LINES = 100_000
TIMEOUT_SECONDS = 300


def _lines(size: int) -> bytes:
    """Whole lines of hex digits, `size` bytes at most; they come again after BLOCK_LINES."""
    digits = os.urandom(32 * BLOCK_LINES).hex()
    block = "".join(f"{digits[i : i + 64]}\n" for i in range(0, len(digits), 64)).encode()
    blocks = itertools.repeat(block, size // len(block) + 1)
    return b"".join(blocks)[: size // LINE * LINE]


@pytest.fixture
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with Sandbox.opened(tmp_path_factory.mktemp("memory")) as opened:
        opened.tiktok.control.set_options(processing_seconds=0)
        opened.cdk.bootstrap()
        yield opened


@pytest.fixture
def stack(sandbox: Sandbox, with_parquet: dict[str, object]) -> Stack:
    deployed = sandbox.deploy(with_parquet | {"function_timeout_seconds": TIMEOUT_SECONDS})
    deployed.set_credentials()
    return deployed


def _parquet(path: Path) -> Path:
    """Write MANY different ids, a million a row group."""
    with pq.ParquetWriter(path, pa.schema([("email_sha256", pa.string())])) as writer:
        for _ in range(MANY // ROW_GROUP):
            digits = os.urandom(32 * ROW_GROUP).hex()
            ids = [digits[i : i + 64] for i in range(0, len(digits), 64)]
            writer.write_table(pa.table({"email_sha256": ids}))
    return path


def _peak(sandbox: Sandbox) -> int:
    return max(peak_memory(worker) for worker in workers(sandbox))


def test_peak_memory_with_a_240_mb_drop_within_60_mb_of_a_small_one(
    sandbox: Sandbox, stack: Stack
) -> None:
    stack.awaited_receipt(stack.drop("small", "phone_sha256", _lines(1 * MB)))
    small = _peak(sandbox)

    key = stack.drop("big", "phone_sha256", _lines(BIG))
    receipt = stack.awaited_receipt(key, seconds=TIMEOUT_SECONDS)
    big = _peak(sandbox)

    print(f"peak: {small / MB:.0f} MB after 1 MB, {big / MB:.0f} MB after 240 MB")  # noqa: T201
    assert receipt["status"] == "delivered"
    assert big - small < LIMIT


def test_parquet_of_ten_million_ids_delivered_whole_within_flat_memory(
    sandbox: Sandbox, stack: Stack, tmp_path: Path
) -> None:
    key = "tiktok/many/email_sha256/many.parquet"
    file = _parquet(tmp_path / "many.parquet")
    stack.clients.s3.upload_file(str(file), stack.bucket, key)

    receipt = stack.awaited_receipt(key, seconds=TIMEOUT_SECONDS)

    seconds = receipt["times"]["started_at"], receipt["times"]["accepted_at"]
    print(f"{file.stat().st_size / MB:.0f} MB, {seconds}, peak {_peak(sandbox) / MB:.0f} MB")  # noqa: T201
    (audience,) = sandbox.tiktok.control.named("many")
    assert receipt["status"] == "delivered"
    assert receipt["rows"]["valid"] == audience["size"] == MANY
    assert _peak(sandbox) < PARQUET_LIMIT
