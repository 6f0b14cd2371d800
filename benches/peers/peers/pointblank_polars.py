"""pointblank on an eager Polars frame.

Extracts of failing rows are off: karat reads failing rows only where there are some, and with
extracts pointblank is slower still. Bounds on an average are two steps.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pointblank
import polars

from checks import (
    Aggregate,
    Between,
    Check,
    InOrders,
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
    Value,
)
from peers.frame import read
from peers.polars_forms import holds
from peers.program import Answer, Found, Inexpressible, serve
from suites import TYPES

RELATIONS = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge"}


def run(suite: Suite, folder: Path, orders: Path) -> Answer:
    validation = pointblank.Validate(read(suite, folder))
    asked, missing = [], {}
    for check in suite.checks:
        try:
            steps = add(validation, check, orders)
        except Inexpressible as why:
            missing[check.id] = str(why)
        else:
            asked += [check] * steps
    validation.interrogate(collect_extracts=False, collect_tbl_checked=False)
    failed = validation.n_failed()
    found: dict[str, Found] = {}
    for step, check in enumerate(asked, 1):
        counts = not isinstance(check, Aggregate)
        before = found.get(check.id, Found(True))
        passed = failed[step] == 0 and before.passed
        found[check.id] = Found(passed, failed[step] if counts else None)
    return found, missing


def add(validation: pointblank.Validate, check: Check, orders: Path) -> int:
    """Adds a check as so many steps."""
    match check:
        case NotNull(column=column):
            validation.col_vals_not_null(column)
        case Between(column=column, least=least, greatest=greatest):
            validation.col_vals_between(column, bound(least), bound(greatest), na_pass=True)
        case InSet(column=column, members=members):
            # Nulls cannot be let through here but as a member.
            validation.col_vals_in_set(column, [*members, None])
        case NotInSet(column=column, members=members):
            validation.col_vals_not_in_set(column, list(members))
        case Matches(column=column, pattern=pattern):
            validation.col_vals_regex(column, pattern, na_pass=True)
        case NotMatches(column=column, pattern=pattern):
            validation.col_vals_regex(column, pattern, na_pass=True, inverse=True)
        case Length(column=column, least=least, greatest=greatest):
            validation.col_vals_str_len(column, least, greatest, na_pass=True)
        case Pair(left=left) if TYPES[left] == "decimal":
            # Comparing two columns of decimals asks for NaN, which decimals do not have.
            validation.col_vals_expr(holds(check).fill_null(True))
        case Pair(left=left, relation=relation, right=right):
            step = getattr(validation, f"col_vals_{RELATIONS[relation]}")
            step(left, pointblank.col(right), na_pass=True)
        case Rows():
            validation.col_vals_expr(holds(check).fill_null(True))
        case Unique(keys=keys):
            validation.rows_distinct(list(keys))
        case InOrders(column=column):
            keys = polars.read_parquet(orders / "*.parquet", columns=["o_orderkey"])
            validation.col_vals_in_table(column, keys, "o_orderkey", na_pass=True)
        case Aggregate(column=column, of="mean", least=least, greatest=greatest):
            validation.col_avg_ge(column, float(least))
            validation.col_avg_le(column, float(greatest))
            return 2
        case Aggregate(of="sum"):
            raise Inexpressible("the sum of decimals ends in an AssertionError of pointblank's")
        case Aggregate(of=of):
            raise Inexpressible(f"no step for {of}")
        case _:
            raise Inexpressible(f"no step for {type(check).__name__}")
    return 1


def bound(value: Value) -> Any:
    """A bound as pointblank takes it: decimals as floats."""
    return float(value) if isinstance(value, Decimal) else value


if __name__ == "__main__":
    serve(run)
