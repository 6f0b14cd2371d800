"""Rows that `karat.split` writes: to two places, of what is new alone, or with one part deleted where it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import karat

from conftest import SUITE


def test_parts_are_written_to_tables_once(orders: Path) -> None:
    karat.split("orders.yml", valid="made/valid", quarantine="made/bad.parquet", history="runs")
    written = karat.split("orders.yml", valid=Path("made/valid"), quarantine=Path("made/bad.parquet"))
    assert isinstance(written.run, karat.Run)
    assert [part.written for part in (written.valid, written.quarantine)] == [False, False]
    assert written.valid.earlier_run is not None
    Path("orders.csv").write_text("order_id,status,total\n4,O,1.5\n5,X,2.5\n")
    written = karat.split("orders.yml", valid="made/valid", quarantine="made/other", warnings=True, evolve=True)
    assert written.valid == karat.WrittenPart("made/valid", 1, 1, None, True)
    assert written.quarantine == karat.WrittenPart("made/other", 1, 0, None, True)
    # What put its rows aside does not stop the valid ones.
    assert (written.run.gate.passed, written.gate.passed) == (False, True)
    assert karat.profile("made/valid").to_dict()["rows"] == 3
    Path("orders.csv").write_text("order_id,status,total\n6,F,3.5\n")
    written = karat.split("orders.yml", valid="made/valid", quarantine="made/other", overwrite=True, warnings=True)
    assert karat.profile("made/valid").to_dict()["rows"] == 1
    with pytest.raises(ValueError, match="given together"):
        karat.split("orders.yml", valid="made/valid")  # type: ignore[call-overload]
    with pytest.raises(ValueError, match="one place"):
        karat.split("orders.yml", valid="made/valid", quarantine="made/valid")
    with pytest.raises(karat.WriteError, match="bad.parquet is there already") as raised:
        karat.split("orders.yml", valid="made/valid", quarantine="made/bad.parquet")
    assert raised.value.run is not None
    assert raised.value.run.verdict == "pass"


def test_rows_in_memory_are_written_however_often_they_come(orders: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    suite = {"suite": "orders", "columns": {"status": [{"in_set": ["O"]}]}}
    for statuses in (["O", "X"], ["O", "X"], ["O", "O"]):
        written = karat.split(suite, pa.table({"status": statuses}), valid="valid", quarantine="bad")
        assert (written.valid.written, written.quarantine.written) == (True, True)
    rows = [karat.profile(place).to_dict()["rows"] for place in ("valid", "bad")]
    assert rows == [4, 2]


@pytest.fixture
def lake(orders: Path) -> Path:
    """A Delta table of two versions, which keeps deletion vectors."""
    table = orders / "lake"
    for rows in ("1,O,10.5\n2,F,20\n3,X,\n", "4,O,1.5\n5,X,-1\n"):
        (orders / "orders.csv").write_text(f"order_id,status,total\n{rows}")
        karat.split({"suite": "all", "table": [{"row_count": {"min": 1}}]}, "orders.csv", valid=table, quarantine="none")
    first = table / "_delta_log" / f"{0:020}.json"
    actions = [json.loads(line) for line in first.read_text().splitlines()]
    for action in actions:
        if "protocol" in action:
            action["protocol"] = {"minReaderVersion": 3, "minWriterVersion": 7} | {
                f"{who}Features": ["deletionVectors"] for who in ("reader", "writer")
            }
        if "metaData" in action:
            action["metaData"]["configuration"] = {"delta.enableDeletionVectors": "true"}
    first.write_text("".join(json.dumps(action) + "\n" for action in actions))
    return table


def append(table: Path, rows: str) -> None:
    """Append rows to a table."""
    Path("more.csv").write_text(f"order_id,status,total\n{rows}")
    karat.split({"suite": "all", "table": [{"row_count": {"min": 1}}]}, "more.csv", valid=table, quarantine="none")


def ids(table: str | Path) -> list[int]:
    """The ids of the rows of a table."""
    listed = karat.rows({"suite": "none", "columns": {"order_id": [{"between": {"max": -1}}]}}, table)

    return sorted(listed.to_arrow()["order_id"].to_pylist())


def test_what_is_new_is_written_once(lake: Path) -> None:
    pytest.importorskip("pyarrow")

    def split() -> list[tuple[int | None, int | None]]:
        written = karat.split("orders.yml", lake, valid="valid", quarantine="bad", since_last=True, history="runs")
        return [(one.valid.rows, one.quarantine.rows) for one in written]

    assert split() == [(3, 2)]
    assert split() == []
    append(lake, "6,O,1.5\n")
    append(lake, "7,P,1.5\n8,X,2.5\n")
    assert split() == [(2, 1)]
    assert (ids("valid"), ids("bad")) == ([1, 2, 4, 6, 7], [3, 5, 8])
    assert len(list(Path("runs").rglob("*.json*"))) == 2
    with pytest.raises(ValueError, match="does not go with overwrite"):
        karat.split("orders.yml", lake, valid="valid", quarantine="bad", since_last=True, version=0)
    with pytest.raises(ValueError, match="given together"):
        karat.split("orders.yml", lake, since_last=True)  # type: ignore[call-overload]
    with pytest.raises(karat.DataError, match="only a Delta table says what is new"):
        karat.split("orders.yml", "orders.csv", valid="valid", quarantine="bad", since_last=True)
    table = karat.rows("orders.yml", "orders.csv")
    with pytest.raises(ValueError, match="rows in memory have no versions"):
        karat.split("orders.yml", table, valid="valid", quarantine="bad", since_last=True)


def test_rows_are_moved_out_of_a_table(lake: Path) -> None:
    pytest.importorskip("pyarrow")
    files = {file: file.read_bytes() for file in lake.glob("*.parquet")}
    moved = karat.split("orders.yml", lake, quarantine="bad", in_place=True, history="runs")
    assert moved.quarantine == karat.WrittenPart("bad", 2, 0, None, True)
    assert moved.deleted is not None
    assert (moved.deleted.rows, moved.deleted.version, moved.completed) == (2, 2, None)
    assert (moved.run.gate.passed, moved.gate.passed) == (False, True)
    assert (ids(lake), ids("bad")) == ([1, 2, 4], [3, 5])
    assert {file: file.read_bytes() for file in lake.glob("*.parquet")} == files
    # They are told of the version that was judged.
    assert len(moved.run.failing_rows("status.in_set")) == 2
    again = karat.split("orders.yml", lake, quarantine="bad", in_place=True)
    assert (again.quarantine, again.deleted, again.gate.passed) == (None, None, True)
    assert len(list(Path("runs").rglob("*.json*"))) == 1


def test_what_was_left_half_done_comes_first(lake: Path) -> None:
    pytest.importorskip("pyarrow")
    karat.split("orders.yml", lake, quarantine="bad", in_place=True)
    # As if it had ended before its second commit.
    (lake / "_delta_log" / f"{2:020}.json").unlink()
    append(lake, "6,X,1.5\n")
    moved = karat.split("orders.yml", lake, quarantine="bad", in_place=True)
    assert moved.completed is not None
    assert (moved.completed.snapshot or {})["version"] == 1
    assert (ids(lake), ids("bad")) == ([1, 2, 4], [3, 5, 6])


def test_rows_that_cannot_be_moved_are_refused(lake: Path) -> None:
    wrong: list[tuple[Any, dict[str, Any], str]] = [
        (lake, {"valid": "valid"}, "in_place goes with quarantine"),
        (lake, {"overwrite": True}, "in_place goes with quarantine"),
        (lake, {"version": 0}, "only the newest version"),
        (f"{lake}@v0", {}, "a version is named"),
        ("orders.csv", {}, "only a version of a Delta table"),
        (karat.rows("orders.yml", "orders.csv"), {}, "only the newest version"),
    ]
    for data, options, message in wrong:
        with pytest.raises(ValueError, match=message):
            karat.split("orders.yml", data, quarantine="bad", in_place=True, **options)
    with pytest.raises(ValueError, match="in_place goes with quarantine"):
        karat.split("orders.yml", lake, in_place=True)  # type: ignore[call-overload]
    with pytest.raises(karat.WriteError, match="deletion vectors") as raised:
        karat.split("orders.yml", "none", quarantine="bad", in_place=True)
    assert raised.value.run is not None
    assert raised.value.run.verdict == "pass"
    stops = SUITE.replace("- in_set: [O, F, P]", "- in_set: [O, F, P]\n      on_fail: stop")
    with pytest.raises(karat.GateFailed, match="on_fail: stop"):
        karat.split(stops, lake, quarantine="bad", in_place=True)
    assert not Path("bad").exists()
