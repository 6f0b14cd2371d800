"""benches/RESULTS.md, all of it from `results.json`, and the explanations from `notes.md`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import environments
from figures import Target, Timing, at, targets, timing
from roster import ALL_PEERS, Karat
from suites import SUITES

STAGES = {
    "scale1": "What people use, at scale 1",
    "sizes": "Smaller, larger and wider suites, at scale 1",
    "scale10": "What is near in speed, at scale 10",
    "unique": "Uniqueness, at scale 10",
    "tools10": "What people use, at scale 10, one run each",
}
CURVES = {
    "rows": "Rows, in millions (files of one million each)",
    "checks": "Checks (ranges, on eight columns)",
    "columns": "Columns (one check each, 100,000 rows)",
    "files": "Files (the same rows, 40 checks)",
    "listing": "Files (row count only: the listing and the footers)",
    "threads": "Threads, 40 checks",
    "threads, unique": "Threads, uniqueness of two columns",
}


def text(results: dict[str, Any], plots: Path) -> str:
    """The report; `plots` is the folder beside it that has the plots."""
    parts = [
        head(results),
        "## Targets\n\n" + target_table(targets(results)),
        notes(),
        *(stage(name, results, plots) for name in STAGES if at(results, "timings", name)),
        proof(results),
        curves(results, plots),
        comparison(results),
        versions(results),
    ]
    return "\n\n".join(part.strip() for part in parts if part) + "\n"


def head(results: dict[str, Any]) -> str:
    machine, karat = results.get("machine", {}), results.get("karat", {})
    quick = any(of["quick"] for of in results.get("settings", {}).values())
    warning = "\n\n**A quick run at small scale: the figures mean nothing.**" if quick else ""
    memory = machine.get("memory_bytes", 0) / 2**30
    return f"""# What it costs, beside others

Made by `benches/peers/run` from [results.json](peers/results.json); do not edit. What is compared, and what
is fair about it, is said in [peers/README.md](peers/README.md).{warning}

- **Machine**: {machine.get("processor")}, {machine.get("processors")} processors, {memory:.0f} GiB, Linux {machine.get("kernel")} ({machine.get("system")}), {machine.get("measured")}
- **karat**: {karat.get("version")} at commit {karat.get("commit")}, {int(karat.get("bytes", 0)) / 1e6:.0f} MB
- **Times** are of whole processes, from fork and exec until exit, interpreters and JVMs included. *Median* of the
  rounds, the interquartile range, least and greatest; every round runs each peer once, in an order drawn anew.
- **Memory** is the peak over a process and its children, sampled every 10 ms; *anonymous* is what no file backs (RssAnon).
- **Checks** is how many of the suite's checks the peer has a form for; its time is for those only."""


def target_table(all_targets: Iterable[Target]) -> str:
    rows = []
    for target in all_targets:
        relation = "at most" if target.at_most else "at least"
        found = "–" if target.found is None else f"{number(target.found)} {target.unit}".strip()
        rows.append((target.what, f"{relation} {target.bound:g} {target.unit}".strip(), found, target.verdict))
    return table(("", "target", "found", ""), rows)


def notes() -> str:
    file = environments.FOLDER / "notes.md"
    return file.read_text() if file.exists() else ""


def stage(name: str, results: dict[str, Any], plots: Path) -> str:
    parts = [f"## {STAGES[name]}", rounds(at(results, "settings", name))]
    for suite, cells in at(results, "timings", name).items():
        parts.append(f"### {SUITES[suite].title}")
        proved = at(cells, "karat", "report")
        if proved:
            parts.append(shares(proved))
        parts.append(timings(cells))
        if (plots / f"{name}-{suite}.svg").exists():
            parts.append(f"![{SUITES[suite].title}](plots/{name}-{suite}.svg)")
    return "\n\n".join(parts)


def rounds(settings: dict[str, Any]) -> str:
    limits = settings["limits"]
    return (
        f"Up to {settings['rounds']} rounds; fewer, but {settings['least_rounds']}, for a peer whose rounds would take more "
        f"than {settings['peer_seconds']:g} s in all. A run ends after {limits['seconds']:g} s or at {limits['bytes'] / 1e9:g} GB."
    )


def shares(of: dict[str, Any]) -> str:
    read, left = of.get("bytes_read"), of.get("bytes_not_read")
    amount = f"; {megabytes(read)} MB of data were read" if read is not None else ""
    amount += f" and {megabytes(left)} MB were not" if left is not None else ""
    return (
        f"Statistics judge {of['without_rows']} of {of['checks']} checks without reading rows, and "
        f"{of['proved_percent']:.0f} % of all checks' rows{amount}."
    )


def timings(cells: dict[str, Any]) -> str:
    base = timing(cells.get("karat", {}))
    rows = []
    order = sorted(cells.items(), key=lambda item: (of := timing(item[1])) is None or of.median)
    for name, cell in order:
        of = timing(cell)
        if of is not None:
            rows.append(timing_row(name, cell, of, base))
    header = (
        "",
        "checks",
        "median s",
        "IQR",
        "least – greatest",
        "rounds",
        "CPU s",
        "peak MB",
        "anonymous MB",
        "× karat",
    )
    return table(header, rows, numbers=True)


def timing_row(name: str, cell: dict[str, Any], of: Timing, base: Timing | None) -> tuple[str, ...]:
    title = ALL_PEERS[name].title
    title = f"**{title}**" if isinstance(ALL_PEERS[name], Karat) else title
    asked = "–" if name == "floor" else f"{cell.get('asked', '?')} of {cell.get('checks', '?')}"
    if of.outcome != "done":
        memory = (megabytes(of.rss), megabytes(of.anon))
        return (title, asked, f"{of.outcome} after {of.median:.0f} s", "", "", str(of.runs), "", *memory, "")
    times = f"{of.median / base.median:.2f}" if base and base.outcome == "done" else ""
    return (
        title,
        asked,
        f"{of.median:.3f}",
        f"{of.low:.3f} – {of.high:.3f}",
        f"{of.least:.3f} – {of.greatest:.3f}",
        str(of.runs),
        f"{of.cpu:.2f}",
        megabytes(of.rss),
        megabytes(of.anon),
        times,
    )


def proof(results: dict[str, Any]) -> str:
    scenario = at(results, "proof")
    if not scenario:
        return ""
    rows = []
    for name in ("healthy", "broken"):
        for peer, cell in at(scenario, name).items():
            of, told = timing(cell), cell.get("report", {})
            what = f"{name} table, {ALL_PEERS[peer].title}"
            read = told.get("bytes_read")
            rows.append(
                (
                    what,
                    f"{of.median:.3f}",
                    f"{of.least:.3f} – {of.greatest:.3f}",
                    str(of.runs),
                    megabytes(of.rss),
                    "all it needs" if read is None else f"{read:,}",
                    f"{told['without_rows']} of {told['checks']}" if told else "–",
                )
            )
    return f"""## Proof before scan

{len(SUITES["statistics"].checks)} checks (no null in any column, ranges of numbers, decimals and dates, types, the row count) on a
Delta table of lineitem; then one data file of it is replaced by one with a null and an outlier, of {scenario.get("replaced_bytes", 0):,} bytes.
karat must find nothing in the first and exactly these two in the second, in every round. Polars and DuckDB, by hand,
count the same over the Parquet files that the table was made of.

{table(("", "median s", "least – greatest", "rounds", "peak MB", "bytes read", "checks without rows"), rows, numbers=True)}"""


def curves(results: dict[str, Any], plots: Path) -> str:
    if not at(results, "curves"):
        return ""
    parts = ["## Scaling", "karat alone, at scale 1 where rows do not vary; medians of whole processes."]
    for name, title in CURVES.items():
        of_peers = at(results, "curves", name)
        if not of_peers:
            continue
        xs = sorted({int(x) for points in of_peers.values() for x in points})
        header = ["", *(f"{ALL_PEERS[peer].title}: {what}" for peer in of_peers for what in ("s", "anonymous MB"))]
        rows = []
        for x in xs:
            row = [f"{x:,}"]
            for points in of_peers.values():
                of = timing(points.get(str(x), {}))
                row += [f"{of.median:.3f}", megabytes(of.anon)] if of else ["", ""]
            rows.append(tuple(row))
        parts += [f"### {title}", table(tuple(header), rows, numbers=True)]
        file = f"curve-{name.replace(', ', '-')}.svg"
        if (plots / file).exists():
            parts.append(f"![{title}](plots/{file})")
    return "\n\n".join(parts)


def comparison(results: dict[str, Any]) -> str:
    compared = at(results, "comparison")
    if not compared:
        return ""
    rows, missing = [], []
    for suite, peers in compared.items():
        for peer, of in peers.items():
            title = ALL_PEERS[peer].title
            if "error" in of:
                last = of["error"].strip().splitlines()[-1][:200].replace("|", "\\|")
                rows.append((SUITES[suite].title, title, "could not run", "", f"`{last}`"))
                continue
            answer = "differs" if of["differences"] else "same"
            asked = f"{of['asked']} of {of['checks']}"
            rows.append((SUITES[suite].title, title, asked, f"{of['failing']}, {of['counted']} counted", answer))
            if of["missing"]:
                missing.append(f"- **{title}**, {SUITES[suite].title}: {reasons(of['missing'])}")
    return f"""## The same answers

Before any time counts, all peers judge {SUITES["forty"].table} with seeded faults: nulls, values out of range, wrong texts, orphans,
duplicates. Verdicts, and failing rows where a peer counts them, are compared with DuckDB's; a difference stops the run.
In the timed runs every check that is asked must hold.

{table(("suite", "peer", "checks asked", "of them failing", "answer"), rows)}

What has no form:

{chr(10).join(missing)}"""


def reasons(missing: dict[str, str]) -> str:
    by_reason: dict[str, list[str]] = {}
    for id, why in missing.items():
        by_reason.setdefault(why, []).append(id)
    told = []
    for why, ids in by_reason.items():
        some = ", ".join(f"`{id}`" for id in ids[:4])
        more = f" and {len(ids) - 4} more" if len(ids) > 4 else ""
        told.append(f"{why} ({some}{more})")
    return "; ".join(told)


def versions(results: dict[str, Any]) -> str:
    of = results.get("versions", {})
    rows = [
        (peer.title, ", ".join(f"{name} {of.get(peer.environment, {}).get(name, '?')}" for name in peer.packages))
        for peer in ALL_PEERS.values()
        if not isinstance(peer, Karat)
    ]
    python = results.get("machine", {}).get("python", "?")
    return f"## Versions\n\nPython {python}; all packages in [peers/requirements](peers/requirements).\n\n{table(('', ''), rows)}"


def table(header: tuple[str, ...], rows: list[tuple[str, ...]], numbers: bool = False) -> str:
    right = ["---"] + ["--:" if numbers else "---"] * (len(header) - 1)
    lines = [header, tuple(right), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def megabytes(of: float | None) -> str:
    return "?" if of is None else f"{of / 1e6:,.0f}"


def number(of: float) -> str:
    return f"{of:,.0f}" if of >= 1000 or of == 0 else f"{of:.2f}" if of >= 0.1 else f"{of:.4f}"
