"""Templates as the infrastructure tests see them: synthesised once, references spelled in words."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from stacks.settings import Settings
from stacks.uploader_stack import UploaderStack

ROOT = Path(__file__).resolve().parents[2]
BUCKET = "example-corp-tiktok-audiences"

Resource = dict[str, Any]
# A word for each resource that others refer to; never the logical id with its hash.
WORDS: list[tuple[str, str, Callable[[Resource], bool]]] = [
    ("bucket", "AWS::S3::Bucket", lambda _: True),
    ("key", "AWS::KMS::Key", lambda p: "drops" in p["Description"]),
    ("alarm key", "AWS::KMS::Key", lambda p: "alarms" in p["Description"]),
    ("queue", "AWS::SQS::Queue", lambda p: "RedrivePolicy" in p),
    ("dead letters", "AWS::SQS::Queue", lambda p: "RedrivePolicy" not in p),
    ("rule", "AWS::Events::Rule", lambda p: "EventPattern" in p),
    ("sweep rule", "AWS::Events::Rule", lambda p: "ScheduleExpression" in p),
    ("archive", "AWS::Events::Archive", lambda _: True),
    ("layer", "AWS::Lambda::LayerVersion", lambda _: True),
    ("secret", "AWS::SecretsManager::Secret", lambda _: True),
    ("role", "AWS::IAM::Role", lambda p: "Description" in p),
    ("emptying role", "AWS::IAM::Role", lambda p: "Description" not in p),
    ("function", "AWS::Lambda::Function", lambda p: p["Runtime"].startswith("python")),
    ("emptying function", "AWS::Lambda::Function", lambda p: p["Runtime"].startswith("node")),
    ("logs", "AWS::Logs::LogGroup", lambda _: True),
    ("topic", "AWS::SNS::Topic", lambda _: True),
    ("dashboard", "AWS::CloudWatch::Dashboard", lambda _: True),
]


class Synthesised:
    """One synthesised stack: its template, and its resources with references in words."""

    def __init__(self, context: dict[str, object]) -> None:
        self.app = make_app(context)
        settings = Settings.from_context(self.app.node)
        self.stack = UploaderStack(self.app, "T", settings=settings)
        self.template = Template.from_stack(self.stack)
        self._raw: dict[str, Resource] = self.template.to_json()["Resources"]
        self._words = {id_: self._word(resource) for id_, resource in self._raw.items()}
        self.outputs = self.spell(self.template.to_json()["Outputs"])

    def all(self, type_: str) -> list[Resource]:
        """Return the properties of every resource of a type."""
        found = [r for r in self._raw.values() if r["Type"] == type_]
        return [self.spell(r.get("Properties", {})) for r in found]

    def the(self, word: str) -> Resource:
        """Return the properties of the one resource that goes by this word."""
        spelled: Resource = self.spell(self.whole(word)["Properties"])
        return spelled

    def whole(self, word: str) -> Resource:
        """Return the one resource that goes by this word, policies and all, as it is written."""
        (id_,) = (id_ for id_, known in self._words.items() if known == word)
        return self._raw[id_]

    def resources(self) -> dict[str, Resource]:
        """Return every resource as it is written, by word or by logical id."""
        return {self._words[id_] or id_: resource for id_, resource in self._raw.items()}

    def spell(self, value: Any) -> Any:
        """Return the value with every reference as text, such as <bucket.Arn>/tiktok/*."""
        if isinstance(value, list):
            return [self.spell(item) for item in value]
        if not isinstance(value, dict):
            return value
        if set(value) == {"Ref"}:
            return f"<{self._words.get(value['Ref']) or value['Ref'].removeprefix('AWS::')}>"
        if set(value) == {"Fn::GetAtt"}:
            id_, attribute = value["Fn::GetAtt"]
            return f"<{self._words[id_] or id_}.{attribute}>"
        if set(value) == {"Fn::Join"}:
            glue, parts = value["Fn::Join"]
            return glue.join(self.spell(parts))
        return {key: self.spell(item) for key, item in value.items()}

    def _word(self, resource: Resource) -> str:
        properties = resource.get("Properties", {})
        return next((w for w, t, f in WORDS if t == resource["Type"] and f(properties)), "")


def make_app(context: dict[str, object]) -> cdk.App:
    """Return an app under the flags of cdk.json, which skips pip."""
    flags = json.loads((ROOT / "cdk.json").read_text(encoding="utf-8"))["context"]
    own = {"tiktok_data_bucket_name": BUCKET, "aws:cdk:bundling-stacks": []}
    return cdk.App(context=flags | own | context)


@cache
def _synthesised(context: tuple[tuple[str, object], ...]) -> Synthesised:
    return Synthesised(dict(context))


@pytest.fixture(scope="session")
def synthesise() -> Callable[..., Synthesised]:
    """Return a maker of the stack under a context; each context is synthesised once in a run."""
    return lambda **context: _synthesised(tuple(sorted(context.items())))


@pytest.fixture(scope="session")
def app_with() -> Callable[..., cdk.App]:
    """Return a maker of a fresh app under a context."""
    return lambda **context: make_app(context)


@pytest.fixture(scope="session")
def stack(synthesise: Callable[..., Synthesised]) -> Synthesised:
    """Return the stack with nothing but the required setting."""
    return synthesise()


@pytest.fixture(scope="session")
def mailing(synthesise: Callable[..., Synthesised]) -> Synthesised:
    """Return the stack that mails its alarms to a person."""
    return synthesise(alarm_email="audiences-team@example.com")


@pytest.fixture(scope="session")
def named(synthesise: Callable[..., Synthesised]) -> Synthesised:
    """Return the stack of a second deployment."""
    return synthesise(deployment_name="agency-2", alarm_email="audiences-team@example.com")


@pytest.fixture(scope="session")
def with_parquet(synthesise: Callable[..., Synthesised]) -> Synthesised:
    """Return the stack that reads Parquet."""
    return synthesise(parquet_support="true")


@pytest.fixture(scope="session")
def returning(synthesise: Callable[..., Synthesised]) -> Synthesised:
    """Return the stack that comes back and finds its secret."""
    return synthesise(reuse_existing_secret="true")
