"""The data that is measured: generated once, kept in one folder, the same for every peer.

Every function is a no-op where its data is already there, so that a run may be repeated or go on
where another one stopped. A folder appears under its name only when it is whole.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

#: How many files a table of lineitem or orders has, by scale factor.
PARTS = {0.01: 1, 0.1: 2, 1: 6, 10: 60}

#: The columns of the shuffled copy: the key, and two that ride along.
SHUFFLED_COLUMNS = ["l_orderkey", "l_linenumber", "l_partkey", "l_shipdate"]

SEED = 20261121


def scale_name(scale: float) -> str:
    return f"scale-{scale:g}"


def lineitem(root: Path, scale: float) -> Path:
    """Folder of Parquet files of lineitem, 6 million rows and 16 columns per unit of scale."""
    return _tpch(root, scale) / "lineitem"


def orders(root: Path, scale: float) -> Path:
    """Folder of Parquet files of orders, 1.5 million rows and 9 columns per unit of scale."""
    return _tpch(root, scale) / "orders"


def _tpch(root: Path, scale: float) -> Path:
    def generate(folder: Path) -> None:
        program = Path(sys.executable).parent / "tpchgen-cli"
        command = [program, "parquet", "--scale-factor", f"{scale:g}", "--tables=lineitem,orders"]
        parts = PARTS[scale]
        subprocess.run([*command, f"--parts={parts}", "--output-dir", folder, "--quiet"], check=True)

    return _once(root / scale_name(scale), generate)


def shuffled(root: Path, scale: float) -> Path:
    """lineitem's key and two other columns, in random order, in as many files."""

    def generate(folder: Path) -> None:
        import polars

        source = lineitem(root, scale) / "*.parquet"
        rows = polars.scan_parquet(source).select(SHUFFLED_COLUMNS).collect()
        rows = rows.sample(fraction=1, shuffle=True, seed=SEED)
        parts = PARTS[scale]
        size = -(-rows.height // parts)
        for part in range(parts):
            piece = rows.slice(part * size, size)
            piece.write_parquet(folder / f"lineitem.{part + 1}.parquet", compression="snappy")

    return _once(root / f"lineitem-{scale:g}-shuffled", generate)


def delta(root: Path, scale: float) -> Path:
    """lineitem as a Delta table, written by delta-rs file by file with its statistics."""

    def generate(folder: Path) -> None:
        import deltalake
        import polars

        for file in files_of(lineitem(root, scale)):
            rows = polars.read_parquet(file).to_arrow()
            deltalake.write_deltalake(folder, rows, mode="append", target_file_size=1 << 40)
        deltalake.DeltaTable(folder).create_checkpoint()

    return _once(root / f"lineitem-{scale:g}-delta", generate)


def delta_broken(root: Path, scale: float) -> Path:
    """The Delta table with one file, in the middle, replaced by one with a null and an outlier."""

    def generate(folder: Path) -> None:
        import deltalake
        import polars

        shutil.copytree(delta(root, scale), folder, copy_function=os.link, dirs_exist_ok=True)
        files = files_of(lineitem(root, scale))
        rows = polars.read_parquet(files[len(files) // 2])
        first, last = rows["l_orderkey"].min(), rows["l_orderkey"].max()
        middle = rows.height // 2
        position = polars.int_range(polars.len())
        quantity = rows.schema["l_quantity"]
        broken = rows.with_columns(
            l_partkey=polars.when(position != middle).then("l_partkey"),
            l_quantity=polars.when(position == middle).then(polars.lit(5000).cast(quantity)).otherwise("l_quantity"),
        )
        deltalake.DeltaTable(folder).delete(f"l_orderkey >= {first} and l_orderkey <= {last}")
        deltalake.write_deltalake(folder, broken.to_arrow(), mode="append", target_file_size=1 << 40)

    return _once(root / f"lineitem-{scale:g}-delta-broken", generate)


def wide(root: Path, columns: int, rows: int) -> Path:
    """A table of many columns: in turn whole numbers, decimals, texts of a set, dates."""

    def generate(folder: Path) -> None:
        import numpy
        import polars

        random = numpy.random.default_rng(SEED)
        words = numpy.array(["AIR", "FOB", "MAIL", "RAIL", "REG AIR", "SHIP", "TRUCK"])
        made: dict[str, polars.Series] = {}
        for number in range(columns):
            name = wide_column(number)
            draw = random.integers(0, 10_000, rows)
            match number % 4:
                case 0:
                    made[name] = polars.Series(draw)
                case 1:
                    made[name] = polars.Series(draw).cast(polars.Decimal(15, 2))
                case 2:
                    made[name] = polars.Series(words[draw % len(words)])
                case _:
                    days = polars.Series(draw % 2500).cast(polars.Int32)
                    made[name] = (days + _days(date(1992, 1, 1))).cast(polars.Date)
        polars.DataFrame(made).write_parquet(folder / "wide.1.parquet", compression="snappy", row_group_size=100_000)

    return _once(root / f"wide-{columns}x{rows}", generate)


def wide_column(number: int) -> str:
    """The name of a column of a wide table, which says what it holds."""
    return f"{('number', 'amount', 'mode', 'day')[number % 4]}_{number:03}"


def many_files(root: Path, scale: float, files: int) -> Path:
    """The rows of lineitem, in their order, in so many files of equal size."""

    def generate(folder: Path) -> None:
        import polars

        rows = polars.scan_parquet(lineitem(root, scale) / "*.parquet").collect()
        size = -(-rows.height // files)
        for number, offset in enumerate(range(0, rows.height, size)):
            piece = rows.slice(offset, size)
            piece.write_parquet(folder / f"lineitem.{number:05}.parquet", compression="snappy")

    return _once(root / f"lineitem-{scale:g}-in-{files}", generate)


def first_files(root: Path, scale: float, files: int) -> Path:
    """The first files of lineitem, as links: a smaller table of the same make."""

    def generate(folder: Path) -> None:
        for file in files_of(lineitem(root, scale))[:files]:
            os.link(file, folder / file.name)

    return _once(root / f"lineitem-{scale:g}-first-{files}", generate)


def files_of(folder: Path) -> list[Path]:
    """The Parquet files of a folder, by their part's number."""
    return sorted(folder.glob("*.parquet"), key=lambda file: int(file.name.split(".")[1]))


def _days(day: date) -> int:
    return (day - date(1970, 1, 1)) // timedelta(days=1)


def _once(folder: Path, generate: Callable[[Path], None]) -> Path:
    if not folder.exists():
        print(f"generating {folder}", flush=True)
        begun = folder.with_name(folder.name + ".begun")
        shutil.rmtree(begun, ignore_errors=True)
        begun.mkdir(parents=True)
        generate(begun)
        begun.rename(folder)
    return folder
