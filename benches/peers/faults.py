"""A copy of generated data with seeded faults, on which every peer must find the same rows."""

from __future__ import annotations

import random
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars

from data import SEED, SHUFFLED_COLUMNS, files_of

#: What stands in some rows of a column instead of its own value, by the column's type.
WRONG: dict[str, list[Any]] = {
    "Int32": [-5, 0, 8, 2_000_000_000],
    "Int64": [-5, 0, 9_000_000_000_000],
    "Decimal": [Decimal("-5.55"), Decimal("0.09"), Decimal("90000000000.01")],
    "Date": [date(1970, 1, 1), date(2030, 6, 15)],
    "String": ["", "?", "lower", "TBD", "N/A", "OTHER 1", "Ünïcödé – text", "<script>", "x" * 60],
}
WRONG_COMMENTS = ["my password is", "http://x.org", "1234567", "a@b.com", "TODO: more", "tab\there"]

#: Nulls a column gets. Of the keys one each, so that no two null keys make a group.
NULLS = 3
KEYS = ("l_orderkey", "l_linenumber", "o_orderkey")

#: Rows that are there twice, which are then no duplicates of each other's faults.
TWICE = 5


def faulty(folder: Path, target: Path) -> Path:
    """Writes the rows of a folder with faults as one file into another folder; the same each time."""
    rows = polars.concat([polars.read_parquet(file) for file in files_of(folder)])
    choose = random.Random(SEED)
    free = list(range(rows.height))
    choose.shuffle(free)
    for name, dtype in rows.schema.items():
        wrong = list(WRONG[str(dtype.base_type())])
        if name == "l_comment":
            wrong += WRONG_COMMENTS
        wrong += [None] * (1 if name in KEYS else NULLS)
        rows = _put(rows, name, {free.pop(): value for value in wrong})
    if "l_receiptdate" in rows.columns:
        rows = _put(rows, "l_receiptdate", {free.pop(): date(1992, 1, 2) for _ in range(4)})
        rows = _put(rows, "l_extendedprice", {free.pop(): Decimal("901.00") for _ in range(40)})
        rows = _put(rows, "l_extendedprice", {free.pop(): Decimal("104999") for _ in range(40)})
    twice = rows[[free.pop() for _ in range(TWICE)]]
    rows = polars.concat([rows, twice])
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    rows.write_parquet(target / "faulty.1.parquet", row_group_size=10_000)
    return target


def faulty_shuffled(folder: Path, target: Path) -> Path:
    """The faulty rows' columns of the shuffled table, in random order."""
    rows = polars.read_parquet(files_of(folder)[0], columns=SHUFFLED_COLUMNS)
    rows = rows.sample(fraction=1, shuffle=True, seed=SEED)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    rows.write_parquet(target / "faulty.1.parquet", row_group_size=10_000)
    return target


def _put(rows: polars.DataFrame, name: str, values: dict[int, Any]) -> polars.DataFrame:
    dtype = rows.schema[name]
    places = polars.Series(list(values), dtype=polars.UInt32)
    new = polars.Series(name, list(values.values()), dtype=dtype, strict=False)
    return rows.with_columns(rows[name].scatter(places, new))
