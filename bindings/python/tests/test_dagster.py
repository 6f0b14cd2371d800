"""Checks of a suite as asset checks of Dagster, in a real run of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

dagster = pytest.importorskip("dagster")

pytestmark = pytest.mark.slow

SUITE = """\
suite: orders
key: order_id
columns:
  order_id: [not_null]
  status:
    - in_set: [O, F]
  total:
    - between: {max: 15}
      severity: warning
  missing: [not_null]
"""


def materialised(folder: Path, selection: Any = None, file: str = "orders.csv") -> tuple[Any, dict[str, Any]]:
    from karat.dagster import build_checks

    (folder / "orders.yml").write_text(SUITE)
    (folder / "orders.csv").write_text("order_id,status,total\n1,O,10.5\n2,F,20\n3,X,7.25\n")
    read: list[str] = []

    def data(_context: Any) -> str:
        read.append("once")
        return str(folder / file)

    @dagster.asset
    def orders() -> None: ...

    @dagster.asset(deps=[orders])
    def behind() -> None: ...

    checks = build_checks(folder / "orders.yml", orders, data=data)
    definitions = dagster.Definitions(assets=[orders, behind], asset_checks=[checks])
    job = definitions.resolve_implicit_global_asset_job_def()
    with dagster.DagsterInstance.ephemeral() as instance:
        result = job.execute_in_process(instance=instance, raise_on_error=False, asset_selection=selection)
        found = {done.check_name: done for done in result.get_asset_check_evaluations()}
    assert read == ["once"]
    return result, found


def test_each_check_has_its_state_and_the_data_is_read_once(tmp_path: Path) -> None:
    result, found = materialised(tmp_path)
    states = {name: (done.passed, done.severity.value) for name, done in found.items()}
    assert states == {
        "order_id__not_null": (True, "ERROR"),
        "status__in_set": (False, "ERROR"),
        "total__between": (False, "WARN"),
        "missing__not_null": (False, "ERROR"),
    }
    failed = found["status__in_set"]
    assert failed.metadata["failing rows"].value == 1
    assert failed.metadata["rows"].records[0].data == {"order_id": 3, "status": "X"}
    assert "1 of 3 rows fails" in (failed.description or "")
    assert "missing" in (found["missing__not_null"].description or "")
    # A blocking check that failed stops what comes after the asset.
    assert not result.success
    assert {node.node_name for node in result.get_step_success_events()} >= {"orders"}
    assert "behind" not in {event.step_key for event in result.get_step_success_events()}


def test_data_that_cannot_be_read_is_an_error_of_each_check(tmp_path: Path) -> None:
    result, found = materialised(tmp_path, file="nothing.csv")
    assert {(done.passed, done.severity.value) for done in found.values()} == {(False, "ERROR")}
    assert "nothing.csv" in (found["status__in_set"].description or "")
    assert "behind" not in {event.step_key for event in result.get_step_success_events()}
