"""Soda Core 3 on its DuckDB, over a view of the Parquet files, without its telemetry.

It has its own environment, since it pins an old DuckDB. Its duplicates are counted as values that
recur, not rows. Regular expressions must match the whole text. Sets of invalid values are conditions
on failing rows, because two `invalid values` on one column are both judged by the first one's set.
"""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

os.environ["SODA_CORE_TELEMETRY_ENABLED"] = "false"

import duckdb  # noqa: E402
from soda.scan import Scan  # noqa: E402

from checks import (  # noqa: E402
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
)
from peers.program import Answer, Found, Inexpressible, serve  # noqa: E402
from peers.sql_forms import holds  # noqa: E402

AGGREGATES = {"mean": "avg", "distinct_count": "distinct_count"}
NO_COUNT = (Aggregate, RowCount, Unique)


def run(suite: Suite, folder: Path, orders: Path) -> Answer:
    connection = duckdb.connect()
    connection.execute(f"create view t as select * from '{folder}/*.parquet'")
    connection.execute(f"create view orders as select * from '{orders}/*.parquet'")
    forms, missing = [], {}
    for check in suite.checks:
        try:
            forms.append(form(check))
        except Inexpressible as why:
            missing[check.id] = str(why)
    scan = Scan()
    scan.set_data_source_name("duckdb")
    scan.add_duckdb_connection(connection, data_source_name="duckdb")
    # JSON is YAML; samples of failing rows are off.
    scan.add_sodacl_yaml_str(json.dumps({"checks for t": forms}))
    scan.disable_telemetry()
    scan.execute()
    assert not scan.has_error_logs(), scan.get_logs_text()
    results = {check["name"]: check for check in scan.get_scan_results()["checks"]}
    found = {}
    for check in suite.checks:
        if check.id in missing:
            continue
        result = results[check.id]
        assert result["outcome"] in ("pass", "fail"), result
        value = result["diagnostics"].get("value")
        counts = not isinstance(check, NO_COUNT)
        found[check.id] = Found(result["outcome"] == "pass", int(value) if counts else None)
    return found, missing


def form(check: Check) -> Any:
    name = {"name": check.id, "samples limit": 0}
    match check:
        case NotNull(column=column):
            return {f"missing_count({column}) = 0": name}
        case Between(column=column, least=int() as least, greatest=int() as greatest):
            return invalid(name, column, {"valid min": least, "valid max": greatest})
        case InSet(column=column, members=members):
            return invalid(name, column, {"valid values": list(members)})
        case Matches(column=column, pattern=pattern) if re.fullmatch(r"\^.*\$", pattern):
            return invalid(name, column, {"valid regex": pattern})
        case Length(column=column, least=least, greatest=greatest):
            lengths = {"valid min length": least, "valid max length": greatest}
            return invalid(name, column, lengths)
        case Between() | NotInSet() | Matches() | NotMatches() | Pair() | Rows():
            failing = {"fail condition": f"not ({holds(check)})"}
            return {"failed rows": {**name, **failing}}
        case Aggregate(column=column, of=of, least=least, greatest=greatest):
            metric = AGGREGATES.get(of, of)
            if metric == "distinct_count":
                raise Inexpressible("no metric for distinct values")
            return {f"{metric}({column}) between {least} and {greatest}": name}
        case RowCount(least=least, greatest=greatest):
            return {f"row_count between {least} and {greatest}": name}
        case Unique(keys=keys):
            return {f"duplicate_count({', '.join(keys)}) = 0": name}
        case InOrders(column=column):
            return {f"values in ({column}) must exist in orders (o_orderkey)": name}
        case HasType():
            raise Inexpressible("the schema check is one for the whole table")
    raise ValueError(type(check))


def invalid(name: dict[str, Any], column: str, valid: dict[str, Any]) -> Any:
    return {f"invalid_count({column}) = 0": {**name, **valid}}


if __name__ == "__main__":
    serve(run)
