"""Secrets Manager with one secret."""

import json
from collections.abc import Callable


class FakeSecrets:
    """`reads` counts how often it was asked; `error` is raised while it is set."""

    def __init__(self, **values: str) -> None:
        self.text = ""
        self.reads = 0
        self.error: Exception | None = None
        self.before: Callable[[], None] = lambda: None
        self.put(**values)

    def put(self, **values: str) -> None:
        """Store these keys and no others."""
        self.text = json.dumps(values)

    def get_secret_value(self, *, SecretId: str) -> dict[str, str]:
        self.before()
        self.reads += 1
        if self.error:
            raise self.error
        return {"SecretString": self.text}
