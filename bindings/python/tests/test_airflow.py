"""The operator of Airflow, in real runs of a DAG."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

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


def test_states_and_retries(orders: Path) -> None:
    home = orders / "airflow"
    (home / "dags").mkdir(parents=True)
    (home / "dags" / "gates.py").write_text(DAG)
    environment = {
        **os.environ,
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_FOLDER": str(home / "dags"),
    }

    def run(*arguments: str) -> None:
        done = subprocess.run(
            arguments, env=environment, cwd=orders, capture_output=True, text=True, timeout=900, check=False
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]

    run(sys.executable, "-m", "airflow", "db", "migrate")
    run(sys.executable, "-m", "airflow", "dags", "reserialize")
    run(sys.executable, str(home / "dags" / "gates.py"))
    states = json.loads((orders / "states.json").read_text())
    assert states == {
        "pass": ["success", 1, "pass"],
        "warn": ["success", 1, "warn"],
        "fail": ["failed", 1, "fail"],
        "unreadable": ["failed", 2, "error"],
    }
    assert (orders / "fail.html").exists()
