"""The task of Prefect, in real runs of a flow."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

prefect = pytest.importorskip("prefect")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[None]:
    """A server of Prefect of its own."""
    from prefect.testing.utilities import prefect_test_harness

    with prefect_test_harness(server_startup_timeout=120):
        yield


def ran(suite: str, data: str) -> tuple[str, str, int, Any]:
    """The states of a flow and of its task, how often the task ran, and what came of it."""
    from prefect.client.orchestration import get_client

    from karat.prefect import karat_check

    state_of: dict[str, Any] = {}

    @prefect.flow
    def gate() -> Any:
        state = karat_check.with_options(retries=1, retry_delay_seconds=0)(suite, data=data, return_state=True)
        state_of["task"] = state
        return state

    flow = gate(return_state=True)
    task = state_of["task"]
    with get_client(sync_client=True) as client:
        run = client.read_task_run(task.state_details.task_run_id)
    return flow.type.value, task.type.value, run.run_count, task


def test_states_and_retries(orders: Path) -> None:
    from prefect.client.orchestration import get_client

    passes = "suite: orders\ncolumns: {order_id: [not_null]}\n"
    warns = "suite: orders\ncolumns: {total: [{between: {min: 0}, severity: warning}]}\n"
    fails = "suite: orders\ncolumns: {status: [{in_set: [O]}]}\n"
    states = {
        "pass": ran(passes, "orders.csv")[:3],
        "warn": ran(warns, "orders.csv")[:3],
        "fail": ran(fails, "orders.csv")[:3],
        "unreadable": ran(passes, "nothing.csv")[:3],
        "error": ran("suite: orders\ncolumns: {missing: [not_null]}\n", "orders.csv")[:3],
    }
    assert states == {
        "pass": ("COMPLETED", "COMPLETED", 1),
        "warn": ("COMPLETED", "COMPLETED", 1),
        "fail": ("FAILED", "FAILED", 1),
        "unreadable": ("FAILED", "FAILED", 2),
        "error": ("FAILED", "FAILED", 2),
    }
    assert ran(warns, "orders.csv")[3].result()["verdict"] == "warn"
    with get_client(sync_client=True) as client:
        artifacts = client.read_artifacts()
    assert {artifact.key for artifact in artifacts} == {"karat-orders", "karat-orders-failures"}
