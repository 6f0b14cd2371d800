"""Who is measured, how each is called, and where its answer is found."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from checks import Check, NotInSet, Suite
from environments import python
from peers import karat_suite
from peers.program import Answer, Found

#: Every kind of rule on values that a null may fail.
ALL = (Check,)


@dataclass(frozen=True)
class Job:
    """One call of one peer. `answer` is where it writes what it found."""

    suite: Suite
    data: Path
    orders: Path
    answer: Path


@dataclass(frozen=True)
class Peer:
    """A Python peer: a module under `peers/` and the environment that it runs in."""

    name: str
    title: str
    module: str
    environment: str = "main"
    packages: tuple[str, ...] = ()
    #: The kinds of check of which it counts a null as failing.
    nulls_fail: tuple[type[Check], ...] = ()

    def command(self, job: Job) -> list[str]:
        arguments = [job.suite.name, job.data, job.orders, job.answer]
        program = [python(self.environment), "-m", f"peers.{self.module}"]
        return [*map(str, program), *map(str, arguments)]

    def read(self, job: Job) -> Answer:
        told = json.loads(job.answer.read_text())
        return {id: Found(**of) for id, of in told["found"].items()}, told["missing"]


@dataclass(frozen=True)
class Karat:
    """karat, with some arguments. A command that it does not know is no peer (`knows`)."""

    name: str
    title: str
    arguments: tuple[str, ...] = ()
    nulls_fail: tuple[type[Check], ...] = field(default=(), init=False)

    def command(self, job: Job) -> list[str]:
        suite = job.answer.with_suffix(".suite.json")
        karat_suite.write(job.suite, job.data, job.orders, suite)
        output = f"json={job.answer}"
        return [karat(), "check", str(suite), "--format", output, *self.arguments]

    def read(self, job: Job) -> Answer:
        report = json.loads(job.answer.read_text())
        return {check["id"]: found(check) for check in report["suites"][0]["checks"]}, {}


def found(check: dict) -> Found:
    assert check["verdict"] in ("pass", "fail"), check
    counts = check.get("counts") or {}
    return Found(check["verdict"] == "pass", counts.get("failing"))


def karat() -> str:
    """The binary: $KARAT, or what `cargo build --release` has made."""
    return os.environ["KARAT"]


KARAT = Karat("karat", "karat")
KARAT_NONE = Karat("karat-none", "karat --trust none", ("--trust", "none"))
KARAT_FOOTER = Karat("karat-footer", "karat --trust footer", ("--trust", "footer"))
KARAT_1GB = Karat("karat-1gb", "karat --memory 1GB", ("--memory", "1GB"))
POLARS = Peer("polars", "Polars, by hand", "polars_hand", packages=("polars",))
DUCKDB = Peer("duckdb", "DuckDB, by hand", "duckdb_hand", packages=("duckdb",))
FLOOR = Peer("floor", "decode floor (Polars)", "floor", packages=("polars",))
DATAFRAMELY = Peer("dataframely", "dataframely", "dataframely_polars", packages=("dataframely", "polars"))
PANDERA = Peer("pandera", "pandera (Polars)", "pandera_polars", packages=("pandera", "polars"))
CUALLEE = Peer(
    "cuallee",
    "cuallee (Polars)",
    "cuallee_polars",
    packages=("cuallee", "polars"),
    nulls_fail=ALL,
)
POINTBLANK = Peer(
    "pointblank",
    "pointblank (Polars)",
    "pointblank_polars",
    packages=("pointblank", "polars"),
    nulls_fail=(NotInSet,),
)
SODA = Peer("soda", "Soda Core (DuckDB)", "soda", "soda", ("soda-core-duckdb", "duckdb"))
GX_PANDAS = Peer(
    "gx-pandas",
    "Great Expectations (pandas)",
    "gx_pandas",
    packages=("great-expectations", "pandas"),
)
GX_SPARK = Peer(
    "gx-spark",
    "Great Expectations (Spark)",
    "gx_spark",
    "spark",
    ("great-expectations", "pyspark"),
)

HAND: Sequence[Peer | Karat] = (POLARS, DUCKDB, FLOOR)
TOOLS: Sequence[Peer | Karat] = (
    DATAFRAMELY,
    PANDERA,
    CUALLEE,
    SODA,
    POINTBLANK,
    GX_PANDAS,
    GX_SPARK,
)
ALL_PEERS: dict[str, Peer | Karat] = {
    peer.name: peer for peer in (KARAT, KARAT_NONE, KARAT_FOOTER, KARAT_1GB, *HAND, *TOOLS)
}
