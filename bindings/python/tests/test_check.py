"""`karat.check`, and what comes of it."""

from __future__ import annotations

import json
import pickle
import re
import subprocess
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

import karat

from conftest import SUITE

Command = Callable[..., "subprocess.CompletedProcess[str]"]


def test_a_run_says_what_each_check_came_to(orders: Path) -> None:
    run = karat.check("orders.yml")
    assert [(check.id, check.verdict) for check in run.checks] == [
        ("order_id.not_null", "pass"),
        ("order_id.unique", "fail"),
        ("status.in_set", "fail"),
        ("total.between", "warn"),
    ]
    assert (run.passed, run.verdict, run.gate.verdict, run.gate.passed) == (False, "fail", "fail", False)
    assert [failure.check for failure in run.failures()] == ["order_id.unique", "status.in_set"]
    assert run["status.in_set"].counts == karat.Counts(4, 4, 1, 25.0)
    assert run["status.in_set"].samples[0]["key"] == {"order_id": 3}
    assert "status" in str(run)
    assert "\x1b" not in str(run)
    assert repr(run) == "<karat.Run orders fail: 2 failed, 1 warned, 1 passed>"
    assert run.html().startswith("<!doctype html>")
    assert run.snapshot is not None
    with pytest.raises(KeyError):
        run["nothing"]


def test_a_run_is_no_truth_value(orders: Path) -> None:
    with pytest.raises(TypeError, match="run.passed"):
        bool(karat.check("orders.yml"))


def test_a_gate_that_fails_is_raised_with_the_run(orders: Path) -> None:
    run = karat.check("orders.yml")
    with pytest.raises(karat.GateFailed, match="status.in_set of orders: 1 of 4 rows fails") as failed:
        run.raise_for_status()
    assert failed.value.run is run
    assert failed.value.failures == tuple(run.failures())
    passed = karat.check("orders.yml", select="order_id.not_null")
    assert passed.raise_for_status() is passed


def test_data_that_cannot_be_read_is_an_error_of_its_own(orders: Path) -> None:
    run = karat.check("orders.yml", "order.csv")
    assert (run.verdict, run.gate.verdict) == ("error", "error")
    assert run.error is not None
    with pytest.raises(karat.DataError, match="did you mean orders.csv"):
        run.raise_for_status()


def test_a_suite_is_a_path_yaml_a_mapping_or_built(orders: Path) -> None:
    tree = {"suite": "orders", "columns": {"status": [{"in_set": ["O", "F"]}]}}
    built = karat.Suite("orders", columns={"status": [{"in_set": ["O", "F"]}]})
    forms: list[Any] = [tree, built, built.to_yaml(), json.dumps(tree), karat.Suite.from_dict(tree)]
    runs = [karat.check(form, "orders.csv") for form in forms]
    assert {run["status.in_set"].counts for run in runs} == {karat.Counts(4, 4, 1, 25.0)}
    assert karat.check(Path("orders.yml")).suite == "orders"
    assert karat.check("suite: one\ntable: [row_count: {min: 1}]\n", "orders.csv").passed
    with pytest.raises(TypeError, match="a suite is a path"):
        karat.check(1, "orders.csv")  # type: ignore[arg-type]


def test_suites_of_great_expectations_are_run(orders: Path) -> None:
    suite = {
        "name": "orders",
        "expectations": [{"type": "expect_column_values_to_not_be_null", "kwargs": {"column": "total"}}],
        "meta": {"great_expectations_version": "1.5.0"},
    }
    run = karat.check(suite, "orders.csv")
    assert [(check.expectation, check.verdict) for check in run.checks] == [("not_null", "fail")]


def test_a_suite_that_is_wrong_says_where(orders: Path) -> None:
    Path("wrong.yml").write_text("suite: orders\ncolumns:\n  status: [not_nul, {in_set: 3, wher: x}]\n")
    with pytest.raises(karat.SuiteError) as raised:
        karat.check("wrong.yml", "orders.csv")
    error = raised.value
    assert (error.path, error.line, error.column) == ("wrong.yml", 3, 12)
    assert error.hint is not None
    assert "not_null" in error.hint
    assert len(error.problems) > 1
    assert str(error).startswith("wrong.yml:3:12: ")
    again = pickle.loads(pickle.dumps(error))
    assert again.problems == error.problems
    with pytest.raises(karat.SuiteError, match="nothing.yml"):
        karat.check("nothing.yml")


def test_options_are_kept_to(orders: Path) -> None:
    run = karat.check("orders.yml", samples=0, fail_on="warn", select=["total", "status"])
    assert [check.verdict for check in run.checks] == ["skip", "skip", "fail", "warn"]
    assert run.checks[2].samples == []
    assert [failure.verdict for failure in run.failures()] == ["fail", "warn"]
    run = karat.check("orders.yml", now=datetime(2026, 1, 31, tzinfo=timezone.utc))
    assert run.to_dict()["run"]["started_at"].startswith("2026-01-31T00:00:00")
    keyed = karat.check("orders.yml", key="total")
    assert list(keyed["status.in_set"].samples[0]["key"]) == ["total"]
    for options in [{"trust": "all"}, {"fail_on": "pass"}, {"now": "yesterday"}, {"mask": "hash"}, {"key": "`"}]:
        with pytest.raises(ValueError):
            karat.check("orders.yml", **options)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="storage option"):
        karat.check("orders.yml", storage_options={"aws_regio": "x"})
    with pytest.raises(ValueError, match="time zone"):
        karat.check("orders.yml", now=datetime(2026, 1, 31))


WRONG: list[tuple[dict[str, Any], type[Exception], str]] = [
    ({"sample": 3}, TypeError, "no option 'sample'"),
    ({"samples": "3"}, TypeError, "samples is a number, and not '3'"),
    ({"samples": -1}, ValueError, "samples is -1, and must be from 0"),
    ({"version": 2**70}, ValueError, "version is "),
    ({"version": 1.0}, TypeError, "version is a number, and not 1.0"),
    ({"memory": "1GB"}, TypeError, "memory is a number of bytes"),
    ({"fetch": "all"}, TypeError, "fetch is a number of rows"),
    ({"statement_timeout": -1}, ValueError, "statement_timeout is -1"),
    ({"engine": "postgre"}, ValueError, "there is no engine \"postgre\""),
    ({"duckdb_library": 3}, TypeError, "duckdb_library is a file"),
    ({"whole_rows": "no"}, TypeError, "whole_rows is True or False"),
    ({"fail_on": 3}, TypeError, "fail_on is a text"),
    ({"now": 3}, TypeError, "now is a datetime or a text"),
    ({"key": 3}, TypeError, "key is a text or several, and not 3"),
    ({"select": ["status", 3]}, TypeError, "select is a text or several, and not 3"),
    ({"select": "statu"}, ValueError, "no check is called statu; nothing was judged .*did you mean"),
    ({"datasets": [1]}, TypeError, "datasets is a mapping"),
    ({"variables": 3}, TypeError, "variables is a mapping"),
    ({"storage_options": {"aws_region": None}}, TypeError, "aws_region is None"),
    ({"progress": 3}, TypeError, "progress is a function"),
    ({"history": 3}, TypeError, "history is a folder"),
    ({"history": ""}, ValueError, "history is the name of a folder"),
]


@pytest.mark.parametrize(("options", "kind", "message"), WRONG, ids=[str(options) for options, _, _ in WRONG])
def test_an_option_that_is_wrong_is_named(
    options: dict[str, Any], kind: type[Exception], message: str, orders: Path
) -> None:
    with pytest.raises(kind, match=message):
        karat.check("orders.yml", **options)


def test_an_option_that_is_none_is_left_out(orders: Path) -> None:
    nothing: dict[str, Any] = dict.fromkeys(["samples", "select", "key", "version", "trust", "storage_options", "datasets"])
    bare_ones = [bare(karat.check("orders.yml", **options).to_json()) for options in (nothing, {})]
    assert bare_ones[0] == bare_ones[1]


def test_one_column_may_be_given_as_a_text(orders: Path) -> None:
    assert karat.rows("orders.yml", columns="order_id").columns == ["order_id", "_karat_errors"]
    assert karat.check("orders.yml").failing_rows(columns="status").columns == ["status", "_karat_errors"]
    assert "10.5" not in str(karat.profile("orders.csv", pii="total"))


def test_a_run_is_no_list(orders: Path) -> None:
    run: Any = karat.check("orders.yml")
    with pytest.raises(TypeError, match="not iterable"):
        list(run)
    with pytest.raises(TypeError, match="container"):
        "status.in_set" in run


def test_a_suite_needs_data(orders: Path) -> None:
    with pytest.raises(ValueError, match="names no data"):
        karat.check("suite: orders\ntable: [row_count: {min: 1}]\n")
    with pytest.raises(TypeError, match="__arrow_c_stream__"):
        karat.check("orders.yml", 3)


def test_a_project_is_found_and_its_datasets_are_named(orders: Path) -> None:
    Path("karat.yml").write_text("datasets:\n  orders: {uri: orders.csv, layer: gold}\nvariables: {most: 30}\n")
    Path("suites").mkdir()
    Path("suites/orders.yml").write_text(
        "suite: gold/orders\ndata: orders\ncolumns: {total: [between: {max: '${most}'}]}\n"
    )
    run = karat.check("suites/orders.yml")
    assert run.passed
    assert run.to_dict()["suites"][0]["layer"] == "gold"
    assert not karat.check("suites/orders.yml", variables={"most": 15}).passed
    assert karat.check("suite: x\ncolumns: {total: [between: {max: 30}]}\n", "orders").passed


def test_rows_and_parts_are_arrow_streams(orders: Path) -> None:
    found = karat.rows("orders.yml", columns=["order_id"], select="status")
    assert (len(found), found.columns) == (1, ["order_id", "_karat_errors"])
    run = karat.check("orders.yml")
    assert [len(run.failing_rows(check)) for check in (None, "order_id.unique", "status.in_set")] == [2, 2, 1]
    with pytest.raises(KeyError):
        run.failing_rows("status.in_se")
    with pytest.raises(ValueError, match="did you mean .order_id"):
        karat.rows("orders.yml", columns=["order_ids"])
    valid, quarantine, run = karat.split("orders.yml")
    assert (len(valid), len(quarantine), run.verdict) == (2, 2, "fail")
    assert quarantine.columns[-2:] == ["_karat_errors", "_karat_warnings"]
    with pytest.raises(karat.DataError):
        karat.rows("orders.yml", "nothing.csv")
    stops = SUITE.replace("- in_set: [O, F, P]", "- in_set: [O, F, P]\n      on_fail: stop")
    with pytest.raises(karat.GateFailed, match="on_fail: stop"):
        karat.split(stops, "orders.csv")


def test_a_run_is_kept_in_a_history_and_told_of_earlier_ones(orders: Path) -> None:
    first = karat.check("orders.yml", history="runs")
    assert first["status.in_set"].report["past"]["previous"] is None
    Path("orders.csv").write_text("order_id,status,total\n1,O,10.5\n")
    second = karat.check("orders.yml", history=Path("runs"))
    assert second["status.in_set"].report["past"]["previous"] == "fail"
    assert second.to_dict()["suites"][0]["past"]["run"] == first.id
    # A run that is not to be kept knows nothing of others.
    assert "past" not in karat.check("orders.yml")["status.in_set"].report
    with pytest.raises(ValueError, match="no history is kept here"):
        karat.check("orders.yml", history=True)
    Path("karat.yml").write_text("history: runs\n")
    assert karat.check("orders.yml", history=True)["status.in_set"].report["past"]["previous"] == "pass"
    assert "past" not in karat.check("orders.yml")["status.in_set"].report
    kept = sorted(Path("runs").rglob("*.json*"))
    assert len(kept) == 3
    kept[-1].write_text("no run")
    with pytest.warns(UserWarning, match="runs: .*is no run"):
        karat.check("orders.yml", history="runs")


def test_a_history_that_cannot_be_written_is_an_error_with_the_run(orders: Path) -> None:
    Path("runs").write_text("a file")
    with pytest.raises(karat.WriteError, match="runs") as raised:
        karat.check("orders.yml", history="runs")
    assert raised.value.run is not None
    assert raised.value.run.verdict == "fail"
    assert isinstance(raised.value, karat.KaratError)
    again = pickle.loads(pickle.dumps(raised.value))
    assert (str(again), again.run) == (str(raised.value), None)
    assert karat.check("orders.yml", history=False).verdict == "fail"
    with pytest.raises(TypeError, match="no option 'history'"):
        karat.rows("orders.yml", history="runs")  # type: ignore[call-arg]


def test_profiles_and_drafts(orders: Path) -> None:
    profile = karat.profile("orders.csv")
    assert profile.to_dict()["rows"] == 4
    assert "total" in str(profile)
    assert profile.html().startswith("<!doctype html>")
    draft = karat.suggest("orders.csv", name="drafted")
    assert draft.count("suite: drafted") == 1
    assert karat.check(draft, "orders.csv").passed
    with pytest.raises(karat.DataError):
        karat.profile("nothing.csv")
    with pytest.raises(ValueError, match="did you mean"):
        karat.profile("orders.csv", pii=["totals"])


def test_the_report_is_byte_for_byte_that_of_the_command(orders: Path, command: Command) -> None:
    done = command("check", "orders.yml", "--format", "json")
    assert (done.returncode, bare(done.stdout)) == (1, bare(karat.check("orders.yml").to_json()))


@pytest.mark.parametrize("suite", ["bronze/orders", "silver/line_items", "gold/revenue_by_segment"])
def test_reports_of_the_demo_are_byte_for_byte_those_of_the_binary(
    suite: str, demo: Path, binary: str, monkeypatch: pytest.MonkeyPatch, command: Command
) -> None:
    monkeypatch.chdir(demo)
    # How old a table is depends on when it is asked.
    now = datetime.now(timezone.utc).isoformat()
    given = ["check", f"suites/{suite}.yml", "--format", "json", "--now", now]
    of_binary = subprocess.run([binary, *given], capture_output=True, text=True, check=False)
    assert bare(of_binary.stdout) == bare(command(*given).stdout) == bare(karat.check(given[1], now=now).to_json())


def bare(report: str) -> str:
    """The text of a report without what is of the run itself, and of its execution."""
    without, cut = re.subn(r'^( *)"(run|execution)": \{\n.*?^\1\},?\n', "", report, flags=re.MULTILINE | re.DOTALL)
    assert cut == 2, report
    return without
