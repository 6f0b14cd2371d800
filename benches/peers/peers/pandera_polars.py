"""pandera on an eager Polars frame, with all failures collected (`lazy=True`).

A frame, because on a LazyFrame pandera skips checks of data unless it is told otherwise, and is then
no faster. Bounds on aggregates are checks with a function of one's own, as its documentation has it.
Foreign keys would be that too, but with the whole work in the function; they count as not expressible.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandera.polars as pandera
import polars
from pandera.errors import SchemaErrors

from checks import (
    Aggregate,
    Between,
    Check,
    InSet,
    Length,
    Matches,
    NotInSet,
    NotMatches,
    NotNull,
    Pair,
    Rows,
    Suite,
    Unique,
)
from peers.frame import read
from peers.polars_forms import aggregate, holds
from peers.program import Answer, Found, Inexpressible, serve


def run(suite: Suite, folder: Path, _orders: Path) -> Answer:
    required: set[str] = set()
    checks: dict[str, list[pandera.Check]] = {column: [] for column in suite.columns}
    of_rows: list[pandera.Check] = []
    unique: list[str] | None = None
    asked, missing = [], {}
    for check in suite.checks:
        match check:
            case NotNull(column=column):
                required.add(column)
            case Unique(keys=keys):
                unique = list(keys)
            case Pair() | Rows():
                of_rows.append(row_check(check))
            case _:
                try:
                    checks[check.column].append(column_check(check))
                except Inexpressible as why:
                    missing[check.id] = str(why)
                    continue
        asked.append(check)
    columns = {
        column: pandera.Column(checks=rules, nullable=column not in required) for column, rules in checks.items()
    }
    schema = pandera.DataFrameSchema(columns, checks=of_rows, unique=unique)
    try:
        schema.validate(read(suite, folder), lazy=True)
    except SchemaErrors as errors:
        failures = counts(errors.failure_cases)
    else:
        failures = {}
    return {check.id: judged(check, failures) for check in asked}, missing


def column_check(check: Check) -> pandera.Check:
    match check:
        case Between(least=least, greatest=greatest):
            return pandera.Check.in_range(least, greatest, error=check.id)
        case InSet(members=members):
            return pandera.Check.isin(members, error=check.id)
        case NotInSet(members=members):
            return pandera.Check.notin(members, error=check.id)
        case Matches(pattern=pattern):
            return pandera.Check.str_contains(pattern, error=check.id)
        case NotMatches():
            rule = holds(check)
            return pandera.Check(lambda data: data.lazyframe.select(rule), error=check.id)
        case Length(least=least, greatest=greatest):
            return pandera.Check.str_length(least, greatest, error=check.id)
        case Aggregate(least=least, greatest=greatest):
            rule = aggregate(check).is_between(least, greatest)
            return pandera.Check(lambda data: data.lazyframe.select(rule), error=check.id)
    raise Inexpressible(f"no form for {type(check).__name__}")


def row_check(check: Check) -> pandera.Check:
    rule = holds(check)
    return pandera.Check(lambda data: data.lazyframe.select(rule), error=check.id)


def counts(failures: polars.DataFrame) -> dict[tuple[Any, Any], int]:
    """Failing cases by column and check."""
    keys = failures.select("column", "check").rows()
    counted: dict[tuple[Any, Any], int] = {}
    for key in keys:
        counted[key] = counted.get(key, 0) + 1
    return counted


def judged(check: Check, failures: dict[tuple[Any, Any], int]) -> Found:
    match check:
        case NotNull(column=column):
            return Found.rows(failures.get((column, "not_nullable"), 0))
        case Unique():
            return Found.rows(failures.get((None, "multiple_fields_uniqueness"), 0))
    failing = sum(n for (_, name), n in failures.items() if name == check.id)
    if isinstance(check, Aggregate):
        return Found(failing == 0)
    return Found.rows(failing)


if __name__ == "__main__":
    serve(run)
