"""A check as an expectation of Great Expectations, for pandas and Spark alike."""

from __future__ import annotations

import os
from decimal import Decimal
from typing import Any

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations as gx  # noqa: E402
from great_expectations import expectations as gxe  # noqa: E402

from checks import (  # noqa: E402
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
    RowCount,
    Suite,
    Unique,
    Value,
)
from peers.program import Answer, Found, Inexpressible  # noqa: E402

AGGREGATES = {
    "min": gxe.ExpectColumnMinToBeBetween,
    "max": gxe.ExpectColumnMaxToBeBetween,
    "mean": gxe.ExpectColumnMeanToBeBetween,
    "sum": gxe.ExpectColumnSumToBeBetween,
    "distinct_count": gxe.ExpectColumnUniqueValueCountToBeBetween,
}


def validate(suite: Suite, source: Any, rows: Any) -> Answer:
    """Validates a frame of a data source that was added to an ephemeral context."""
    expectations, missing = [], {}
    for check in suite.checks:
        try:
            made = expectation(check)
        except Inexpressible as why:
            missing[check.id] = str(why)
        else:
            made.meta = {"id": check.id}
            expectations.append(made)
    asset = source.add_dataframe_asset(name="rows")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": rows})
    told = gx.ExpectationSuite(name=suite.name, expectations=expectations)
    result = batch.validate(told, result_format="BASIC")
    found = {}
    for of in result.results:
        assert not of.exception_info.get("raised_exception", False), of.exception_info
        counts = of.result.get("unexpected_count")
        found[of.expectation_config.meta["id"]] = Found(bool(of.success), counts)
    return found, missing


def expectation(check: Check) -> Any:
    match check:
        case NotNull(column=column):
            return gxe.ExpectColumnValuesToNotBeNull(column=column)
        case Between(column=column, least=least, greatest=greatest):
            return gxe.ExpectColumnValuesToBeBetween(column=column, **bounds(least, greatest))
        case InSet(column=column, members=members):
            return gxe.ExpectColumnValuesToBeInSet(column=column, value_set=list(members))
        case NotInSet(column=column, members=members):
            return gxe.ExpectColumnValuesToNotBeInSet(column=column, value_set=list(members))
        case Matches(column=column, pattern=pattern):
            return gxe.ExpectColumnValuesToMatchRegex(column=column, regex=searching(pattern))
        case NotMatches(column=column, pattern=pattern):
            return gxe.ExpectColumnValuesToNotMatchRegex(column=column, regex=searching(pattern))
        case Length(column=column, least=least, greatest=greatest):
            return gxe.ExpectColumnValueLengthsToBeBetween(column=column, **bounds(least, greatest))
        case Aggregate(column=column, of=of, least=least, greatest=greatest):
            return AGGREGATES[of](column=column, **bounds(least, greatest))
        case Pair(left=left, relation=">" | ">=" as relation, right=right):
            return pair(left, right, relation == ">=")
        case Pair(left=left, relation="<" | "<=" as relation, right=right):
            return pair(right, left, relation == "<=")
        case Unique(keys=(key,)):
            return gxe.ExpectColumnValuesToBeUnique(column=key)
        case Unique(keys=keys):
            return gxe.ExpectCompoundColumnsToBeUnique(column_list=list(keys))
        case RowCount(least=least, greatest=greatest):
            return gxe.ExpectTableRowCountToBeBetween(**bounds(least, greatest))
        case InOrders():
            raise Inexpressible("foreign keys are for SQL data sources")
    raise Inexpressible(f"no expectation for {type(check).__name__} on frames")


def pair(greater: str, smaller: str, or_equal: bool) -> Any:
    return gxe.ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=greater,
        column_B=smaller,
        or_equal=or_equal,
        ignore_row_if="either_value_is_missing",
    )


def bounds(least: Value, greatest: Value) -> dict[str, Any]:
    return {"min_value": bound(least), "max_value": bound(greatest)}


def bound(value: Value) -> Any:
    return float(value) if isinstance(value, Decimal) else value


def searching(pattern: str) -> str:
    """The pattern, to be found anywhere: on pandas it is matched from the start of the text."""
    return pattern if pattern.startswith("^") else f".*(?:{pattern})"
