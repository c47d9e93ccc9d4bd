"""The dashboard's widgets, as the synthesised template has them."""

import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]
_CONTEXT = {
    "tiktok_data_bucket_name": "example-corp-tiktok-audiences",
    "aws:cdk:bundling-stacks": [],
}
_ALARM_NAME = re.compile(r"Alarms(\w+?)[0-9A-F]{8}$")


@dataclass(frozen=True, slots=True)
class Widget:
    """One box of the dashboard; places and sizes in the dashboard's own units, 24 to a row."""

    kind: str
    x: int
    y: int
    width: int
    height: int
    properties: dict[str, Any]

    @property
    def title(self) -> str:
        """What stands above the box; a text widget's own words."""
        return str(self.properties.get("title", self.properties.get("markdown", "")))


def synthesise() -> str:
    """The template's JSON text, made by app.py as the CDK CLI would have it made."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "CDK_OUTDIR": folder,
            "CDK_CONTEXT_JSON": json.dumps(_CONTEXT),
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
        }
        subprocess.run([sys.executable, "app.py"], cwd=_ROOT, env=environment, check=True)
        return next(Path(folder).glob("*.template.json")).read_text("utf-8")


def read_widgets(template: str) -> list[Widget]:
    """The widgets of the template's one dashboard; a reference reads as its resource's id."""
    resources = json.loads(template)["Resources"].values()
    bodies = [r["Properties"] for r in resources if r["Type"] == "AWS::CloudWatch::Dashboard"]
    board = json.loads(_text(bodies[0]["DashboardBody"]))
    return [_widget(found) for found in board["widgets"]]


def alarm_name(reference: str) -> str:
    """`DeadLettersWaiting` of the id that CDK made of it."""
    found = _ALARM_NAME.search(reference)
    return found[1] if found else reference


def _widget(found: dict[str, Any]) -> Widget:
    place = (found["x"], found["y"], found["width"], found["height"])
    return Widget(found["type"], *place, found["properties"])


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if "Fn::Join" in value:
        between, parts = value["Fn::Join"]
        return str(between).join(_text(part) for part in parts)
    return str(value.get("Ref") or value["Fn::GetAtt"][0])
