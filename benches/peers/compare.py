"""Before any time counts: all peers must say the same of the same faulty rows.

The reference is the DuckDB statement. A peer may count otherwise in ways that are said (nulls as
failures, or no count at all); everything else that differs stops the benchmark.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import data
import environments
import faults
import results
from checks import Check, Suite
from measure import Limits, measure
from peers.duckdb_hand import COUNT_NULLS
from peers.program import Found
from results import Results
from roster import DUCKDB, FLOOR, Job, Karat, Peer
from suites import SUITES

#: Large enough for every fault, small enough for every peer.
SCALE = 0.01
LIMITS = Limits(seconds=900)


class Mismatch(Exception):
    """A peer judged otherwise than the reference."""


def compare(pairs: list[tuple[str, Peer | Karat]], root: Path, scratch: Path, store: Results) -> None:
    """Compares each suite's peers on faulty data, unless that was done with the same programs."""
    tables: dict[str, Path] = {}
    references: dict[str, dict[str, Found]] = {}
    for suite, peer in pairs:
        if peer is FLOOR:
            continue
        done = store.at("comparison", suite)
        before = done.get(peer.name, {})
        if before.get("program") == program(peer) and "error" not in before:
            continue
        tables = tables or faulty_tables(root)
        if suite not in references:
            references[suite] = answer(DUCKDB, suite, tables, scratch)[0]
        print(f"comparing {suite}: {peer.title}", flush=True)
        done[peer.name] = compared(peer, suite, references[suite], tables, scratch)
        store.save()
    failed = [
        f"{suite}, {peer.title}: {why}"
        for suite, peer in pairs
        for why in store.at("comparison", suite).get(peer.name, {}).get("differences", [])
    ]
    if failed:
        raise Mismatch("\n".join(failed))


def faulty_tables(root: Path) -> dict[str, Path]:
    folder = root / "faulty"
    lineitem = faults.faulty(data.lineitem(root, SCALE), folder / "lineitem")
    return {
        "lineitem": lineitem,
        "shuffled": faults.faulty_shuffled(lineitem, folder / "shuffled"),
        "orders": faults.faulty(data.orders(root, SCALE), folder / "orders"),
        "wide": faults.faulty(data.wide(root, 200, 2_000), folder / "wide"),
        "healthy orders": data.orders(root, SCALE),
    }


def answer(
    peer: Peer | Karat, suite: str, tables: dict[str, Path], scratch: Path
) -> tuple[dict[str, Found], dict[str, str]]:
    told = scratch / f"compare-{suite}-{peer.name}.json"
    told.unlink(missing_ok=True)
    of = SUITES[suite]
    job = Job(of, tables[of.table], tables["healthy orders"], told)
    log = scratch / f"compare-{suite}-{peer.name}.log"
    measured = measure(peer.command(job), environments.FOLDER, {COUNT_NULLS: "1"}, log, LIMITS)
    if not told.exists():
        raise RuntimeError(f"{peer.title} on {suite}: {measured.outcome}\n{measured.stderr}")
    return peer.read(job)


def compared(
    peer: Peer | Karat,
    suite: str,
    reference: dict[str, Found],
    tables: dict[str, Path],
    scratch: Path,
) -> dict[str, Any]:
    """What came of one comparison."""
    of = SUITES[suite]
    told: dict[str, Any] = {"program": program(peer), "checks": len(of.checks), "differences": []}
    try:
        found, missing = answer(peer, suite, tables, scratch)
    except RuntimeError as error:
        return {**told, "error": str(error)}
    asked = [check for check in of.checks if check.id not in missing]
    for check in asked:
        why = difference(check, reference[check.id], found.get(check.id), peer)
        if why:
            told["differences"].append(f"{check.id}: {why}")
    return {
        **told,
        "asked": len(asked),
        "counted": sum(found[check.id].failing is not None for check in asked if check.id in found),
        "failing": sum(not reference[check.id].passed for check in asked),
        "missing": missing,
    }


def difference(check: Check, right: Found, found: Found | None, peer: Peer | Karat) -> str | None:
    if found is None:
        return "there is no answer"
    expected = right
    if right.failing is not None and right.nulls and isinstance(check, peer.nulls_fail):
        expected = Found.rows(right.failing + right.nulls)
    if found.passed != expected.passed:
        return f"passed is {found.passed}, not {expected.passed}"
    if None not in (found.failing, expected.failing) and found.failing != expected.failing:
        return f"{found.failing} rows fail, not {expected.failing}"
    return None


def program(peer: Peer | Karat) -> str:
    """What a comparison is good for: these versions of the peer and the reference."""
    if isinstance(peer, Karat):
        return f"karat {results.karat()['digest']} {' '.join(peer.arguments)}".strip()
    versions = environments.versions(peer.environment)
    return ", ".join(f"{name} {versions[name]}" for name in peer.packages)


def errors(suite: Suite, store: Results) -> dict[str, str]:
    """The peers that could not be compared, so that they are not measured either."""
    done = store.at("comparison", suite.name)
    return {name: of["error"] for name, of in done.items() if "error" in of}
