"""Measures the stages that are asked for, and writes the report. Called by `run` and `scaling`."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import asdict
from pathlib import Path

import compare
import environments
import plots
import proof
import report
import results
import scaling_curves
import stages
from results import Results
from stages import Settings

#: The stages, and their minutes on two cores, where data and environments are there already.
MINUTES = {
    "compare": 3,
    "scale1": 19,
    "sizes": 30,
    "scale10": 9,
    "unique": 13,
    "tools10": 12,
    "proof": 1,
    "scaling": 7,
}
ALL = tuple(MINUTES)


def main() -> None:
    # Whoever ends this ends what it measures.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    arguments = parse()
    os.environ["KARAT"] = os.environ.get("KARAT") or built()
    asked = arguments.stages.split(",")
    unknown = set(asked) - {*ALL, "report"}
    if unknown:
        sys.exit(f"no such stage: {', '.join(sorted(unknown))}; there are {', '.join(ALL)}, report")
    root = arguments.data.resolve()
    scratch = root / "scratch"
    # A quick run never touches the results that are published.
    here = root / "quick" if arguments.quick else environments.FOLDER
    published = here if arguments.quick else here.parent
    arguments.results = arguments.results or here / "results.json"
    arguments.report = arguments.report or published / "RESULTS.md"
    arguments.results.parent.mkdir(parents=True, exist_ok=True)
    scratch.mkdir(parents=True, exist_ok=True)
    store = Results(arguments.results)
    for stage in arguments.fresh.split(",") if arguments.fresh else ():
        forget(stage, store)
    settings = Settings(arguments.rounds, arguments.least_rounds, arguments.peer_seconds)
    if arguments.quick:
        settings = Settings(3, 3, quick=True)
    if asked != ["report"]:
        lacking(arguments.quick)
        store.describe()
    estimate = ", ".join(f"{stage} {MINUTES[stage]} min" for stage in asked if stage in MINUTES)
    print(f"about: {estimate} on two quiet cores", flush=True)
    measured = [stage for stage in asked if stage in stages.STAGES]
    for stage in asked:
        start = time.perf_counter()
        if stage in MINUTES:
            store.at("settings")[stage] = asdict(settings)
        if stage == "compare":
            chosen = measured or list(stages.STAGES)
            compare.compare(stages.pairs(chosen), root, scratch, store)
        elif stage in stages.STAGES:
            compare.compare(stages.pairs([stage]), root, scratch, store)
            stages.run(stage, root, scratch, store, settings)
        elif stage == "proof":
            proof.run(root, scratch, store, settings)
        elif stage == "scaling":
            scaling_curves.run(root, scratch, store, settings)
        print(f"{stage}: {time.perf_counter() - start:.0f} s", flush=True)
    store.save()
    arguments.report.parent.mkdir(parents=True, exist_ok=True)
    drawn = arguments.report.parent / "plots"
    plots.write(store.all, drawn)
    arguments.report.write_text(report.text(store.all, drawn))
    print(f"wrote {arguments.report}", flush=True)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benches/peers/run", description=__doc__)
    parser.add_argument("--stages", default=",".join(ALL), help="which of %(default)s to measure; `report` writes only")
    parser.add_argument("--quick", action="store_true", help="scale 0.1, 3 rounds: does it run?")
    parser.add_argument("--rounds", type=int, default=Settings.rounds)
    parser.add_argument("--least-rounds", type=int, default=Settings.least_rounds)
    parser.add_argument(
        "--peer-seconds",
        type=float,
        default=Settings.peer_seconds,
        help="a peer gets fewer rounds of a suite where they would take longer in all (%(default)s)",
    )
    default = Path.home() / ".cache" / "karat-peers" / "data"
    folder = Path(os.environ.get("PEERS_DATA", default))
    parser.add_argument("--data", type=Path, default=folder, help="where data is kept (%(default)s)")
    parser.add_argument("--results", type=Path, help="(beside this, or in the data folder if quick)")
    parser.add_argument("--report", type=Path)
    parser.add_argument("--fresh", help="stages whose results are forgotten first")
    return parser.parse_args()


def lacking(quick: bool) -> None:
    """Says which options this karat does not have; a run that counts needs them all."""
    options = ("--trust", "--memory", "--threads")
    missing = ", ".join(option for option in options if not results.knows((option,)))
    if missing and not quick:
        sys.exit(f"this karat does not know {missing}: only a --quick run can do without")
    if missing:
        print(f"left out is what needs {missing}, which this karat does not know", flush=True)


def forget(stage: str, store: Results) -> None:
    """Removes what a stage has measured."""
    places = {"compare": "comparison", "proof": "proof", "scaling": "curves"}
    if stage in places:
        store.all.pop(places[stage], None)
    else:
        store.at("timings").pop(stage, None)


def built() -> str:
    """The release binary of this checkout, built now."""
    checkout = environments.FOLDER.parent.parent
    cargo = shutil.which("cargo") or sys.exit("set $KARAT to a binary, or install cargo")
    subprocess.run([cargo, "build", "--release"], cwd=checkout, check=True)
    target = Path(os.environ.get("CARGO_TARGET_DIR", checkout / "target"))
    return str(target / "release" / "karat")


if __name__ == "__main__":
    main()
