"""What does not hold in a story."""


class Violation(AssertionError):
    """`rule` says what must hold; a shorter story that breaks the same rule shows the same bug."""

    def __init__(self, rule: str, *about: object) -> None:
        super().__init__(f"{rule}: {' '.join(map(str, about))}")
        self.rule = rule


def expect(holds: object, rule: str, *about: object) -> None:
    """Raise Violation of the rule unless it holds."""
    if not holds:
        raise Violation(rule, *about)
