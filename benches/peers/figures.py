"""Numbers of `results.json`: medians, spreads, ratios, and the issue's targets."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import Any

#: How much more memory sixty million rows may take than six to count as flat.
FLAT = 1.25
GB = 1e9


@dataclass(frozen=True)
class Timing:
    """What the runs of one peer with one suite came to; seconds and bytes."""

    runs: int
    median: float
    low: float
    high: float
    least: float
    greatest: float
    cpu: float
    rss: float
    anon: float
    outcome: str


def timing(cell: dict[str, Any]) -> Timing | None:
    """Of the runs that ended as they should, or of the last one where none did."""
    runs = cell.get("runs", [])
    done = [run for run in runs if run["outcome"] == "done"] or runs[-1:]
    if not done:
        return None
    walls = sorted(run["wall_seconds"] for run in done)
    low, _, high = statistics.quantiles(walls, n=4, method="inclusive") if len(walls) > 1 else walls * 3
    return Timing(
        runs=len(done),
        median=statistics.median(walls),
        low=low,
        high=high,
        least=walls[0],
        greatest=walls[-1],
        cpu=statistics.median(run["cpu_seconds"] for run in done),
        rss=max(run["rss_bytes"] for run in done),
        anon=max(run["anon_bytes"] for run in done),
        outcome=runs[-1]["outcome"],
    )


def at(results: dict[str, Any], *path: str) -> dict[str, Any]:
    for name in path:
        results = results.get(name, {})
    return results


def median(results: dict[str, Any], *path: str) -> float | None:
    """Seconds, of runs that ended as they should."""
    found = timing(at(results, *path))
    return found.median if found and found.outcome == "done" else None


def ratio(upper: float | None, lower: float | None) -> float | None:
    return None if upper is None or lower is None else upper / lower


@dataclass(frozen=True)
class Target:
    """A target of the issue: a figure that must be at most, or at least, a bound."""

    what: str
    found: float | None
    bound: float
    at_most: bool = True
    unit: str = "×"

    @property
    def met(self) -> bool | None:
        if self.found is None:
            return None
        return self.found <= self.bound if self.at_most else self.found >= self.bound

    @property
    def verdict(self) -> str:
        match self.met:
            case None:
                return "not measured"
            case True:
                return "met"
        if not self.bound:
            return f"missed by {self.found:.3g} {self.unit}"
        off = abs(self.found / self.bound - 1) * 100  # type: ignore[operator]
        return f"**missed by {off:.0f} %**"


def targets(results: dict[str, Any]) -> list[Target]:
    return [
        *_plain(results),
        *_proof(results),
        *_unique(results),
        *_tools(results),
        *_scaling(results),
    ]


def _plain(results: dict[str, Any]) -> list[Target]:
    def of(peer: str) -> float | None:
        return median(results, "timings", "scale10", "plain", peer)

    what = "40 checks without grouping, scale 10: "
    return [
        Target(f"{what}karat / Polars by hand", ratio(of("karat"), of("polars")), 0.7),
        Target(f"{what}karat / DuckDB by hand", ratio(of("karat"), of("duckdb")), 0.4),
        Target(f"{what}karat --trust none / Polars", ratio(of("karat-none"), of("polars")), 1.1),
        Target(f"{what}karat --trust none / DuckDB", ratio(of("karat-none"), of("duckdb")), 0.7),
    ]


def _proof(results: dict[str, Any]) -> list[Target]:
    healthy, broken = (at(results, "proof", name, "karat") for name in ("healthy", "broken"))
    read = [cell.get("report", {}).get("bytes_read") for cell in (healthy, broken)]
    file = at(results, "proof").get("replaced_bytes")
    what = "Statistics suite on Delta of 60 million rows: "
    return [
        Target(f"{what}bytes read of the healthy table", read[0], 0, unit="bytes"),
        Target(f"{what}whole process, healthy", median(healthy), 0.2, unit="s"),
        Target(
            f"{what}bytes read of the broken table / the broken file's",
            ratio(read[1], file),
            1.0,
        ),
    ]


def _unique(results: dict[str, Any]) -> list[Target]:
    found = []
    suites = {"unique": ("clustered", 0.7), "unique-shuffled": ("shuffled", 1.2)}
    for suite, (rows, bound) in suites.items():
        cells = at(results, "timings", "unique", suite)
        what = f"Uniqueness of two columns, scale 10, {rows}: "
        times = ratio(median(cells, "karat"), median(cells, "duckdb"))
        memory = timing(at(cells, "karat"))
        small = timing(at(cells, "karat-1gb"))
        found += [
            Target(f"{what}karat / DuckDB by hand", times, bound),
            Target(f"{what}peak memory (RSS)", memory and memory.rss / GB, 4, unit="GB"),
            Target(
                f"{what}rounds with --memory 1GB that did not finish and hold",
                small and float(small.outcome != "done"),
                0,
                unit="",
            ),
        ]
    return found


def _tools(results: dict[str, Any]) -> list[Target]:
    cells = at(results, "timings", "scale1", "forty")
    bounds = {
        "gx-pandas": ("Great Expectations on pandas", 30),
        "gx-spark": ("Great Expectations on Spark", 20),
        "pointblank": ("pointblank", 6),
        "cuallee": ("cuallee", 2),
        "pandera": ("pandera", 2),
    }
    karat = median(cells, "karat")
    return [
        Target(f"40 checks, scale 1: {title} / karat", ratio(median(cells, peer), karat), bound, False)
        for peer, (title, bound) in bounds.items()
    ]


def _scaling(results: dict[str, Any]) -> list[Target]:
    found = []
    for peer in ("karat", "karat-none"):
        many = median(results, "timings", "sizes", "two-hundred", peer)
        few = median(results, "timings", "scale1", "forty", peer)
        found.append(Target(f"200 checks / 40 checks, scale 1, {peer}", ratio(many, few), 3))
    for peer in ("karat", "karat-none"):
        small, large = (median(results, "curves", "files", peer, str(x)) for x in (10_000, 10))
        listing = median(results, "curves", "listing", peer, "10000")
        rest = small - listing if small and listing else None
        found.append(Target(f"10,000 files less their listing / 10 files, {peer}", ratio(rest, large), 2))
    for peer in ("karat", "karat-none"):
        low, high = (timing(at(results, "curves", "rows", peer, str(x))) for x in (6, 60))
        flat = ratio(high and high.anon, low and low.anon)
        found.append(Target(f"RssAnon at 60 / at 6 million rows, {peer} (flat: at most {FLAT})", flat, FLAT))
    return found
