"""The Data Docs of Great Expectations: 200 runs of a suite of 20 expectations over a small table, built and measured.

    PYTHON benches/docs/gx_docs.py FOLDER [--runs 200]

PYTHON is one that has Great Expectations and pandas: that of benches/peers is used by `run`. Faults come and go, as in
`history.py`. Every run is kept in the project in FOLDER first, without docs. Then `build_data_docs()` is timed, which
writes all pages anew, and one more run with the action `UpdateDataDocsAction` beside one without. Prints JSON.
"""

import argparse
import json
import os
import shutil
import time
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations as gx
import pandas as pd
from great_expectations import expectations as gxe
from great_expectations.checkpoint import UpdateDataDocsAction
from great_expectations.core.run_identifier import RunIdentifier

ROWS = 1_000
ROUNDS = 3
FIRST = datetime(2026, 1, 1)


def main():
    arguments = argparse.ArgumentParser(description="Build Data Docs, and time it.")
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--runs", type=int, default=200)
    arguments = arguments.parse_args()
    shutil.rmtree(arguments.folder, ignore_errors=True)
    arguments.folder.mkdir(parents=True)
    context, checkpoint = project(arguments.folder)
    keeps = [timed(judge, checkpoint, number) for number in range(arguments.runs)]
    # A run of a checkpoint without actions has written no page.
    site = arguments.folder / "gx/uncommitted/data_docs/local_site"
    build = timed(context.build_data_docs)
    files, total = size(site)
    adds = []
    for number in range(arguments.runs, arguments.runs + 2 * ROUNDS, 2):
        alone = timed(judge, checkpoint, number)
        checkpoint.actions = [UpdateDataDocsAction(name="docs")]
        checkpoint.save()
        before = stamps(site)
        adds.append(timed(judge, checkpoint, number + 1) - alone)
        after = stamps(site)
        checkpoint.actions = []
        checkpoint.save()
    again = sum(file in before and before[file] != stamp for file, stamp in after.items())
    measured = {
        "version": gx.__version__,
        "runs": arguments.runs,
        "run_seconds": median(keeps),
        "build_seconds": build,
        "files": files,
        "bytes": total,
        "add_seconds": median(adds),
        "add_again": again,
        "add_new": len(after.keys() - before.keys()),
        "start": str(site / "index.html"),
        "start_bytes": (site / "index.html").stat().st_size,
    }
    print(json.dumps(measured))


def project(folder):
    context = gx.get_context(mode="file", project_root_dir=folder)
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("lake").add_dataframe_asset("orders")
    batch = asset.add_batch_definition_whole_dataframe("all")
    suite = context.suites.add(gx.ExpectationSuite(name="orders", expectations=expectations()))
    validation = gx.ValidationDefinition(name="orders", data=batch, suite=suite)
    validation = context.validation_definitions.add(validation)
    checkpoint = gx.Checkpoint(name="orders", validation_definitions=[validation], result_format="SUMMARY")
    return context, context.checkpoints.add(checkpoint)


def expectations():
    columns = ["id", "customer", "status", "amount", "day", "code"]
    made = [
        *(gxe.ExpectColumnValuesToNotBeNull(column=name) for name in columns),
        *(gxe.ExpectColumnToExist(column=name) for name in columns[:3]),
        gxe.ExpectColumnValuesToBeUnique(column="id"),
        gxe.ExpectColumnValuesToBeInSet(column="status", value_set=["O", "F", "P"]),
        gxe.ExpectColumnValuesToBeBetween(column="amount", min_value=0, max_value=1_000),
        gxe.ExpectColumnValuesToBeBetween(column="customer", min_value=0, max_value=100),
        gxe.ExpectColumnValuesToMatchRegex(column="code", regex="^[A-Z]{2}-[0-9]+$"),
        gxe.ExpectColumnValueLengthsToBeBetween(column="code", min_value=4, max_value=8),
        gxe.ExpectColumnMeanToBeBetween(column="amount", min_value=300, max_value=700),
        gxe.ExpectColumnMaxToBeBetween(column="amount", max_value=1_000),
        gxe.ExpectColumnUniqueValueCountToBeBetween(column="status", min_value=1, max_value=3),
        gxe.ExpectTableRowCountToBeBetween(min_value=500),
        gxe.ExpectTableColumnCountToEqual(value=6),
    ]
    assert len(made) == 20, len(made)
    return made


def table(number):
    """The table of a run: a third of the runs have a fault, for ten runs in a row."""
    rows = pd.DataFrame({"id": range(ROWS)})
    rows["customer"] = rows.id % 101
    rows["status"] = rows.id.map(lambda of: "OFP"[of % 3])
    rows["amount"] = (rows.id * 7919 % 100_000) / 100
    rows["day"] = (FIRST + pd.to_timedelta(rows.id % 300, unit="D")).astype(str)
    rows["code"] = "AB-" + (rows.id % 5000).astype(str)
    bad = rows.id % 83 == number % 83
    match number // 10 % 9:
        case 2:
            rows.loc[bad, "status"] = "X"
        case 5:
            rows.loc[bad, "amount"] = -1.0
        case 8:
            rows.loc[bad, "code"] = "?"
            rows.loc[bad, "customer"] = 999
    return rows


def judge(checkpoint, number):
    when = RunIdentifier(run_name=f"nightly {number}", run_time=FIRST + timedelta(days=number))
    checkpoint.run(batch_parameters={"dataframe": table(number)}, run_id=when)


def timed(work, *given):
    start = time.perf_counter()
    work(*given)
    return time.perf_counter() - start


def pages(site):
    return [file for file in site.rglob("*") if file.is_file()]


def size(site):
    return len(pages(site)), sum(file.stat().st_size for file in pages(site))


def stamps(site):
    return {file: (file.stat().st_ino, file.stat().st_mtime_ns) for file in pages(site)}


if __name__ == "__main__":
    main()
