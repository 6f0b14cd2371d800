"""A check as a Polars expression: of the hand-written query, and of peers that take expressions."""

from __future__ import annotations

import operator
from typing import Any

import polars

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
)

RELATIONS: dict[str, Any] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def holds(check: Check) -> polars.Expr | None:
    """Whether a row holds, null where the check does not speak of it; None for no rule on rows."""
    match check:
        case NotNull(column=column):
            return polars.col(column).is_not_null()
        case Between(column=column, least=least, greatest=greatest):
            return polars.col(column).is_between(least, greatest)
        case InSet(column=column, members=members):
            return polars.col(column).is_in(members)
        case NotInSet(column=column, members=members):
            return ~polars.col(column).is_in(members)
        case Matches(column=column, pattern=pattern):
            return polars.col(column).str.contains(pattern)
        case NotMatches(column=column, pattern=pattern):
            return ~polars.col(column).str.contains(pattern)
        case Length(column=column, least=least, greatest=greatest):
            return polars.col(column).str.len_chars().is_between(least, greatest)
        case Pair(left=left, relation=relation, right=right):
            return RELATIONS[relation](polars.col(left), polars.col(right))
        case Rows(predicate=predicate):
            return polars.sql_expr(predicate)
    return None


def aggregate(check: Aggregate) -> polars.Expr:
    """The number that an aggregate check is about."""
    column = polars.col(check.column)
    match check.of:
        case "min":
            return column.min()
        case "max":
            return column.max()
        case "mean":
            return column.mean()
        case "sum":
            return column.sum()
        case "distinct_count":
            return column.drop_nulls().n_unique()
    raise ValueError(check.of)


def within(value: Any, check: Aggregate) -> bool:
    """Whether an aggregate's number lies within its bounds, whatever kind of number it came as."""
    return value is not None and float(check.least) <= float(value) <= float(check.greatest)  # type: ignore[arg-type]
