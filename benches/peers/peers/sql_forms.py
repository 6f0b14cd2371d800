"""A check as SQL of DuckDB."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from checks import (
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
    Value,
)


def literal(value: Value) -> str:
    match value:
        case date():
            return f"date '{value}'"
        case Decimal() | int():
            return str(value)
    return "'" + value.replace("'", "''") + "'"


def holds(check: Check) -> str | None:
    """Whether a row holds, null where the check does not speak of it; None for no rule on rows."""
    match check:
        case NotNull(column=column):
            return f"{column} is not null"
        case Between(column=column, least=least, greatest=greatest):
            return f"{column} between {literal(least)} and {literal(greatest)}"
        case InSet(column=column, members=members):
            return f"{column} in ({', '.join(map(literal, members))})"
        case NotInSet(column=column, members=members):
            return f"{column} not in ({', '.join(map(literal, members))})"
        case Matches(column=column, pattern=pattern):
            return f"regexp_matches({column}, {literal(pattern)})"
        case NotMatches(column=column, pattern=pattern):
            return f"not regexp_matches({column}, {literal(pattern)})"
        case Length(column=column, least=least, greatest=greatest):
            return f"length({column}) between {least} and {greatest}"
        case Pair(left=left, relation=relation, right=right):
            return f"{left} {relation} {right}"
        case Rows(predicate=predicate):
            return f"({predicate})"
    return None
