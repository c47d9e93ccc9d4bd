"""Model checking: whatever happens in whatever order, no id is lost and no audience doubled."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from support.model import Uploader

_CHECKS = settings(
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    print_blob=True,
)


def test_stack_in_any_order_of_events_loses_and_doubles_nothing() -> None:
    run_state_machine_as_test(
        Uploader,
        settings=settings(_CHECKS, max_examples=200, stateful_step_count=30, derandomize=True),
    )


@pytest.mark.long
def test_stack_in_very_many_orders_of_events_loses_and_doubles_nothing() -> None:
    run_state_machine_as_test(
        Uploader, settings=settings(_CHECKS, max_examples=2500, stateful_step_count=45)
    )
