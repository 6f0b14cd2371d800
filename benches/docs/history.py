"""Writes a history of many runs, as `karat check --history` would have kept it: by default 10,000 of 50 datasets.

    PYTHON benches/docs/history.py KARAT FOLDER [--datasets 50] [--runs 200] [--days 200]

PYTHON is one that has deltalake and pyarrow: that of benches/peers is used by `run`. In FOLDER it makes `lake/`, a
Delta table a dataset whose first versions have each another fault, `suites/` with 20 checks each, `karat.yml`, and
`history/`. KARAT really judges each of these versions once. The files that it keeps are then copied, one for each run,
with the run's own id, times, version, rows, failing rows and observed values, and with the past that karat would have
found: faults come and go by chance (of one seed), each for some runs in a row.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
from deltalake import write_deltalake

ROWS = 5_000
LETTERS = {"pass": "p", "warn": "w", "fail": "f", "error": "e", "skip": "s"}
WORDS = {"fail": "failing", "warn": "warning", "error": "not evaluated"}
MOST_VERDICTS = 30

SUITE = """\
suite: {layer}/{name}
layer: {layer}
data: lake/{name}
description: What {name} holds, one row an order.
owner: team-{team}
key: id
columns:
  id: [not_null, unique]
  customer:
    - not_null: {{}}
      fail_if: "> 5 %"
    - between: {{min: 0, max: 100}}
      description: Customers are numbered to 100.
    - non_null_ratio: {{min: 0.95}}
  status:
    - not_null
    - in_set: [O, F, P]
    - distinct_count: {{min: 1, max: 4}}
  amount:
    - not_null
    - between: {{min: 0, max: 1000}}
      warn_if: "> 0"
      fail_if: "> 1 %"
    - mean: {{min: 400, max: 600}}
    - max: {{max: 1000}}
    - stddev: {{min: 1}}
  day:
    - not_null
    - min: {{min: "2025-01-01"}}
  code:
    - matches: '^[A-Z]{{2}}-[0-9]+$'
    - length_between: {{min: 4, max: 8}}
      severity: warning
table:
  - row_count: {{min: 100}}
  - column_count: 6
  - rows: amount < 900 or status <> 'P'
    where: customer is not null
    id: pending_is_small
"""
CHECKS = 20

#: What each version of a table breaks. The first one breaks nothing.
FAULTS = [(), ("status",), ("amount",), ("code",), ("customer",), ("status", "few_amounts"), ("rows",)]


def main():
    arguments = argparse.ArgumentParser(description="Write a history of many runs.")
    arguments.add_argument("karat", type=Path)
    arguments.add_argument("folder", type=Path)
    arguments.add_argument("--datasets", type=int, default=50)
    arguments.add_argument("--runs", type=int, default=200, help="runs of each dataset")
    arguments.add_argument("--days", type=int, default=200, help="the days that they are spread over, up to yesterday")
    arguments = arguments.parse_args()
    karat, folder = arguments.karat.resolve(), arguments.folder
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "suites").mkdir(parents=True)
    (folder / "karat.yml").write_text("{}\n")
    (folder / "history").mkdir()
    chance = random.Random(20261129)
    last = datetime.now(UTC).replace(hour=3, minute=0, second=0, microsecond=0) - timedelta(days=1)
    apart = timedelta(days=arguments.days) / arguments.runs
    for number in range(arguments.datasets):
        name = f"dataset_{number:02}"
        suite = write(folder, name, number, arguments.runs)
        models = [judged(karat, folder, suite, version) for version in range(len(FAULTS))]
        last_record = None
        for run, fault in enumerate(faults(chance, arguments.runs)):
            start = last - apart * (arguments.runs - 1 - run)
            start += timedelta(seconds=40 * number, microseconds=chance.randrange(10**6))
            share = 0.5 + 0.5 * run / arguments.runs
            record, report = copied(models[fault], start, run, share, chance)
            remember(record, report, last_record)
            keep(folder / "history", record, report)
            last_record = record
    print(f"{folder}/history: {arguments.datasets * arguments.runs:,} runs, {CHECKS} checks in each")


def write(folder, name, number, runs):
    """Writes a table that has a version for each fault first, and then one for each run. Returns the suite."""
    table = folder / "lake" / name
    for fault in FAULTS:
        write_deltalake(table, rows(number, fault), mode="overwrite")
    for version in range(len(FAULTS), runs):
        # A commit that says nothing but that there was one. Nobody reads the data of the versions in between.
        when = int(datetime.now(UTC).timestamp() * 1000)
        commit = {"commitInfo": {"timestamp": when, "operation": "OPTIMIZE", "operationParameters": {}}}
        (table / "_delta_log" / f"{version:020}.json").write_text(json.dumps(commit) + "\n")
    write_deltalake(table, rows(number, FAULTS[1]), mode="overwrite")
    layer = ["bronze", "bronze", "silver", "silver", "gold"][number % 5]
    suite = folder / "suites" / f"{name}.yml"
    suite.write_text(SUITE.format(layer=layer, name=name, team="abcdefg"[number % 7]))
    return f"suites/{name}.yml"


def rows(number, fault):
    count = 60 if "rows" in fault else ROWS + number
    bad = [row for row in range(count) if row % 17 == number % 17]
    few = bad[:2]
    columns = {
        "id": list(range(count)),
        "customer": [None if row % 50 == 49 else row % 101 for row in range(count)],
        "status": ["OFP"[row % 3] for row in range(count)],
        "amount": [(row * 7919 % 9000) / 9 / (1.2 if row % 3 == 2 else 1) for row in range(count)],
        "day": [datetime(2025, 1, 1) + timedelta(days=row % 300) for row in range(count)],
        "code": [f"AB-{row % 5000}" if row % 5000 > 9 else f"AB-0{row}" for row in range(count)],
    }
    for row in bad:
        if "status" in fault:
            columns["status"][row] = "X" if row % 2 else "?"
        if "amount" in fault or ("few_amounts" in fault and row in few):
            columns["amount"][row] = -1.0 - row
        if "code" in fault:
            columns["code"][row] = "n/a"
        if "customer" in fault:
            columns["customer"][row] = 999
    types = {"id": pa.int64(), "customer": pa.int64(), "day": pa.date32()}
    return pa.table({name: pa.array(values, types.get(name)) for name, values in columns.items()})


def judged(karat, folder, suite, version):
    """The record and the report of a run that karat did itself."""
    place = folder / "judged"
    shutil.rmtree(place, ignore_errors=True)
    command = [karat, "check", "-q", suite, "--version", str(version), "--history", "judged"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    kept = list(place.glob("*.jsonl"))
    if ran.returncode not in (0, 1) or len(kept) != 1:
        sys.exit(f"{command}: {ran.stdout}{ran.stderr}")
    record, report = (json.loads(line) for line in kept[0].read_text().splitlines())
    checks = record["suites"][0]["checks"]
    if len(checks) != CHECKS or (version > 0) == all(check["verdict"] == "pass" for check in checks):
        sys.exit(f"{suite} at version {version}: {[(check['id'], check['verdict']) for check in checks]}")
    shutil.rmtree(place)
    return json.dumps(record), json.dumps(report)


def faults(chance, runs):
    """The fault of each run: mostly none, and each for some runs in a row."""
    of = [0] * runs
    for _ in range(max(1, runs // 40)):
        start, length = chance.randrange(runs), min(chance.randrange(1, 9), chance.randrange(1, 20))
        of[start : start + length] = [chance.randrange(1, len(FAULTS))] * len(of[start : start + length])
    return of


def copied(model, start, version, share, chance):
    """A copy of a run as of another time, when the table had another version and a share of its rows."""
    record, report = (json.loads(text) for text in model)
    milliseconds = start.strftime("%Y-%m-%dT%H:%M:%S.") + f"{start.microsecond // 1000:03}Z"
    elapsed = chance.randrange(20, 900)
    identity = f"{start:%Y%m%dT%H%M%S}{start.microsecond // 1000:03}Z-{record['id'][-8:]}"
    record |= {"id": identity, "started_at": f"{start:%Y-%m-%dT%H:%M:%S.%f}000Z", "elapsed_ms": elapsed}
    report["run"] |= {"id": identity, "started_at": milliseconds, "elapsed_ms": elapsed}
    [kept], [told] = record["suites"], report["suites"]
    kept["version"], kept["rows"] = version, int(kept["rows"] * share)
    committed = start - timedelta(minutes=chance.randrange(10, 600))
    when = committed.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    told["snapshot"] |= {"version": version, "rows": kept["rows"], "timestamp": when}
    noise = 1 + chance.uniform(-0.03, 0.03)
    for check, of in zip(kept["checks"], told["checks"], strict=True):
        if of["counts"] is not None:
            # A share of the rows keeps its verdict, whatever there are of them.
            check["considered"] = int(check["considered"] * share)
            check["failing"] = check["failing"] and max(1, int(check["failing"] * share * noise))
            percent = 100 * check["failing"] / max(1, check["considered"])
            of["counts"] |= {name: check[name] for name in ["considered", "failing"]}
            of["counts"] |= {"rows": kept["rows"], "failing_percent": percent}
            if check["failing"]:
                rest = of["summary"].partition(")")[2]
                of["summary"] = f"{check['failing']:,} of {check['considered']:,} rows fail ({percent:.2g} %){rest}"
        if isinstance(of["observed"], float) and check["verdict"] == "pass":
            # Never more than it was: shares stay below 1 and greatest values within their bound.
            check["observed"] = of["observed"] = of["observed"] * (1 - abs(1 - noise) / 2)
    return record, report


def remember(record, report, last):
    """Fills in what karat would have said of the run before."""
    [kept], [told] = record["suites"], report["suites"]
    before = {check["id"]: check for check in last["suites"][0]["checks"]} if last else {}
    newly_failing, fixed = [], []
    for check, of in zip(kept["checks"], told["checks"], strict=True):
        known, verdict = before.get(check["id"]), check["verdict"]
        check.pop("since", None)
        if verdict != "pass":
            since = known and known.get("since")
            first = {"started_at": record["started_at"], "version": kept["version"], "runs": 1}
            check["since"] = since | {"runs": since["runs"] + 1} if since else first
        check["verdicts"] = ((known["verdicts"] if known else "") + LETTERS[verdict])[-MOST_VERDICTS:]
        previous = known and known["verdict"]
        if previous == "pass" and verdict != "pass":
            newly_failing.append(check["id"])
        if previous not in (None, "pass") and verdict == "pass":
            fixed.append(check["id"])
        of["past"] = {
            "previous": previous,
            "changed": False,
            "since": check.get("since"),
            "verdicts": check["verdicts"],
            "summary": since_text(verdict, previous, check.get("since")),
        }
    told.pop("past", None)
    if last:
        lists = {"newly failing": newly_failing, "fixed": fixed}
        changes = "; ".join(f"{what}: {', '.join(ids)}" for what, ids in lists.items() if ids)
        told["past"] = {
            "run": last["id"],
            "started_at": last["started_at"][:23] + "Z",
            "version": last["suites"][0]["version"],
            "rows": last["suites"][0]["rows"],
            "newly_failing": newly_failing,
            "fixed": fixed,
            **{what: [] for what in ["new", "stronger", "weaker", "changed", "gone"]},
            "summary": f"since v{last['suites'][0]['version']}: {changes}" if changes else "",
        }


def since_text(verdict, previous, since):
    if verdict not in WORDS:
        return ""
    if since["runs"] > 1:
        return f"{WORDS[verdict]} since v{since['version']}, {since['runs']} runs"
    return "passed in the run before" if previous == "pass" else ""


def keep(history, record, report):
    whole = json.dumps(report, separators=(",", ":"), ensure_ascii=False)
    record["report_bytes"] = len(whole.encode())
    first = json.dumps(record, separators=(",", ":"), ensure_ascii=False)
    (history / f"{record['id']}.jsonl").write_text(f"{first}\n{whole}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
