"""stub"""

from typing import Any


class Sweep:
    """Stub."""

    def __init__(self, *a: Any, **k: Any) -> None: ...

    def run(self, invocation: Any) -> None: ...
