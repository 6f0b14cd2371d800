"""Times karat-spark, statements written by hand, Great Expectations and DQX on lineitem; see run."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from pyspark.sql import SparkSession

REPOSITORY = Path(__file__).resolve().parents[2]
NAMES = {
    "l_orderkey": "order_id",
    "l_partkey": "part_id",
    "l_suppkey": "supplier_id",
    "l_linenumber": "line_number",
    "l_quantity": "quantity",
    "l_extendedprice": "extended_price",
    "l_discount": "discount",
    "l_tax": "tax",
    "l_returnflag": "return_flag",
    "l_linestatus": "line_status",
    "l_shipdate": "ship_date",
    "l_commitdate": "commit_date",
    "l_receiptdate": "receipt_date",
    "l_shipinstruct": "ship_instructions",
    "l_shipmode": "ship_mode",
    "l_comment": "comment",
}
NULLS = "order_id part_id supplier_id line_number quantity extended_price ship_date ship_mode".split()
# The rows that fail each check on rows.
FAILING = [
    "NOT order_id > 0",
    "line_number NOT BETWEEN 1 AND 7",
    "quantity NOT BETWEEN 1 AND 50",
    "extended_price NOT BETWEEN 900 AND 105000",
    "discount NOT BETWEEN 0 AND 0.1",
    "tax NOT BETWEEN 0 AND 0.08",
    "return_flag NOT IN ('A', 'N', 'R')",
    "length(return_flag) <> 1",
    "line_status NOT IN ('F', 'O')",
    "ship_date NOT BETWEEN DATE'1992-01-01' AND DATE'1998-12-31'",
    "ship_instructions NOT IN ('COLLECT COD', 'DELIVER IN PERSON', 'NONE', 'TAKE BACK RETURN')",
    "ship_mode NOT IN ('AIR', 'FOB', 'MAIL', 'RAIL', 'REG AIR', 'SHIP', 'TRUCK')",
    "ship_mode IN ('N/A', 'TBD')",
    "NOT comment RLIKE '^[ -~]+$'",
    "comment RLIKE '<script'",
    "length(comment) NOT BETWEEN 10 AND 43",
    "NOT receipt_date > ship_date",
    "NOT extended_price >= 900 * quantity",
    "NOT (line_status = 'F' OR ship_date > DATE'1995-06-17')",
    "NOT (discount <= 0.1 AND tax <= 0.08)",
]
AGGREGATES = [
    "count(*)",
    "min(extended_price)",
    "max(extended_price)",
    "avg(extended_price)",
    "stddev(extended_price)",
    "sum(quantity)",
    "avg(quantity)",
    "max(ship_date)",
    "percentile(discount, 0.5)",
]


def by_hand(table):
    """What the 40 checks need: one aggregate of the table, and a grouping for each set of values and for the key."""
    scalars = [
        *AGGREGATES,
        *(f"count_if({name} IS NULL)" for name in NULLS),
        *(f"count_if({rows})" for rows in FAILING),
    ]
    return [
        f"SELECT {', '.join(scalars)} FROM {table}",
        f"SELECT count(*) FROM (SELECT ship_mode FROM {table} GROUP BY ship_mode)",
        f"SELECT collect_set(return_flag) FROM {table}",
        f"SELECT count(*) FROM (SELECT line_status FROM {table} GROUP BY line_status)",
        f"SELECT sum(n) FROM (SELECT count(*) AS n FROM {table} GROUP BY order_id, line_number HAVING count(*) > 1)",
    ]


def lineitem(spark, folder):
    """The table of Delta, which is made once."""
    if (folder / "_delta_log").exists():
        return
    with tempfile.TemporaryDirectory(dir=folder.parent) as made:
        program = Path(sys.executable).with_name("tpchgen-cli")
        command = [program, "parquet", "--scale-factor", "1", "--tables=lineitem", f"--output-dir={made}"]
        subprocess.run(command, check=True, capture_output=True)
        rows = spark.read.parquet(*map(str, Path(made).rglob("*.parquet")))
        rows.select([rows[old].alias(new) for old, new in NAMES.items()]).write.format("delta").save(str(folder))


def judged(command):
    """Runs a command, and returns what it printed."""
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if not done.stdout:
        sys.exit(done.stderr)
    return done.stdout


def main():
    home, runs = Path(sys.argv[1]), int(sys.argv[2])
    folder = home / "lineitem-1"
    spark = SparkSession.builder.remote(os.environ["SPARK_REMOTE"]).getOrCreate()
    lineitem(spark, folder)
    table = f"delta.`{folder}`"
    data = ["--engine", "spark", "--data", folder, "--format", "json"]
    check = [os.environ["KARAT_SPARK_BINARY"], "check", "benches/lineitem.yml", *data]

    def by_hand_there():
        begun = time.monotonic()
        for statement in by_hand(table):
            spark.sql(statement).collect()
        return "five statements", time.monotonic() - begun

    def karat():
        begun = time.monotonic()
        printed = judged(check)
        seconds = time.monotonic() - begun
        verdicts = Counter(one["verdict"] for suite in json.loads(printed)["suites"] for one in suite["checks"])
        return f"{verdicts['pass']} of {verdicts.total()} checks pass", seconds

    def peer(name):
        rules, held, seconds = judged([home / name / "bin/python", "benches/spark/peers.py", name, folder]).split()
        return f"{held} of {rules} rules hold", float(seconds)

    ways = {
        "by hand": by_hand_there,
        "karat-spark": karat,
        "Great Expectations 1.24.1": lambda: peer("gx"),
        "DQX 0.17.0": lambda: peer("dqx"),
    }
    found, times = {}, {name: [] for name in ways}
    for run in range(runs + 1):
        for name, way in ways.items():
            found[name], seconds = way()
            # The first run of each warms the server.
            if run > 0:
                times[name].append(seconds)
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    build = os.environ["KARAT_SPARK_PROFILE"]
    print("# 40 checks on lineitem, 6 million rows, in Spark\n")
    print(f"`benches/spark/run {runs}`: Spark {spark.version}, `local[2]`, a table of Delta; runs in turns, seconds;")
    print(f"a {build} build of karat-spark.\n")
    print("| what | found | median | times by hand | all |\n|---|---|--:|--:|---|")
    for name, taken in times.items():
        each = ", ".join(f"{one:.2f}" for one in taken)
        print(f"| {name} | {found[name]} | {medians[name]:.2f} | {medians[name] / medians['by hand']:.2f} | {each} |")
    print("\nThe time of karat-spark has its start and its session in it; the others have not.")


if __name__ == "__main__":
    main()
