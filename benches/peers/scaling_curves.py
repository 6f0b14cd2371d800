"""karat's time and memory against rows, checks, columns, files and threads."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import data
import environments
import results
import stages
import suites
from checks import Check, Suite
from measure import measure
from results import Results
from roster import KARAT, KARAT_NONE, Job, Karat
from stages import Settings
from suites import SUITES

#: Rounds of each point. Points are interleaved, so that a drift of the machine is in all of them.
ROUNDS = 3

#: Checks whose metrics merge, over all columns: what must need no more memory for more rows.
MERGEABLE: tuple[Check, ...] = suites.PLAIN


@dataclass(frozen=True)
class Point:
    """One place on a curve: karat with some arguments on some data."""

    curve: str
    x: int
    karat: Karat
    suite: Suite
    data: Path


def run(root: Path, scratch: Path, store: Results, settings: Settings) -> None:
    store.begin("curves", results.karat()["digest"])
    made = [point for point in points(root, settings) if results.knows(point.karat.arguments)]
    order = random.Random(data.SEED)
    for folder in dict.fromkeys(point.data for point in made):
        stages.warm(folder)
    for round_ in range(ROUNDS):
        order.shuffle(made)
        for point in made:
            once(point, round_, root, scratch, store, settings)
        store.save()
        print(f"scaling round {round_ + 1} of {ROUNDS}", flush=True)


def points(root: Path, settings: Settings) -> Iterator[Point]:
    quick = settings.quick
    large = settings.scale("scale10")
    parts = data.PARTS[large]
    plain = Suite("plain", "40 checks", "lineitem", MERGEABLE)
    for karat in (KARAT, KARAT_NONE):
        for files in (1, 2) if quick else (1, 6, 15, 30, 60):
            folder = data.lineitem(root, large) if files == parts else data.first_files(root, large, files)
            yield Point("rows", files, karat, plain, folder)
    one = data.lineitem(root, settings.scale("scale1"))
    for number in (1, 10, 40) if quick else (1, 5, 20, 50, 100, 200, 500):
        for karat in (KARAT, KARAT_NONE):
            suite = Suite("checks", "checks", "lineitem", suites.many_checks(number))
            yield Point("checks", number, karat, suite, one)
    for number in (5, 50) if quick else (5, 20, 50, 100, 200, 500):
        for karat in (KARAT, KARAT_NONE):
            suite = Suite("columns", "columns", "wide", suites.wide_checks(number))
            yield Point("columns", number, karat, suite, data.wide(root, number, 100_000))
    for files in (1, 10, 100) if quick else (1, 10, 100, 1_000, 10_000):
        for karat in (KARAT, KARAT_NONE):
            folder = data.many_files(root, settings.scale("scale1"), files)
            yield Point("files", files, karat, plain, folder)
            yield Point("listing", files, karat, LISTING, folder)
    for threads in (1, 2):
        for base in (KARAT, KARAT_NONE):
            arguments = (*base.arguments, "--threads", str(threads))
            karat = Karat(base.name, base.title, arguments)
            yield Point("threads", threads, karat, plain, one)
            yield Point("threads, unique", threads, karat, SUITES["unique"], one)


#: What a folder of files costs before anything is judged: its listing, and every footer.
LISTING = Suite("listing", "row count", "lineitem", (suites.RowCount("table.row_count", 1, 10**9),))


def once(point: Point, round_: int, root: Path, scratch: Path, store: Results, settings: Settings) -> None:
    cell = store.at("curves", point.curve, point.karat.name, str(point.x))
    runs = cell.setdefault("runs", [])
    if len(runs) > round_:
        return
    orders = data.orders(root, settings.scale("scale1"))
    job = Job(point.suite, point.data, orders, scratch / "answer")
    job.answer.unlink(missing_ok=True)
    log = job.answer.with_suffix(".log")
    command = point.karat.command(job)
    measured = measure(command, environments.FOLDER, {}, log, settings.limits)
    if measured.exit != 0:
        raise RuntimeError(f"{point.curve} {point.x}: {measured.stderr}")
    runs.append(asdict(measured))
