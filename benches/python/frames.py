#!/usr/bin/env python3
"""karat, Great Expectations, pandera and pointblank on the same frames in memory: lineitem of TPC-H at scale 1.

    frames.py [FOLDER]     measures each in a process of its own, and prints a table
    frames.py LIBRARY FRAME FILE

It takes an environment with karat-dq, great_expectations, pandera[polars,pandas], pointblank, polars, pandas, pyarrow, tpchgen-cli. Linux
tells the peak of memory.
"""

from __future__ import annotations

import json
import logging
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

RUNS = 3
NOT_NULL = ["l_orderkey", "l_partkey", "l_quantity", "l_shipdate"]
BETWEEN = {"l_linenumber": (1, 7), "l_quantity": (1, 50), "l_discount": (0, 0.1), "l_extendedprice": (900, 105_000)}
IN_SET = {
    "l_returnflag": ["A", "N", "R"],
    "l_linestatus": ["F", "O"],
    "l_shipmode": ["AIR", "FOB", "MAIL", "RAIL", "REG AIR", "SHIP", "TRUCK"],
}
MATCHES = {"l_comment": "^[ -~]+$"}
KEY = ["l_orderkey", "l_linenumber"]
CHECKS = len(NOT_NULL) + len(BETWEEN) + len(IN_SET) + len(MATCHES) + 1


def by_karat(frame: Any) -> bool:
    import karat

    columns: dict[str, list[Any]] = {}
    for name in NOT_NULL:
        columns.setdefault(name, []).append("not_null")
    for name, (least, most) in BETWEEN.items():
        columns.setdefault(name, []).append({"between": {"min": least, "max": most}})
    for name, values in IN_SET.items():
        columns.setdefault(name, []).append({"in_set": values})
    for name, pattern in MATCHES.items():
        columns.setdefault(name, []).append({"matches": pattern})
    run = karat.check(karat.Suite("lineitem", columns=columns, table=[{"unique": KEY}]), frame)
    assert len(run.checks) == CHECKS
    return run.passed


def by_pandera(frame: Any) -> bool:
    if type(frame).__module__.startswith("polars"):
        import pandera.polars as pa
    else:
        import pandera.pandas as pa
    checks: dict[str, list[Any]] = {}
    for name, (least, most) in BETWEEN.items():
        checks.setdefault(name, []).append(pa.Check.in_range(least, most))
    for name, values in IN_SET.items():
        checks.setdefault(name, []).append(pa.Check.isin(values))
    for name, pattern in MATCHES.items():
        checks.setdefault(name, []).append(pa.Check.str_matches(pattern))
    names = dict.fromkeys([*NOT_NULL, *checks])
    columns = {name: pa.Column(checks=checks.get(name), nullable=name not in NOT_NULL) for name in names}
    pa.DataFrameSchema(columns, unique=KEY).validate(frame, lazy=True)
    return True


def by_pointblank(frame: Any) -> bool:
    import pointblank as pb

    validation = pb.Validate(frame).col_vals_not_null(NOT_NULL).rows_distinct(KEY)
    for name, (least, most) in BETWEEN.items():
        validation = validation.col_vals_between(name, least, most)
    for name, values in IN_SET.items():
        validation = validation.col_vals_in_set(name, values)
    for name, pattern in MATCHES.items():
        validation = validation.col_vals_regex(name, pattern)
    return bool(validation.interrogate().all_passed())


def by_great_expectations(frame: Any) -> bool:
    import great_expectations as gx
    import great_expectations.expectations as gxe

    logging.disable()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("frames").add_dataframe_asset("lineitem")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": frame})
    expectations: list[Any] = [gxe.ExpectColumnValuesToNotBeNull(column=name) for name in NOT_NULL]
    for name, (least, most) in BETWEEN.items():
        expectations.append(gxe.ExpectColumnValuesToBeBetween(column=name, min_value=least, max_value=most))
    for name, values in IN_SET.items():
        expectations.append(gxe.ExpectColumnValuesToBeInSet(column=name, value_set=values))
    for name, pattern in MATCHES.items():
        expectations.append(gxe.ExpectColumnValuesToMatchRegex(column=name, regex=pattern))
    expectations.append(gxe.ExpectCompoundColumnsToBeUnique(column_list=KEY))
    return bool(batch.validate(gx.ExpectationSuite("lineitem", expectations=expectations)).success)


LIBRARIES = {
    "karat": by_karat,
    "pandera": by_pandera,
    "pointblank": by_pointblank,
    "great_expectations": by_great_expectations,
}
FRAMES = {
    "polars": ["karat", "pandera", "pointblank"],
    "pandas": ["karat", "pandera", "pointblank", "great_expectations"],
    "pyarrow": ["karat"],
}


def read(kind: str, file: str) -> Any:
    if kind == "polars":
        import polars

        return polars.read_parquet(file)
    import pyarrow.parquet

    table = pyarrow.parquet.read_table(file)
    return table.to_pandas() if kind == "pandas" else table


def memory(of: str) -> int:
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith(of))


def measure(library: str, kind: str, file: str) -> None:
    frame = read(kind, file)
    before = memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        passed = LIBRARIES[library](frame)
        times.append(time.perf_counter() - start)
        assert passed
    taken = memory("VmHWM") - before
    print(json.dumps({"first": times[0], "median": statistics.median(times), "memory": taken, "frame": before}))


def lineitem(folder: Path) -> Path:
    file = folder / "lineitem.parquet"
    if not file.exists():
        import polars

        program = Path(sys.executable).with_name("tpchgen-cli")
        subprocess.run([program, "parquet", "--scale-factor", "1", "--tables=lineitem", f"--output-dir={folder}"], check=True)
        # Decimals are objects in pandas, and Great Expectations compares none of them with numbers: floats for everyone.
        made = next(path for path in folder.rglob("lineitem*.parquet"))
        rows = polars.read_parquet(made)
        rows.with_columns(polars.selectors.decimal().cast(polars.Float64)).write_parquet(file)
    return file


def main() -> None:
    if len(sys.argv) == 4:
        measure(*sys.argv[1:])
        return
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path.home() / ".cache" / "karat-frames")
    folder.mkdir(parents=True, exist_ok=True)
    file = lineitem(folder)
    print(f"{CHECKS} checks that all hold, {os.cpu_count()} cores; the median of {RUNS}, the first one in brackets\n")
    print("| frame | library | time | memory beyond the frame |\n|---|---|---|---|")
    for kind, libraries in FRAMES.items():
        for library in libraries:
            done = subprocess.run(
                [sys.executable, __file__, library, kind, str(file)], capture_output=True, text=True, check=False
            )
            if done.returncode:
                print(f"| {kind} | {library} | failed: {done.stderr.strip().splitlines()[-1][:100]} | |", flush=True)
                continue
            found = json.loads(done.stdout.strip().splitlines()[-1])
            print(
                f"| {kind} | {library} | {found['median']:.2f} s ({found['first']:.2f} s) | {found['memory'] / 1e6:,.0f} MB |",
                flush=True,
            )


if __name__ == "__main__":
    main()
