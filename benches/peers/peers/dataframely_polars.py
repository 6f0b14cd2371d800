"""dataframely on an eager Polars frame: a schema of rules, and `filter`, which counts failures.

Rules are about rows and groups of rows; bounds on an aggregate of the whole table and foreign keys
have no form (foreign keys are for collections of frames, as filters).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import dataframely
import polars

from checks import NotNull, Pair, Rows, Suite, Unique
from peers.frame import read
from peers.polars_forms import holds
from peers.program import Answer, Found, serve

TYPES: dict[Any, Callable[..., dataframely.Column]] = {
    polars.Int32: dataframely.Int32,
    polars.Int64: dataframely.Int64,
    polars.String: dataframely.String,
    polars.Date: dataframely.Date,
}


def run(suite: Suite, folder: Path, _orders: Path) -> Answer:
    rows = read(suite, folder)
    keys = {key for check in suite.checks if isinstance(check, Unique) for key in check.keys}
    required = {check.column for check in suite.checks if isinstance(check, NotNull)}
    rules: dict[str, dict[str, Any]] = {column: {} for column in suite.columns}
    members: dict[str, Any] = {}
    names: dict[str, str] = {}
    missing = {}
    for number, check in enumerate(suite.checks):
        rule = holds(check)
        if isinstance(check, NotNull):
            names[check.id] = f"{check.column}|nullability"
        elif isinstance(check, Unique):
            names[check.id] = "primary_key"
        elif rule is None:
            missing[check.id] = f"no rule for {type(check).__name__}"
        elif isinstance(check, (Pair, Rows)):
            names[check.id] = f"rule_{number}"
            members[names[check.id]] = of_rows(rule)
        else:
            names[check.id] = f"{check.column}|check__rule_{number}"
            rules[check.column][f"rule_{number}"] = of_column(rule)
    for column, checks in rules.items():
        nullable = column not in required and column not in keys
        options = {"nullable": nullable, "primary_key": column in keys, "check": checks or None}
        members[column] = column_type(rows.schema[column], options)
    schema = type("Rows", (dataframely.Schema,), members)
    counts = schema.filter(rows).failure.counts()
    judged = [check for check in suite.checks if check.id in names]
    return {check.id: Found.rows(counts.get(names[check.id], 0)) for check in judged}, missing


def column_type(dtype: polars.DataType, options: dict[str, Any]) -> dataframely.Column:
    if isinstance(dtype, polars.Decimal):
        return dataframely.Decimal(dtype.precision, dtype.scale, **options)
    return TYPES[dtype.base_type()](**options)


def of_column(rule: polars.Expr) -> Callable[[polars.Expr], polars.Expr]:
    return lambda _column: rule


def of_rows(rule: polars.Expr) -> Any:
    return dataframely.rule()(lambda _schema: rule)


if __name__ == "__main__":
    serve(run)
