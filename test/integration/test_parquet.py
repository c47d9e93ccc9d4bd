"""Parquet drops through the whole function."""

import os
import subprocess
import sys
from typing import Any

import pytest
from support.parquet_files import parquet
from support.world import World, hashes

FOLDER = "tiktok/foodies/email_sha256/"
KEY = FOLDER + "part-0.parquet"


@pytest.fixture
def supported(w: World) -> World:
    w.parquet_support = True
    w.app = w.new_app()
    return w


def test_parquet_and_csv_parts_of_a_folder_go_out_in_one_call(supported: World) -> None:
    w = supported
    w.write(FOLDER + "part-1.csv", hashes(1000, 1000))
    w.write(FOLDER + "part-2.parquet", parquet(hashes(2000, 1000)))

    assert w.receive(w.drop(KEY, parquet([*hashes(0, 1000), None])))

    assert len(w.sim.calls("create")) == 1
    assert w.ids("foodies") == [set(hashes(0, 3000))]
    receipt: Any = w.receipt(KEY)
    assert receipt["status"] == "delivered"
    assert receipt["rows"]["read"] == 1001
    assert receipt["rows"]["valid"] == 1000
    assert receipt["rows"]["rejected"] == {"blank": {"count": 1, "first_lines": [1001]}}
    assert list(w.directory.iterdir()) == []


def test_parquet_without_the_setting_is_refused_with_its_name(w: World) -> None:
    assert w.receive(w.drop(KEY, parquet(hashes(0, 5))))

    [dead] = w.sqs.dead
    assert dead.attributes["ErrorReason"] == "unsupported_content"
    assert "parquet_support: true" in dead.attributes["ErrorMessage"]
    assert w.sim.uploads() == []


def test_damaged_parquet_is_dead_lettered_and_the_others_go_on(supported: World) -> None:
    w = supported
    w.write(FOLDER + "part-1.csv", hashes(0, 1000))

    w.receive(w.drop(KEY, parquet(hashes(1000, 9))[:-1]))

    [dead] = w.sqs.dead
    assert dead.attributes["ErrorReason"] == "damaged_parquet"
    assert w.ids("foodies") == [set(hashes(0, 1000))]


def test_function_starts_without_duckdb() -> None:
    code = "import sys, audience_uploader.bootstrap; print('duckdb' in sys.modules)"
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )

    assert done.stdout == "False\n"


def test_parquet_without_a_row_is_skipped(supported: World) -> None:
    supported.receive(supported.drop(KEY, parquet([])))

    receipt: Any = supported.receipt(KEY)
    assert receipt["status"] == "skipped"
    assert supported.sqs.dead == []
