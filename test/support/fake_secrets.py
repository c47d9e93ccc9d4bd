"""Secrets Manager with one secret."""

import json
from collections.abc import Callable


class FakeSecrets:
    """`reads` counts how often it was asked; `error` is raised while it is set.

    With `binary` it answers by SecretBinary, as for a secret that was made from a file.
    """

    def __init__(self, **values: str) -> None:
        self.text = ""
        self.binary: bytes | None = None
        self.reads = 0
        self.error: Exception | None = None
        self.before: Callable[[], None] = lambda: None
        self.put(**values)

    def put(self, **values: str) -> None:
        """Store these keys and no others."""
        self.text = json.dumps(values)
        self.binary = None

    def get_secret_value(self, *, SecretId: str) -> dict[str, str | bytes]:
        self.before()
        self.reads += 1
        if self.error:
            raise self.error
        if self.binary is not None:
            return {"SecretBinary": self.binary}
        return {"SecretString": self.text}
