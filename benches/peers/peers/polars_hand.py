"""Polars by hand: one `collect_all` on the streaming engine, as somebody who knows it writes it."""

from __future__ import annotations

from pathlib import Path

import polars

from checks import Aggregate, Check, HasType, InOrders, NotNull, RowCount, Suite, Unique
from peers.polars_forms import aggregate, holds, within
from peers.program import Answer, Found, serve

TYPES = {
    "integer": lambda dtype: dtype.is_integer(),
    "decimal": lambda dtype: dtype.is_decimal(),
    "string": lambda dtype: dtype == polars.String,
    "date": lambda dtype: dtype == polars.Date,
}


def run(suite: Suite, folder: Path, orders: Path) -> Answer:
    rows = polars.scan_parquet(folder / "*.parquet")
    selected = [measure(check).alias(check.id) for check in suite.checks if is_select(check)]
    frames = [(None, rows.select(selected))] if selected else []
    for check in suite.checks:
        if isinstance(check, Unique):
            groups = rows.group_by(check.keys).len().filter(polars.col("len") > 1)
            frames.append((check.id, groups.select(polars.col("len").sum())))
        elif isinstance(check, InOrders):
            keys = polars.scan_parquet(orders / "*.parquet").select("o_orderkey")
            present = rows.filter(polars.col(check.column).is_not_null()).select(check.column)
            lost = present.join(keys, left_on=check.column, right_on="o_orderkey", how="anti")
            frames.append((check.id, lost.select(polars.len())))
    results = polars.collect_all([frame for _, frame in frames], engine="streaming")
    measured = {}
    for (id, _), result in zip(frames, results, strict=True):
        measured.update(result.row(0, named=True) if id is None else {id: result.item()})
    schema = rows.collect_schema() if any(isinstance(c, HasType) for c in suite.checks) else None
    found = {}
    for check in suite.checks:
        if isinstance(check, HasType):
            found[check.id] = Found(TYPES[check.type](schema[check.column]))
        elif isinstance(check, Aggregate):
            found[check.id] = Found(within(measured[check.id], check))
        elif isinstance(check, RowCount):
            found[check.id] = Found(check.least <= measured[check.id] <= check.greatest)
        else:
            found[check.id] = Found.rows(measured[check.id])
    return found, {}


def is_select(check: Check) -> bool:
    return not isinstance(check, (Unique, InOrders, HasType))


def measure(check: Check) -> polars.Expr:
    if isinstance(check, NotNull):
        return polars.col(check.column).null_count()
    if isinstance(check, Aggregate):
        return aggregate(check)
    if isinstance(check, RowCount):
        return polars.len()
    return (~holds(check)).sum()


if __name__ == "__main__":
    serve(run)
