"""A suite in karat's own form. JSON, which karat reads as it reads YAML."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from checks import (
    Aggregate,
    Between,
    Check,
    HasType,
    InOrders,
    InSet,
    Length,
    Matches,
    NotInSet,
    NotMatches,
    NotNull,
    Pair,
    RowCount,
    Rows,
    Suite,
    Unique,
    Value,
)


def write(suite: Suite, data: Path, orders: Path, file: Path) -> None:
    """Writes a suite about the data in a folder."""
    columns: dict[str, list[Any]] = {}
    table: list[Any] = []
    for check in suite.checks:
        form = {**expectation(check, orders), "id": check.id}
        column = getattr(check, "column", None)
        (table if column is None else columns.setdefault(column, [])).append(form)
    told = {"suite": suite.name, "data": str(data), "columns": columns, "table": table}
    file.write_text(json.dumps({key: value for key, value in told.items() if value}, indent=1))


def expectation(check: Check, orders: Path) -> dict[str, Any]:
    match check:
        case NotNull():
            return {"not_null": {}}
        case Between(least=least, greatest=greatest):
            return {"between": bounds(least, greatest)}
        case InSet(members=members):
            return {"in_set": list(members)}
        case NotInSet(members=members):
            return {"not_in_set": list(members)}
        case Matches(pattern=pattern):
            return {"matches": pattern}
        case NotMatches(pattern=pattern):
            return {"not_matches": pattern}
        case Length(least=least, greatest=greatest):
            return {"length_between": bounds(least, greatest)}
        case Aggregate(of=of, least=least, greatest=greatest):
            return {of: bounds(least, greatest)}
        case Pair(left=left, relation=relation, right=right):
            either = "either_value_is_missing"
            return {"pair": {"left": left, "is": relation, "right": right, "ignore_row_if": either}}
        case Rows(predicate=predicate):
            return {"rows": {"predicate": predicate, "nulls": "pass"}}
        case Unique(keys=keys):
            return {"unique": {"columns": list(keys)}}
        case InOrders():
            return {"exists_in": {"data": str(orders), "column": "o_orderkey"}}
        case RowCount(least=least, greatest=greatest):
            return {"row_count": bounds(least, greatest)}
        case HasType(type=type_):
            return {"type": type_}
    raise ValueError(type(check))


def bounds(least: Value, greatest: Value) -> dict[str, Any]:
    return {"min": bound(least), "max": bound(greatest)}


def bound(value: Value) -> Any:
    match value:
        case Decimal():
            return float(value)
        case date():
            return value.isoformat()
    return value
