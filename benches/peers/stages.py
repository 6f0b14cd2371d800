"""What is measured on what: the stages, and the interleaved rounds of each suite."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import compare
import data
import environments
import evidence
import results
from checks import Suite
from measure import Limits, measure
from results import Results
from roster import (
    CUALLEE,
    DATAFRAMELY,
    DUCKDB,
    FLOOR,
    HAND,
    KARAT,
    KARAT_1GB,
    KARAT_NONE,
    PANDERA,
    POLARS,
    TOOLS,
    Job,
    Karat,
    Peer,
)
from suites import SUITES

PEERS = Sequence[Peer | Karat]

BOTH: PEERS = (KARAT, KARAT_NONE)

#: The suites of each stage with their peers. The first stage measures what people use, the others
#: what is near in speed; `tools10` asks once what becomes of the tools with ten times the rows.
STAGES: dict[str, dict[str, PEERS]] = {
    "scale1": {"forty": (*BOTH, *HAND, *TOOLS)},
    "sizes": {
        "eight": (*BOTH, *HAND, *TOOLS),
        "two-hundred": (*BOTH, *HAND, *TOOLS),
        "wide": (*BOTH, *HAND, DATAFRAMELY, PANDERA, CUALLEE),
    },
    "scale10": {"plain": (*BOTH, *HAND)},
    "unique": {
        "unique": (*BOTH, KARAT_1GB, POLARS, DUCKDB),
        "unique-shuffled": (*BOTH, KARAT_1GB, POLARS, DUCKDB),
        "unique-one": (*BOTH, POLARS, DUCKDB),
    },
    "tools10": {"forty": (*BOTH, POLARS, DUCKDB, *TOOLS)},
}

SCALES = {"scale1": 1, "sizes": 1, "scale10": 10, "unique": 10, "tools10": 10}


@dataclass(frozen=True)
class Settings:
    """How long to measure: so many rounds, but of one peer with one suite not longer than so."""

    rounds: int = 15
    least_rounds: int = 3
    #: A peer whose rounds would take longer in all gets fewer, which the report says.
    peer_seconds: float = 400
    quick: bool = False
    limits: Limits = Limits()

    def wanted(self, stage: str, took: list[float], outcome: str) -> int:
        """How many rounds a peer gets, by what its runs took so far."""
        if not took:
            return 1
        if outcome != "done" or stage == "tools10":
            return len(took)
        affordable = int(self.peer_seconds / statistics.median(took))
        return min(self.rounds, max(self.least_rounds, affordable))

    def scale(self, stage: str) -> float:
        return 0.1 if self.quick else SCALES[stage]


def pairs(stages: Sequence[str]) -> list[tuple[str, Peer | Karat]]:
    """Every suite and peer of some stages."""
    found = [
        (suite, peer) for stage in stages for suite, peers in STAGES.get(stage, {}).items() for peer in known(peers)
    ]
    return list(dict.fromkeys(found))


def known(peers: PEERS) -> list[Peer | Karat]:
    """The peers, but for karat with options that this karat does not have."""
    return [peer for peer in peers if not isinstance(peer, Karat) or results.knows(peer.arguments)]


def table(suite: Suite, root: Path, scale: float) -> Path:
    """The data of a suite."""
    match suite.table:
        case "lineitem":
            return data.lineitem(root, scale)
        case "shuffled":
            return data.shuffled(root, scale)
        case "orders":
            return data.orders(root, scale)
    return data.wide(root, 200, int(500_000 * min(scale, 1)))


def run(stage: str, root: Path, scratch: Path, store: Results, settings: Settings) -> None:
    """Measures the suites of a stage, each in interleaved rounds."""
    scale = settings.scale(stage)
    for name, peers in STAGES[stage].items():
        suite = SUITES[name]
        job = Job(suite, table(suite, root, scale), data.orders(root, scale), scratch / "answer")
        cells = store.at("timings", stage, name)
        refused = compare.errors(suite, store)
        compared = store.at("comparison", name)
        allowed = [peer for peer in known(peers) if peer.name not in refused]
        for peer in allowed:
            assert peer is FLOOR or peer.name in compared, f"{name}: {peer.name} is not compared"
        # Runs of other programs are no rounds of these: all of them begin anew together.
        programs = {peer.name: compare.program(peer) for peer in allowed}
        before = {peer: cell["program"] for peer, cell in cells.items() if cell["runs"]}
        if any(programs.get(peer, of) != of for peer, of in before.items()):
            cells.clear()
        for peer, program in programs.items():
            cells.setdefault(peer, {"runs": []})["program"] = program
        warm(job.data)
        interleave(stage, job, allowed, cells, store, settings)


def interleave(stage: str, job: Job, peers: PEERS, cells: dict, store: Results, settings: Settings) -> None:
    """Rounds in which every peer that wants one more runs once, in an order drawn anew."""
    order = random.Random(f"{data.SEED} {stage} {job.suite.name}")
    for round_ in range(settings.rounds):
        due = []
        for peer in peers:
            runs = cells[peer.name]["runs"]
            took = [of["wall_seconds"] for of in runs]
            outcome = runs[-1]["outcome"] if runs else "done"
            if len(runs) <= round_ and len(runs) < settings.wanted(stage, took, outcome):
                due.append(peer)
        order.shuffle(due)
        for peer in due:
            once(job, peer, cells[peer.name], settings)
            store.save()
        if due:
            last = ", ".join(f"{peer.name} {cells[peer.name]['runs'][-1]['wall_seconds']:.2f}" for peer in due)
            print(f"{stage} {job.suite.name} round {round_ + 1}: {last}", flush=True)
        if round_ == 0:
            print(f"  about {remaining(stage, cells, settings):.0f} s more", flush=True)


def remaining(stage: str, cells: dict, settings: Settings) -> float:
    """Seconds that the rounds to come will take, by those that are over."""
    seconds = 0.0
    for cell in cells.values():
        took = [of["wall_seconds"] for of in cell["runs"]]
        if took:
            wanted = settings.wanted(stage, took, cell["runs"][-1]["outcome"])
            seconds += max(0, wanted - len(took)) * statistics.median(took)
    return seconds


def once(job: Job, peer: Peer | Karat, cell: dict, settings: Settings) -> None:
    """One run, which counts only if all that was asked holds."""
    job.answer.unlink(missing_ok=True)
    log = job.answer.with_suffix(".log")
    command = peer.command(job)
    measured = measure(command, environments.FOLDER, {}, log, settings.limits)
    if measured.outcome == "done" and measured.exit != 0:
        measured.outcome = failure(measured.exit, measured.stderr)
    if measured.outcome == "done":
        found, missing = peer.read(job)
        broken = [id for id, of in found.items() if not of.passed or of.failing]
        if broken:
            raise compare.Mismatch(f"{peer.title}: {broken} fail on healthy data")
        cell.update(checks=len(job.suite.checks), asked=len(found), missing=missing)
        if isinstance(peer, Karat):
            cell["report"] = evidence.told(job.answer)
    cell["runs"].append(asdict(measured))


def failure(exit_: int, stderr: str) -> str:
    memory = ("MemoryError", "OutOfMemory", "Out of Memory", "Cannot allocate memory")
    if exit_ == -9 or any(word in stderr for word in memory):
        return "out of memory"
    return f"failed with {exit_}"


def warm(folder: Path) -> None:
    """Reads data once, so that the first round finds it in memory as the others do."""
    start = time.perf_counter()
    for file in folder.rglob("*.parquet"):
        with file.open("rb") as opened:
            while opened.read(1 << 24):
                pass
    print(f"read {folder} in {time.perf_counter() - start:.1f} s", flush=True)
