"""An existing stack is updated in place: what version 0.1.0 deployed is replaced by nothing.

`data/version_0_1_0.json` holds the logical id and type of every resource of that version's
template, with the properties whose change makes CloudFormation replace the resource.
"""

import json
from pathlib import Path
from typing import Any

import pytest

OLD: dict[str, Any] = json.loads(
    (Path(__file__).parent / "data" / "version_0_1_0.json").read_text(encoding="utf-8")
)
RESOURCES: dict[str, dict[str, Any]] = OLD["resources"]
REPLACING: dict[str, list[str]] = OLD["replacing"]


@pytest.fixture(scope="module")
def now(mailing: Any) -> dict[str, dict[str, Any]]:
    resources: dict[str, dict[str, Any]] = mailing.template.to_json()["Resources"]
    return resources


@pytest.mark.parametrize("id_", RESOURCES)
def test_resource_keeps_its_logical_id_and_what_would_replace_it(
    now: dict[str, dict[str, Any]], id_: str
) -> None:
    old = RESOURCES[id_]

    assert now[id_]["Type"] == old["type"]
    properties = now[id_]["Properties"]
    fixed = {name: properties[name] for name in REPLACING[old["type"]] if name in properties}
    assert fixed == old["fixed"]


@pytest.mark.parametrize("word", ["bucket", "key", "queue", "dead letters", "secret", "logs"])
def test_what_holds_data_is_removed_only_as_before(mailing: Any, word: str) -> None:
    policies = {
        "bucket": ("Delete", "Retain"),
        "key": ("Delete", "Delete"),
        "queue": ("Delete", "Delete"),
        "dead letters": ("Delete", "Delete"),
        "secret": ("RetainExceptOnCreate", "Retain"),
        "logs": ("Retain", "Retain"),
    }
    resource = mailing.whole(word)

    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == policies[word]
