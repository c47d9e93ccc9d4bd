"""The CDK of docs/notifications.md: it synthesises, to the rule that the page's commands make."""

import json
import re
from pathlib import Path
from typing import Any

import aws_cdk as cdk
from aws_cdk.assertions import Template

PAGE = (Path(__file__).parents[2] / "docs/notifications.md").read_text("utf-8")


def test_stack_of_the_document_has_the_pattern_of_its_commands() -> None:
    names: dict[str, Any] = {}
    code = re.findall(r"^```python\n(.*?)^```", PAGE, re.M | re.S)[0]
    exec(code, names)

    stack = names["AudienceNews"](
        cdk.App(), "News", bucket_name="people", webhook="https://hooks.example.com/x"
    )

    (rule,) = Template.from_stack(stack).find_resources("AWS::Events::Rule").values()
    assert rule["Properties"]["EventPattern"] == pattern_of_the_commands("people")
    assert len(rule["Properties"]["Targets"]) == 2


def pattern_of_the_commands(bucket: str) -> object:
    text = re.findall(r"--event-pattern '(\{.*?\}\}\})'", PAGE, re.S)[0]
    return json.loads(text.replace("""'"$bucket"'""", bucket))
