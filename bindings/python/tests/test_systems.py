"""Tables that are judged by the system that holds them: DuckDB, whose package brings its library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import karat
import pytest

duckdb = pytest.importorskip("duckdb")

ROWS = "(VALUES (1, 'O', 1.50), (2, 'X', 2.50), (2, NULL, 0.00)) AS orders(id, status, total)"
SUITE: dict[str, Any] = {
    "suite": "orders",
    "columns": {
        "id": ["not_null", "unique"],
        "status": [{"in_set": ["O", "F"]}, {"matches": "^[A-Z]$"}],
        "total": [{"mean": {"min": 1}}, {"median": {"min": 1}}],
    },
}


@pytest.fixture
def mart(tmp_path: Path) -> str:
    file = tmp_path / "mart.duckdb"
    with duckdb.connect(str(file)) as connection:
        connection.execute(f"CREATE TABLE orders AS FROM {ROWS}")
        connection.execute("CREATE TABLE known AS SELECT 1 AS id")
    return str(file)


def found(run: karat.Run) -> list[tuple[Any, ...]]:
    return [(check.id, check.verdict, check.counts, check.observed) for check in run.checks]


def engines(run: karat.Run) -> set[str]:
    checks = run.to_dict()["suites"][0]["checks"]
    return {check["evidence"].get("engine", "karat").split()[0] for check in checks}


def test_a_table_is_judged_where_it_is_as_its_rows_are_here(mart: str) -> None:
    there = karat.check(SUITE, f"{mart}#orders")
    assert found(there) == found(karat.check(SUITE, duckdb.sql(f"FROM {ROWS}")))
    assert [check.verdict for check in there.checks] == ["pass", "fail", "fail", "pass", "pass", "pass"]
    assert engines(there) == {"duckdb"}


def test_no_connection_is_left_while_the_run_is_kept(mart: str) -> None:
    run = karat.check(SUITE, f"{mart}#orders")
    with duckdb.connect(mart) as connection:
        connection.execute("DELETE FROM orders WHERE status IS NULL OR id = 1")
    assert not run.passed
    assert [check.verdict for check in karat.check(SUITE, f"{mart}#orders", select="id").checks][:2] == ["pass", "pass"]


def test_what_is_not_said_exactly_there_is_judged_of_fetched_rows(mart: str) -> None:
    suite = {"suite": "orders", "columns": {"status": ["iban"]}}
    refused = karat.check(suite, f"{mart}#orders")
    assert refused.verdict == "error" and "--fetch ROWS" in str(refused)
    assert karat.check(suite, f"{mart}#orders", fetch=3).verdict == "fail"
    assert karat.check(suite, f"{mart}#orders", fetch=2).verdict == "error"


def test_a_frame_is_compared_with_a_table_of_a_system(mart: str) -> None:
    suite = {"suite": "orders", "columns": {"id": [{"exists_in": {"data": "known", "column": "id"}}]}}
    for data, known in [
        (duckdb.sql(f"FROM {ROWS}"), f"{mart}#known"),
        (f"{mart}#orders", duckdb.sql("SELECT 1 AS id")),
    ]:
        run = karat.check(suite, data, datasets={"known": known}, fetch=10)
        counts = run.checks[0].counts
        assert counts is not None and counts.failing == 2, str(run)


def test_what_does_not_answer_is_data_that_cannot_be_read(mart: str) -> None:
    for uri, reason in [
        ("postgres://nobody@127.0.0.1:1/shop/orders", "127.0.0.1"),
        ("redshift://nobody@127.0.0.1:1/shop/orders", "127.0.0.1"),
        ("databricks://main.silver.orders", "DATABRICKS_HOST"),
        ("spark://main.silver.orders", "karat-spark"),
        (f"{mart}#no_such_table", "no_such_table"),
    ]:
        run = karat.check(SUITE, uri)
        assert run.verdict == "error", uri
        with pytest.raises(karat.DataError, match=reason):
            run.raise_for_status()


def test_the_name_of_an_engine_is_known(mart: str) -> None:
    with pytest.raises(ValueError, match='no engine "postgre"'):
        karat.check(SUITE, f"{mart}#orders", engine="postgre")
    with pytest.raises(ValueError, match="fetch is -1"):
        karat.check(SUITE, f"{mart}#orders", fetch=-1)
    file = Path(mart).with_name("orders.parquet")
    duckdb.sql(f"FROM {ROWS}").write_parquet(str(file))
    assert engines(karat.check(SUITE, file, engine="duckdb")) == {"duckdb"}
    assert engines(karat.check(SUITE, file)) == {"karat"}


def test_rows_that_have_no_numbers_are_not_found_again(mart: str) -> None:
    run = karat.check(SUITE, f"{mart}#orders")
    assert [sample["values"]["status"] for sample in run["status.in_set"].samples] == ["X"]
    for attempt in (
        run.failing_rows,
        lambda: karat.rows(SUITE, f"{mart}#orders"),
        lambda: karat.split(SUITE, f"{mart}#orders"),
    ):
        with pytest.raises(karat.DataError, match="DuckDB does not number the rows of its tables"):
            attempt()
