"""How many wrong cells of real tables the drafts find that karat makes of their clean twins.

    KARAT=target/release/karat KARAT_CORPORA=../corpora python benches/suggest/measure.py

Needs polars, and pandera and pandas for the peer. Each table is written as Parquet of text, as it would land, under the names
of the clean twin; empty fields are nulls. A draft is made of the clean table and judges the dirty one: a cell is found if its
row fails a check on its column. A cell is wrong where the twins differ.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import polars as pl

TABLES = ["hospital", "beers"]
# More rows than there are: all that fail are listed.
SAMPLES = 1_000_000


def main() -> int:
    karat = os.environ.get("KARAT", "target/debug/karat")
    corpora = Path(os.environ.get("KARAT_CORPORA", "../shared/corpora"))
    print("| table | by | checks | wrong cells | found | marked | precision | recall | columns found |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in TABLES:
        clean, dirty = (read(corpora / "dirty" / name / f"{twin}.csv") for twin in ("clean", "dirty"))
        dirty.columns = clean.columns
        wrong = differences(clean, dirty)
        for by, find in (("karat suggest", by_karat(karat)), ("pandera infer_schema", by_pandera)):
            try:
                checks, marked = find(clean, dirty)
            except ImportError as missing:
                print(f"| {name} | {by} | could not run: {missing} | | | | | | |")
                continue
            row(name, by, checks, wrong, marked)
    return 0


def read(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False)


def differences(clean: pl.DataFrame, dirty: pl.DataFrame) -> set[tuple[int, str]]:
    return {
        (index, name)
        for name in clean.columns
        for index, (left, right) in enumerate(zip(clean[name], dirty[name], strict=True))
        if left != right
    }


def row(name: str, by: str, checks: int, wrong: set, marked: set) -> None:
    found = wrong & marked
    precision = len(found) / len(marked) if marked else 1.0
    columns = {column for _, column in wrong}
    told = {column for _, column in found}
    print(
        f"| {name} | {by} | {checks} | {len(wrong):,} | {len(found):,} | {len(marked):,} "
        f"| {precision:.1%} | {len(found) / len(wrong):.1%} | {len(told)} of {len(columns)} |"
    )


def by_karat(karat: str):
    def find(clean: pl.DataFrame, dirty: pl.DataFrame) -> tuple[int, set[tuple[int, str]]]:
        with tempfile.TemporaryDirectory() as folder:
            clean.write_parquet(f"{folder}/table.parquet")
            run(karat, folder, "suggest", "table.parquet", "--show-personal", "--output", "table.yml")
            dirty.write_parquet(f"{folder}/table.parquet")
            run(karat, folder, "check", "table.yml", "--samples", str(SAMPLES), "--format", "json=report.json", "-q")
            report = json.loads(Path(folder, "report.json").read_text())
        checks = report["suites"][0]["checks"]
        marked = {
            (sample["row"], column)
            for check in checks
            for sample in check["samples"]
            for column in check["columns"]
            if len(check["columns"]) == 1 and sample["row"] is not None
        }
        return len(checks), marked

    return find


def run(karat: str, folder: str, *arguments: str) -> None:
    ran = subprocess.run([os.path.abspath(karat), *arguments], cwd=folder, capture_output=True, text=True)
    # A gate that fails has found something.
    if ran.returncode not in (0, 1):
        sys.exit(f"karat {' '.join(arguments)}: {ran.stderr}")


def by_pandera(clean: pl.DataFrame, dirty: pl.DataFrame) -> tuple[int, set[tuple[int, str]]]:
    import pandas
    import pandera.pandas as pandera

    # Pandera tells ranges of numbers alone: they are read as such where the clean twin is.
    left, right = (pandas.DataFrame(frame.to_dict(as_series=False)) for frame in (clean, dirty))
    for name in left.columns:
        numbers = pandas.to_numeric(left[name], errors="coerce")
        if (numbers.notna() == left[name].notna()).all() and numbers.notna().any():
            left[name] = numbers
            right[name] = pandas.to_numeric(right[name], errors="coerce")
    schema = pandera.infer_schema(left)
    checks = sum(1 + len(column.checks) for column in schema.columns.values())
    try:
        schema.validate(right, lazy=True)
    except pandera.errors.SchemaErrors as failed:
        cells = failed.failure_cases
        cells = cells[cells["index"].notna() & cells["column"].isin(left.columns)]
        return checks, {(int(index), column) for index, column in zip(cells["index"], cells["column"], strict=True)}
    return checks, set()


if __name__ == "__main__":
    sys.exit(main())
