"""Suites that are built."""

from __future__ import annotations

import datetime
import enum
import pickle
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import karat


def test_values_keep_their_types() -> None:
    values = ["O", "5", "true", "", "a: b", "# c", "é", "two\nlines", "it's", 5, Decimal("0.10")]
    suite = karat.Suite("s", columns={"c": [{"in_set": values}]})
    assert suite.to_yaml() == (
        "suite: s\n"
        "columns:\n"
        "  c: [{in_set: [O, '5', 'true', '', 'a: b', '# c', 'é', \"two\\nlines\", 'it''s', 5, 0.10]}]\n"
    )
    assert "[1180591620717411303424, .inf]" in karat.Suite("s", columns={"c": [{"in_set": [2**70, float("inf")]}]}).to_yaml()
    assert karat.Suite.from_yaml(suite.to_yaml()).checks == suite.checks


def test_times_nulls_and_truth() -> None:
    at = datetime.datetime(2026, 1, 31, 10, tzinfo=datetime.timezone.utc)
    suite = karat.Suite(
        "s",
        description="a suite",
        pii=["email"],
        table=[{"row_count": {"min": 1}}],
        columns={"at": [{"between": {"min": datetime.date(2026, 1, 1), "max": at}}]},
    )
    assert "min: 2026-01-01, max: 2026-01-31T10:00:00+00:00" in suite.to_yaml()
    assert [check.id for check in suite.checks] == ["at.between", "row_count"]
    assert suite.description == "a suite"


def test_enumerations_are_their_values() -> None:
    class Status(str, enum.Enum):
        OPEN = "O"

    class Level(enum.IntEnum):
        LOW = 1

    assert "[O, 1]" in karat.Suite("s", columns={"c": [{"in_set": [Status.OPEN, Level.LOW]}]}).to_yaml()


def test_numbers_and_truth_of_numpy() -> None:
    np = pytest.importorskip("numpy")
    values = [np.int64(1), np.float64(2.5), np.True_, np.str_("x")]
    assert "[1, 2.5, true, x]" in karat.Suite("s", columns={"c": [{"in_set": values}]}).to_yaml()
    with pytest.raises(TypeError, match="numpy.datetime64 cannot stand in a suite"):
        karat.Suite("s", columns={"c": [{"in_set": [np.datetime64("2026-01-31")]}]})


@pytest.mark.parametrize("value", [object(), {1: 2}, {"a": b"bytes"}, {"a": {1, 2}}])
def test_what_is_no_suite_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        karat.Suite("s", columns={"c": [{"in_set": value}]})


def test_a_tree_that_holds_itself_is_refused() -> None:
    tree: list[Any] = []
    tree.append(tree)
    with pytest.raises(TypeError, match="too deep"):
        karat.Suite("s", columns={"c": tree})


def test_an_unknown_key_is_an_error_with_its_place() -> None:
    with pytest.raises(karat.SuiteError, match="colum") as raised:
        karat.Suite("s", colums={"c": ["not_null"]})
    assert (raised.value.line, raised.value.hint) == (2, 'did you mean "columns"?')


def test_it_can_be_sent_to_another_process() -> None:
    suite = karat.Suite("s", columns={"c": ["not_null"]})
    assert pickle.loads(pickle.dumps(suite)).checks == suite.checks
    assert repr(suite) == "<karat.Suite 's': 1 checks>"


def test_what_filled_it_in_goes_with_it(tmp_path: Path) -> None:
    (tmp_path / "karat.yml").write_text("variables: {most: 1}\n")
    (tmp_path / "c.yml").write_text("suite: s\ncolumns: {c: [between: {max: '${most}'}]}\n")
    suite = karat.Suite.open(tmp_path / "c.yml", variables={"most": 15})
    again = pickle.loads(pickle.dumps(suite))
    assert (again.checks, again.path) == (suite.checks, suite.path)
    (tmp_path / "c.csv").write_text("c\n10\n")
    assert karat.check(again, tmp_path / "c.csv").passed
    assert not karat.check(tmp_path / "c.yml", tmp_path / "c.csv").passed
