"""The operator of Airflow, in real runs of a DAG."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import ORDERS

pytest.importorskip("airflow.sdk")

pytestmark = pytest.mark.slow

DAG = """\
import json, sys
from datetime import datetime, timedelta
from airflow.sdk import DAG
from karat.airflow import KaratCheckOperator

passes = "suite: orders\\ncolumns: {order_id: [not_null]}\\n"
suites = {
    "pass": (passes, "orders.csv"),
    "warn": ("suite: orders\\ncolumns: {total: [{between: {min: 0}, severity: warning}]}\\n", "orders.csv"),
    "fail": ("suite: orders\\ncolumns: {status: [{in_set: [O]}]}\\n", "orders.csv"),
    "unreadable": (passes, "nothing.csv"),
    "error": ("suite: orders\\ncolumns: {missing: [not_null]}\\n", "orders.csv"),
}
dags = {}
for name, (suite, data) in suites.items():
    with DAG("gate_" + name, schedule=None, start_date=datetime(2026, 1, 1)) as dag:
        KaratCheckOperator(
            task_id="check", suite=suite, data="{{ params.folder }}/" + data, html=name + ".html",
            params={"folder": "."}, retries=1, retry_delay=timedelta(seconds=0),
        )
    dags[name] = globals()["dag_" + name] = dag

if __name__ == "__main__":
    found = {}
    for name, dag in dags.items():
        run = dag.test()
        [task] = run.get_task_instances()
        handed = task.xcom_pull(task_ids="check", key="karat")
        found[name] = [str(task.state), task.try_number, handed and handed["verdict"]]
    json.dump(found, open("states.json", "w"))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which each DAG was run once, with OpenLineage listening."""
    folder = tmp_path_factory.mktemp("airflow")
    home = folder / "airflow"
    (home / "dags").mkdir(parents=True)
    (home / "dags" / "gates.py").write_text(DAG)
    (folder / "orders.csv").write_text(ORDERS)
    environment = {
        **os.environ,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
        "AIRFLOW__OPENLINEAGE__NAMESPACE": "tests",
        "AIRFLOW__OPENLINEAGE__TRANSPORT": json.dumps(
            {"type": "file", "log_file_path": str(folder / "events.ndjson"), "append": True}
        ),
    }

    def run(*arguments: str) -> None:
        done = subprocess.run(
            arguments, env=environment, cwd=folder, capture_output=True, text=True, timeout=900, check=False
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]

    run(sys.executable, "-m", "airflow", "db", "migrate")
    run(sys.executable, "-m", "airflow", "dags", "reserialize")
    run(sys.executable, str(home / "dags" / "gates.py"))
    return folder


def test_states_and_retries(folder: Path) -> None:
    states = json.loads((folder / "states.json").read_text())
    assert states == {
        "pass": ["success", 1, "pass"],
        "warn": ["success", 1, "warn"],
        "fail": ["failed", 1, "fail"],
        "unreadable": ["failed", 2, "error"],
        "error": ["failed", 2, "error"],
    }
    assert (folder / "fail.html").exists()


UNKNOWN = 'could not be evaluated: no column "missing"; the columns are order_id, status, total'


def test_open_lineage_is_told_the_outcome_of_each_check(folder: Path) -> None:
    assertions = pytest.importorskip("openlineage.client.generated.data_quality_assertions_dataset")
    events = [json.loads(line) for line in (folder / "events.ndjson").read_text().splitlines()]
    told: dict[str, list[dict[str, Any]]] = {}
    for event in events:
        for dataset in event["inputs"]:
            told.setdefault(event["job"]["name"], []).append({"state": event["eventType"], **dataset})
    assert {name: [one["state"] for one in each] for name, each in told.items()} == {
        "gate_pass.check": ["COMPLETE"],
        "gate_warn.check": ["COMPLETE"],
        "gate_fail.check": ["FAIL"],
        "gate_error.check": ["FAIL"] * 2,
    }
    found = {}
    for name, each in told.items():
        dataset = each[-1]
        assert (dataset["namespace"], dataset["name"]) == ("file", str(folder / "orders.csv"))
        facet = dataset["inputFacets"]["dataQualityAssertions"]
        assert facet["_schemaURL"] == assertions.DataQualityAssertionsDatasetFacet._get_schema()
        # The classes of the package take what their schema knows, and nothing else.
        [one] = [assertions.Assertion(**check) for check in facet["assertions"]]
        found[name] = (one.name, one.assertion, one.column, one.success, one.severity, one.actual)
    assert found == {
        "gate_pass.check": ("order_id.not_null", "not_null", "order_id", True, "error", None),
        "gate_warn.check": ("total.between", "between", "total", False, "warn", "1 of 3 rows fails (33.3 %): -1; severity warning"),
        "gate_fail.check": ("status.in_set", "in_set", "status", False, "error", '2 of 4 rows fail (50 %): "F", "X"'),
        "gate_error.check": ("missing.not_null", "not_null", "missing", False, "error", UNKNOWN),
    }
