"""Frames of every kind come to the verdicts of the file that holds their rows."""

from __future__ import annotations

import datetime
import subprocess
import sys
import textwrap
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import karat

pa = pytest.importorskip("pyarrow")
pl = pytest.importorskip("polars")
pd = pytest.importorskip("pandas")
duckdb = pytest.importorskip("duckdb")
pq = pytest.importorskip("pyarrow.parquet")

AT = datetime.datetime(2026, 1, 31, 10, 30, tzinfo=datetime.timezone.utc)
ROWS = 1000

SUITE = """\
suite: types
key: id
columns:
  id: [not_null, unique, {type: int64}, {between: {min: 0, max: 900}}]
  small: [{between: {min: -3, max: 3}}, not_null]
  share: [{between: {min: 0, max: 0.5}}, {mean: {max: 0.4}}]
  name: [{matches: '^n[0-9]+$'}, not_null, unique, {length_between: {max: 4}}]
  status: [{in_set: [O, F]}, not_null, {distinct_count: {max: 2}}]
  price: [{between: {min: 0.10, max: 5.00}}, {sum: {max: 1000}}]
  day: [{between: {min: 2026-01-01, max: 2026-02-15}}]
  at: [{between: {min: 2026-01-01T00:00:00Z, max: 2026-01-31T12:00:00Z}}]
  local: [{between: {max: 2026-01-31T12:00:00}}]
  flag: [{in_set: [true]}]
  address.city: [{in_set: [Oslo]}, not_null]
table:
  - row_count: {min: 999}
  - rows: price >= 0
  - unique: [status, day]
"""


def table() -> Any:
    """The rows, as a table of PyArrow in several chunks."""
    rows = range(ROWS)
    columns = {
        "id": pa.array(rows, pa.int64()),
        "small": pa.array([None if i % 7 == 0 else i % 9 - 4 for i in rows], pa.int8()),
        "share": pa.array([None if i % 11 == 0 else i / ROWS for i in rows], pa.float64()),
        "name": pa.array([None if i % 13 == 0 else f"n{i}" for i in rows], pa.string()),
        "status": pa.array([["O", "F", "X", None][i % 4] for i in rows]).dictionary_encode(),
        "price": pa.array([None if i % 5 == 0 else Decimal(i - 10) / 100 for i in rows], pa.decimal128(9, 2)),
        "day": pa.array([datetime.date(2026, 1, 1) + datetime.timedelta(i % 90) for i in rows], pa.date32()),
        "at": pa.array([AT + datetime.timedelta(minutes=i) for i in rows], pa.timestamp("us", "UTC")),
        "local": pa.array([AT.replace(tzinfo=None) + datetime.timedelta(minutes=i) for i in rows], pa.timestamp("us")),
        "flag": pa.array([None if i % 3 == 0 else i % 2 == 0 for i in rows], pa.bool_()),
        "address": pa.array(
            [None if i % 10 == 0 else {"city": ["Oslo", "Bergen", None][i % 3], "zip": i} for i in rows],
            pa.struct([("city", pa.string()), ("zip", pa.int32())]),
        ),
        "tags": pa.array([None if i % 6 == 0 else ["a"] * (i % 3) for i in rows], pa.list_(pa.string())),
        "blob": pa.array([bytes([i % 256]) for i in rows], pa.binary()),
    }
    whole = pa.table(columns)
    return pa.concat_tables([whole.slice(start, 300) for start in range(0, ROWS, 300)])


def outcomes(run: karat.Run) -> list[tuple[Any, ...]]:
    """What the checks came to, and the rows that they show."""
    return [
        (check.id, check.verdict, check.counts, check.observed, [sample["values"] for sample in check.samples])
        for check in run.checks
    ]


@pytest.fixture(scope="module")
def of_file(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, ...]]:
    """The outcomes of a Parquet file of the same rows."""
    file = tmp_path_factory.mktemp("types") / "types.parquet"
    pq.write_table(table(), file)
    run = karat.check(SUITE, file)
    assert run.error is None
    assert [check.id for check in run.checks if check.verdict == "error"] == []
    return outcomes(run)


NULLABLE = {
    pa.int64(): pd.Int64Dtype(),
    pa.int8(): pd.Int8Dtype(),
    pa.float64(): pd.Float64Dtype(),
    pa.string(): pd.StringDtype(),
    pa.bool_(): pd.BooleanDtype(),
}

FRAMES: dict[str, Callable[[Any], Any]] = {
    "pyarrow table": lambda rows: rows,
    "pyarrow reader": lambda rows: rows.to_reader(max_chunksize=100),
    "pyarrow batch": lambda rows: rows.combine_chunks().to_batches()[0],
    "polars": pl.from_arrow,
    "polars lazy": lambda rows: pl.from_arrow(rows).lazy(),
    "pandas on pyarrow": lambda rows: rows.to_pandas(types_mapper=pd.ArrowDtype),
    "pandas nullable": lambda rows: rows.to_pandas(types_mapper=NULLABLE.get),
    "duckdb": lambda rows: duckdb.sql("from rows"),
}


@pytest.mark.parametrize("kind", FRAMES)
def test_a_frame_comes_to_the_verdicts_of_the_file(kind: str, of_file: list[tuple[Any, ...]]) -> None:
    assert outcomes(karat.check(SUITE, FRAMES[kind](table()))) == of_file


def test_a_dataset_of_pyarrow_is_scanned(tmp_path: Path, of_file: list[tuple[Any, ...]]) -> None:
    import pyarrow.dataset

    for part in range(2):
        pq.write_table(table().slice(part * 500, 500), tmp_path / f"part-{part}.parquet")
    assert outcomes(karat.check(SUITE, pyarrow.dataset.dataset(tmp_path))) == of_file


def test_a_frame_of_pandas_with_types_of_numpy_comes_to_the_same_counts(of_file: list[tuple[Any, ...]]) -> None:
    # A column of whole numbers with nulls is one of floats there: values are shown otherwise, and no verdict differs.
    run = karat.check(SUITE, table().to_pandas())
    assert [(one[0], one[1], one[2]) for one in outcomes(run)] == [(one[0], one[1], one[2]) for one in of_file]


def test_frames_of_pandas_with_its_own_types() -> None:
    rows = {
        "whole": pd.array([1, 2, None, 4], dtype="Int64"),
        "share": [0.5, float("nan"), 1.5, 2.5],
        "kind": pd.Categorical(["a", "b", None, "a"]),
        "text": pd.array(["x", None, "y", "z"], dtype="string"),
        "object": ["x", None, "y", "z"],
        "true": pd.array([True, None, False, True], dtype="boolean"),
        "at": pd.to_datetime(["2026-01-31"] * 3 + [None]).tz_localize("Europe/Oslo"),
        "price": [Decimal("0.10"), None, Decimal("2.00"), Decimal("3.50")],
    }
    suite = {"suite": "pandas", "columns": {name: ["not_null"] for name in rows}}
    run = karat.check(suite, pd.DataFrame(rows))
    assert {check.id: check.counts and check.counts.failing for check in run.checks} == {
        f"{name}.not_null": 1 for name in rows
    }
    # An index that says something is a column; one that only counts is none.
    indexed = pd.DataFrame(rows).set_index("whole")
    assert karat.check({"suite": "i", "columns": {"whole": [{"max": {"max": 4}}]}}, indexed).passed


def test_what_no_engine_reads_is_an_error_with_its_column() -> None:
    rows = pa.table({"id": [1, 2], "span": pa.array([1, 2], pa.duration("s")), "id2": [1, 2]})
    assert karat.check({"suite": "s", "columns": {"id": ["unique"]}}, rows).passed
    with pytest.raises(karat.DataError, match="id"):
        karat.check({"suite": "s", "columns": {"id": ["unique"]}}, rows.rename_columns(["id", "span", "id"]))
    wide = pa.array([Decimal("1.00"), None], pa.decimal256(50, 2))
    with pytest.raises(karat.DataError, match='"wide" is a decimal of 256 bits'):
        karat.check({"suite": "s", "columns": {"id": ["unique"]}}, pa.table({"id": [1, 2], "wide": wide}))
    union = pa.UnionArray.from_sparse(pa.array([0, 1], pa.int8()), [pa.array([1, 2]), pa.array(["a", "b"])])
    with pytest.raises(karat.DataError, match="either"):
        karat.check({"suite": "s", "columns": {"id": ["unique"]}}, pa.table({"id": [1, 2], "either": union}))


def test_integers_of_128_bits_are_decimals() -> None:
    rows = pl.DataFrame({"id": pl.Series([1, None, 2**100, 2**100], dtype=pl.Int128)})
    suite = {"suite": "s", "columns": {"id": ["not_null", "unique", {"max": {"max": 2**100}}]}}
    run = karat.check(suite, rows)
    assert [check.verdict for check in run.checks] == ["fail", "fail", "pass"]
    assert run.failing_rows("id.unique").to_arrow()["id"].to_pylist() == [Decimal(2**100)] * 2


def test_columns_with_odd_names_come_back() -> None:
    for name in ["", " ", "a.b", "a`b", 'a"b', "é\u0301", "\u0001row", "a\nb", "*", "$x"]:
        for values in ([1, 2], ["1", "2"]):
            valid, _, _ = karat.split({"suite": "s", "table": [{"row_count": {"min": 1}}]}, pa.table({name: values}))
            assert valid.to_arrow().to_pydict() == {name: values}


def test_what_its_owner_cannot_hand_over_is_an_error_of_the_data() -> None:
    suite = {"suite": "s", "columns": {"a": ["unique"]}}
    for frame in (pd.DataFrame({"a": [1, "x"]}), pd.DataFrame({"a": [1j]}), pl.LazyFrame({"a": [1]}).select("b")):
        with pytest.raises(karat.DataError, match="the rows cannot be had: ") as raised:
            karat.check(suite, frame)
        assert raised.value.__cause__ is not None
    with pytest.raises(karat.DataError, match="one column is no table"):
        karat.check(suite, pl.Series("a", [1]))


def test_frames_without_rows_or_columns() -> None:
    suite = {"suite": "s", "columns": {"a": ["not_null"]}}
    for frame in (pl.DataFrame(), pd.DataFrame(), pa.table({})):
        assert karat.check(suite, frame).verdict == "error"
        assert karat.profile(frame).to_dict()["rows"] == 0
        with pytest.raises(karat.DataError, match="no columns"):
            karat.suggest(frame)
    for frame in (pl.DataFrame({"a": []}), pd.DataFrame({"a": []})):
        assert karat.check(suite, frame).passed
        assert [len(part) for part in karat.split(suite, frame)[:2]] == [0, 0]
    assert not karat.check({"suite": "s", "table": [{"row_count": {"min": 1}}]}, pl.DataFrame()).passed


def test_a_stream_that_fails_is_an_error() -> None:
    def batches() -> Any:
        yield pa.record_batch({"id": [1, 2]})
        raise OSError("the wire was cut")

    reader = pa.RecordBatchReader.from_batches(pa.schema([("id", pa.int64())]), batches())
    with pytest.raises(karat.DataError, match="the wire was cut"):
        karat.check({"suite": "s", "columns": {"id": ["unique"]}}, reader)


def test_tables_without_rows_and_of_types_of_somebody() -> None:
    suite = {"suite": "s", "columns": {"status": [{"in_set": ["O"]}], "uuid": ["not_null"]}}
    columns = {"status": table()["status"].chunk(0), "uuid": pa.array([None] * 300, pa.uuid())}
    run = karat.check(suite, pa.table(columns).slice(0, 0))
    assert [check.verdict for check in run.checks] == ["pass", "pass"]
    none = pa.RecordBatchReader.from_batches(pa.table(columns).schema, [])
    assert karat.check(suite, none).passed
    counts = karat.check(suite, pa.table(columns))["uuid.not_null"].counts
    assert counts is not None
    assert counts.failing == 300


def test_rows_come_back_as_frames() -> None:
    run = karat.check(SUITE, table())
    rows = run.failing_rows("status.in_set")
    counts = run["status.in_set"].counts
    assert counts is not None
    assert len(rows) == counts.failing == 250
    frames = [rows.to_polars(), rows.to_arrow(), rows.to_pandas(), duckdb.sql("from rows").arrow()]
    assert [len(frame) for frame in frames[:3]] == [250] * 3
    assert pl.DataFrame(rows)["status"].cast(pl.String).unique().to_list() == ["X"]
    assert set(rows.columns) == {*table().column_names, "_karat_errors"}
    valid, quarantine, _ = karat.split(SUITE, table())
    assert len(valid) + len(quarantine) == ROWS
    assert karat.rows(SUITE, table(), columns=["id"]).columns == ["id", "_karat_errors"]


def test_other_datasets_are_frames_too() -> None:
    suite = {"suite": "s", "columns": {"id": [{"exists_in": {"data": "customers", "column": "id"}}]}}
    run = karat.check(suite, pl.DataFrame({"id": [1, 2, 9]}), datasets={"customers": pl.DataFrame({"id": [1, 2]})})
    counts = run.checks[0].counts
    assert counts is not None, run
    assert counts.failing == 1


def test_rows_are_not_copied() -> None:
    # The first batch of a reader is what is judged: a buffer that changes afterwards is seen by a later run.
    values = bytearray(bytes([1, 0, 0, 0, 0, 0, 0, 0]) * 3)
    column = pa.Array.from_buffers(pa.int64(), 3, [None, pa.py_buffer(values)])
    run = karat.check({"suite": "s", "columns": {"id": [{"in_set": [1]}]}}, pa.table({"id": column}))
    assert run.passed
    values[0] = 2
    assert len(run.failing_rows()) == 1


def test_a_table_of_texts_alone() -> None:
    whole = pa.table({"a": [f"n{i}" for i in range(500)], "b": ["x", None, "y", "z", ""] * 100}).cast(
        pa.schema([("a", pa.large_string()), ("b", pa.string())])
    )
    rows = pa.concat_tables([whole.slice(0, 7), whole.slice(7, 0), whole.slice(7, 300), whole.slice(307)])
    suite = {
        "suite": "texts",
        "columns": {
            "a": ["unique", {"matches": "^n[0-9]+$"}],
            "b": ["not_null", {"in_set": ["x", "y", ""], "where": "a > 'n3'"}, {"distinct_count": {"max": 4}}],
        },
        "table": [{"row_count": {"min": 500, "max": 500}}, {"unique": ["a", "b"]}],
    }
    in_memory, frame = karat.check(suite, rows), karat.check(suite, pl.from_arrow(rows))
    assert outcomes(in_memory) == outcomes(frame)
    assert [check.verdict for check in in_memory.checks].count("error") == 0
    assert in_memory.failing_rows("b.not_null").to_arrow()["a"].to_pylist() == [f"n{i}" for i in range(1, 500, 5)]
    valid, quarantine, _ = karat.split(suite, rows)
    assert len(valid) + len(quarantine) == 500


def test_a_column_that_is_not_judged_takes_no_memory() -> None:
    # Views of these texts would take 16 bytes a row.
    more = memory_taken("""
        texts = pa.array(["some text or other"]).take(pa.array([0] * 4_000_000, pa.int32()))
        table = pa.table({"id": pa.array(range(4_000_000)), "text": texts, "more": texts, "again": texts})
        suite = {"suite": "s", "columns": {"id": ["not_null", {"between": {"min": 0}}], "more": [{"in_set": ["some text or other"]}]}}
    """)
    assert more < 100


@pytest.mark.slow
def test_a_table_of_a_gigabyte_takes_less_than_200_megabytes_more() -> None:
    more = memory_taken("""
        rows = 14_000_000
        texts = pa.array([f"status {number}" for number in range(100)])
        numbers = pa.array(range(rows))
        table = pa.table({
            "id": numbers,
            "other": pa.compute.multiply(numbers, 7),
            "share": pa.compute.divide(numbers.cast("float64"), float(rows)),
            "at": numbers.cast(pa.timestamp("us", "UTC")),
            "status": texts.take(pa.compute.bit_wise_and(numbers, 63)),
            "note": texts.take(pa.compute.bit_wise_and(numbers, 31)),
            "price": pa.compute.divide(numbers, 3).cast(pa.decimal128(19, 0)),
        })
        assert table.nbytes > 1_000_000_000, table.nbytes
        suite = {"suite": "s", "columns": {
            "id": ["not_null", {"between": {"min": 0}}, "unique"],
            "other": ["not_null", {"min": {"min": 0}}],
            "share": [{"between": {"min": 0, "max": 1}}, {"mean": {"max": 1}}],
            "at": ["not_null", {"between": {"max": "2030-01-01T00:00:00Z"}}],
            "status": [{"matches": "^status [0-9]+$"}, {"in_set": [f"status {number}" for number in range(64)]}],
            "note": [{"length_between": {"max": 9}}],
            "price": [{"between": {"min": 0}}, {"sum": {"min": 0}}],
        }}
    """)
    assert more < 200


def memory_taken(made: str) -> int:
    """The megabytes that it takes to check `table` by `suite`, beyond those of the table, in a process that has made both."""
    code = """
        import pathlib
        import pyarrow as pa, pyarrow.compute, karat

        def memory(of):
            status = pathlib.Path("/proc/self/status").read_text()
            return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(of)) // 1024
    """
    judged = """
        karat.check(suite, table.slice(0, 1000))
        before = memory("VmRSS")
        pathlib.Path("/proc/self/clear_refs").write_text("5")
        assert karat.check(suite, table).passed
        print(memory("VmHWM") - before)
    """
    if not Path("/proc/self/clear_refs").exists():
        pytest.skip("the peak of memory cannot be told here")
    code = "".join(map(textwrap.dedent, (code, made, judged)))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout)
