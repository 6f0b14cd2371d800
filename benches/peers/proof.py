"""The proof scenario: a healthy Delta table judged by its log, and one with a broken file.

The suite is not-null, range, type and row-count checks on all 16 columns. Of the broken table only
the file that was replaced holds anything that statistics do not clear.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import data
import environments
import evidence
import results
import stages
from measure import measure
from results import Results
from roster import DUCKDB, KARAT, KARAT_NONE, POLARS, Job
from stages import Settings
from suites import SUITES

SUITE = SUITES["statistics"]
#: What is broken in one row of the broken table: a null, and a quantity of 5000.
BROKEN = {"l_partkey.not_null": 1, "l_quantity.between": 1}
#: These read every row, and are there for comparison only.
FULL_ROUNDS = 3


def run(root: Path, scratch: Path, store: Results, settings: Settings) -> None:
    store.begin("proof", results.karat()["digest"])
    scale = settings.scale("scale10")
    orders = data.orders(root, scale)
    healthy, broken = data.delta(root, scale), data.delta_broken(root, scale)
    jobs = {
        "healthy": Job(SUITE, healthy, orders, scratch / "answer"),
        "broken": Job(SUITE, broken, orders, scratch / "answer"),
    }
    for round_ in range(settings.rounds):
        for name, job in jobs.items():
            expected = BROKEN if name == "broken" else {}
            once(job, store.at("proof", name, "karat"), round_, expected, KARAT, settings)
        store.save()
    for peer in stages.known((KARAT_NONE,)):
        for round_ in range(FULL_ROUNDS):
            once(jobs["broken"], store.at("proof", "broken", peer.name), round_, BROKEN, peer, settings)
    plain = Job(SUITE, data.lineitem(root, scale), orders, scratch / "answer")
    for peer in (POLARS, DUCKDB):
        for round_ in range(FULL_ROUNDS):
            once(plain, store.at("proof", "healthy", peer.name), round_, {}, peer, settings)
        store.save()
    store.at("proof")["replaced_bytes"] = replaced(healthy, broken)
    store.save()
    for name in jobs:
        runs = store.at("proof", name, "karat")["runs"]
        print(f"proof {name}: {min(run['wall_seconds'] for run in runs):.3f} s at best", flush=True)


def once(job: Job, cell: dict, round_: int, expected: dict, peer, settings: Settings) -> None:
    """One run, unless this round is over; it must find just what is broken."""
    runs = cell.setdefault("runs", [])
    if len(runs) > round_:
        return
    job.answer.unlink(missing_ok=True)
    log = job.answer.with_suffix(".log")
    measured = measure(peer.command(job), environments.FOLDER, {}, log, settings.limits)
    assert job.answer.exists(), measured.stderr
    measured.exit, measured.stderr = 0, ""
    found = peer.read(job)[0]
    failing = {id: of.failing for id, of in found.items() if not of.passed}
    assert failing == expected, f"{failing} fail, not {expected}"
    if peer in (KARAT, KARAT_NONE):
        cell["report"] = evidence.told(job.answer)
    runs.append(asdict(measured))


def replaced(healthy: Path, broken: Path) -> int:
    """The bytes of the file that only the broken table has."""
    known = {file.name for file in healthy.glob("*.parquet")}
    log = sorted((broken / "_delta_log").glob("*.json"))[-1]
    actions = [json.loads(line) for line in log.read_text().splitlines()]
    added = [action["add"] for action in actions if "add" in action]
    assert len(added) == 1 and added[0]["path"] not in known
    return added[0]["size"]
