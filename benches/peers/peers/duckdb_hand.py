"""DuckDB by hand: one SQL statement. It is also the reference that the others are compared with."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb

from checks import Aggregate, Check, HasType, InOrders, RowCount, Suite, Unique
from peers.polars_forms import within
from peers.program import Answer, Found, serve
from peers.sql_forms import holds

TYPES = {
    "integer": ("INTEGER", "BIGINT"),
    "decimal": ("DECIMAL",),
    "string": ("VARCHAR",),
    "date": ("DATE",),
}

#: Set where the nulls that a check leaves out are wanted beside its failing rows.
COUNT_NULLS = "PEERS_COUNT_NULLS"


def run(suite: Suite, folder: Path, orders: Path) -> Answer:
    connection = duckdb.connect()
    table = f"read_parquet('{folder}/*.parquet')"
    others = f"read_parquet('{orders}/*.parquet')"
    asked = [check for check in suite.checks if not isinstance(check, HasType)]
    selected = ",\n".join(measure(check, table, others) for check in asked)
    values = connection.execute(f"select {selected} from {table}").fetchone()
    nulls = count_nulls(connection, suite, table) if COUNT_NULLS in os.environ else {}
    found = {}
    for check, value in zip(asked, values, strict=True):
        if isinstance(check, Aggregate):
            found[check.id] = Found(within(value, check))
        elif isinstance(check, RowCount):
            found[check.id] = Found(check.least <= value <= check.greatest)
        else:
            found[check.id] = Found.rows(value, nulls.get(check.id))
    types = [check for check in suite.checks if isinstance(check, HasType)]
    if types:
        described = connection.execute(f"describe select * from {table}").fetchall()
        of = {row[0]: row[1] for row in described}
        for check in types:
            found[check.id] = Found(of[check.column].startswith(TYPES[check.type]))
    return found, {}


def measure(check: Check, table: str, orders: str) -> str:
    match check:
        case Aggregate(column=column, of="distinct_count"):
            return f"count(distinct {column})"
        case Aggregate(column=column, of=of):
            return f"{'avg' if of == 'mean' else of}({column})"
        case RowCount():
            return "count(*)"
        case Unique(keys=keys):
            groups = f"select count(*) as rows from {table} group by {', '.join(keys)}"
            return f"(select coalesce(sum(rows), 0) from ({groups} having count(*) > 1))::bigint"
        case InOrders(column=column):
            lost = f"from {table} l anti join {orders} o on l.{column} = o.o_orderkey"
            return f"(select count(*) {lost} where l.{column} is not null)"
    return f"count(*) filter (where not {holds(check)})"


def count_nulls(connection: duckdb.DuckDBPyConnection, suite: Suite, table: str) -> dict[str, int]:
    """The rows, by check, that it does not speak of, because its rule is null there."""
    rules = {check.id: holds(check) for check in suite.checks}
    rules = {id: rule for id, rule in rules.items() if rule is not None}
    if not rules:
        return {}
    selected = ", ".join(f"count(*) filter (where ({rule}) is null)" for rule in rules.values())
    values = connection.execute(f"select {selected} from {table}").fetchone()
    return dict(zip(rules, values, strict=True))


if __name__ == "__main__":
    serve(run)
