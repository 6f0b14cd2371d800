#!/usr/bin/env python3
"""Whether Spark judges as karat does.

    engines/spark/compare.py KARAT_SPARK CASES sc://host:port

Judges the demo in all versions of its tables, and the examples of the pages, which `cases::are_written` has written to the
folder CASES, by karat's own engine and by a server of Spark Connect that sees the same files. A check may come to an error
there that says why it is not judged; anything else must be the same: its verdict, its counts and what is observed. Prints
how many checks came to what, and exits with 1 if any differs.
"""

import json
import subprocess
import sys
import tempfile
from collections import Counter
from decimal import Decimal, InvalidOperation
from pathlib import Path

NOW = "2026-01-01T00:00:00Z"
# What is compared of a check.
SAME = ["verdict", "vacuous", "observed", "counts", "details"]
# How an error begins or says that a check is not judged there.
NOT_JUDGED = ["Spark: ", "the snapshot has no commit time"]
# Suites of one process: each has a session of its own there.
AT_ONCE = 40


def main():
    karat, cases, server = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), sys.argv[3]
    with tempfile.TemporaryDirectory() as folder:
        demo = compared(karat, server, *demo_runs(karat, Path(folder)))
        pages = compared(karat, server, *page_runs(cases, Path(folder)))
    for name, found in [("demo", demo), ("pages", pages)]:
        told(name, found)
    return 1 if demo["different"] or pages["different"] else 0


def demo_runs(karat, folder):
    """The suites of the demo, each on every version of its table."""
    subprocess.run([karat, "demo", "demo"], cwd=folder, capture_output=True, check=True)
    versions = Counter()
    for suite in sorted((folder / "demo/suites").rglob("*.yml")):
        log = folder / "demo/lake" / suite.parent.name / suite.stem / "_delta_log"
        for commit in log.glob("*.json"):
            versions[int(commit.stem), str(suite)] = 1
    numbers = sorted({version for version, _ in versions})
    runs = [
        (["--version", str(version)], sorted(suite for of, suite in versions if of == version)) for version in numbers
    ]
    return folder / "demo", runs


def page_runs(cases, folder):
    """The suites of the pages whose data is Parquet or Delta, each with its data named in it."""
    suites = []
    for line in (cases / "cases.tsv").read_text().splitlines():
        suite, data = map(Path, line.split("\t"))
        if cases / "pages" not in suite.parents or data.suffix == ".csv":
            continue
        named = suite.with_name("named.yml")
        text = suite.read_text().replace("suite: page\n", f"suite: 'page {suite.parent.name}'\n", 1)
        named.write_text(f"{text}\ndata: {data}\n")
        suites.append(str(named))
    return folder, [([], suites[at : at + AT_ONCE]) for at in range(0, len(suites), AT_ONCE)]


def compared(karat, server, folder, runs):
    """What the checks of runs come to on both sides."""
    found = {"same": 0, "errors": 0, "refused": Counter(), "unopened": {}, "different": []}
    for arguments, suites in runs:
        here, there = (
            judged(karat, [*suites, *arguments, *engine], folder)
            for engine in ([], ["--engine", "spark", "--spark", server])
        )
        for name, own in here.items():
            other = there.get(name)
            if other is None or other.get("error"):
                found["unopened"][f"{name} {' '.join(arguments)}"] = other and other["error"]
                continue
            for mine, theirs in zip(own["checks"], other["checks"], strict=True):
                add(found, f"{name} {' '.join(arguments)} {mine['id']}", mine, theirs)
    return found


def add(found, name, mine, theirs):
    reason = theirs.get("reason") or ""
    if mine["verdict"] == theirs["verdict"] == "error":
        found["errors"] += 1
    elif theirs["verdict"] == "error" and any(words in reason for words in NOT_JUDGED):
        found["refused"][reason] += 1
    elif all(plain(mine.get(key)) == plain(theirs.get(key)) for key in SAME):
        found["same"] += 1
    else:
        sides = [{key: check.get(key) for key in [*SAME, "reason"]} for check in (mine, theirs)]
        found["different"].append(f"{name}\n  karat {json.dumps(sides[0])}\n  Spark {json.dumps(sides[1])}")


def plain(value):
    """A value whose numbers are the same however they are written."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, (bool, type(None))):
        return value
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return value
    return number.normalize() if number.is_finite() else value


def judged(karat, arguments, folder):
    """The suites of a run, by the file of each."""
    command = [karat, "check", *arguments, "--format", "json", "--now", NOW]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace")
    try:
        suites = json.loads(done.stdout)["suites"]
    except json.JSONDecodeError:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return {suite["path"]: suite for suite in suites}


def told(name, found):
    refused = sum(found["refused"].values())
    print(
        f"{name}: {found['same']} checks the same, {refused} not pushable, {found['errors']} errors on both sides, "
        f"{len(found['unopened'])} suites whose data Spark cannot open, {len(found['different'])} different"
    )
    for reason, checks in found["refused"].most_common():
        print(f"  {checks:4} {reason}")
    for suite, reason in found["unopened"].items():
        print(f"  unopened: {suite}: {reason}")
    for line in found["different"]:
        print(f"  different: {line}")


if __name__ == "__main__":
    sys.exit(main())
