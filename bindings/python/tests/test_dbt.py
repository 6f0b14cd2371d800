"""What dbt has built, by its artifacts, and in a real build."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import karat
from karat.dbt import Built, built

NODES = {
    "model.shop.orders": {"name": "orders", "relation_name": '"dev"."main"."orders"', "config": {}},
    "model.shop.lake": {"name": "lake", "relation_name": '"dev"."main"."lake"', "config": {"location": "lake.parquet"}},
    "model.shop.broken": {"name": "broken", "relation_name": '"dev"."main"."broken"', "config": {}},
    "seed.shop.countries": {"name": "countries", "relation_name": '"dev"."main"."countries"', "config": {}},
    "test.shop.unique": {"name": "unique", "relation_name": None, "config": {}},
}


def test_what_was_built_is_told(tmp_path: Path) -> None:
    statuses = {name: "error" if "broken" in name else "success" for name in NODES}
    results = [{"unique_id": name, "status": status} for name, status in statuses.items()]
    (tmp_path / "run_results.json").write_text(json.dumps({"results": results}))
    (tmp_path / "manifest.json").write_text(json.dumps({"nodes": NODES}))
    assert built(tmp_path) == [
        Built("orders", '"dev"."main"."orders"', None, "model.shop.orders"),
        Built("lake", '"dev"."main"."lake"', "lake.parquet", "model.shop.lake"),
        Built("countries", '"dev"."main"."countries"', None, "seed.shop.countries"),
    ]


def test_artifacts_that_are_none_are_errors(tmp_path: Path) -> None:
    with pytest.raises(karat.DataError, match=r"run_results.json cannot be read: .* \(dbt build writes it\)"):
        built(tmp_path)
    (tmp_path / "run_results.json").write_text("[]")
    with pytest.raises(karat.DataError, match="run_results.json is no artifact of dbt"):
        built(tmp_path)


@pytest.mark.slow
def test_a_real_build_is_judged_behind_it(tmp_path: Path) -> None:
    pytest.importorskip("dbt.adapters.duckdb")
    duckdb = pytest.importorskip("duckdb")
    models = {
        "orders": "select 1 as order_id, 'O' as status union all select 2, 'X'",
        "lake": "{{ config(materialized='external', location='lake.parquet') }} select * from {{ ref('orders') }}",
        "broken": "select * from nothing_there",
    }
    (tmp_path / "models").mkdir()
    for name, query in models.items():
        (tmp_path / "models" / f"{name}.sql").write_text(query)
    (tmp_path / "dbt_project.yml").write_text("{name: shop, version: '1.0', profile: shop}\n")
    (tmp_path / "profiles.yml").write_text("shop: {target: dev, outputs: {dev: {type: duckdb, path: dev.duckdb}}}\n")
    done = subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", "build", "--profiles-dir", "."],
        env={**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "0"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    suite = {"suite": "orders", "columns": {"order_id": ["unique"], "status": [{"in_set": ["O"]}]}}
    tables = {table.name: table for table in built(tmp_path / "target")}
    assert set(tables) == {"orders", "lake"}
    lake = duckdb.connect(str(tmp_path / "dev.duckdb"), read_only=True)
    run = karat.check(suite, lake.table(tables["orders"].relation))
    assert [check.verdict for check in run.checks] == ["pass", "fail"]
    run = karat.check(suite, tmp_path / str(tables["lake"].location))
    assert [check.verdict for check in run.checks] == ["pass", "fail"]
