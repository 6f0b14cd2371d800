"""Suites as tests of pytest."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

SUITE = """\
suite: orders
data: orders.csv
key: order_id
columns:
  order_id: [not_null]
  status:
    - in_set: [O, F]
  total:
    - between: {max: 15}
      severity: warning
  missing: [not_null]
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project with a suite."""
    pytester.makefile(".csv", orders="order_id,status,total\n1,O,10.5\n2,F,20\n3,X,7.25\n")
    suites = pytester.mkdir("suites")
    (suites / "orders.yml").write_text(SUITE)
    (suites / "other.yml").write_text("on: push\njobs: {}\n")
    return pytester


def test_each_check_is_a_test(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess("--karat", "suites", "-v", "-p", "no:cacheprovider")
    result.assert_outcomes(passed=2, failed=2, warnings=1)
    result.stdout.fnmatch_lines(
        [
            "*orders.yml::order_id.not_null PASSED*",
            "*orders.yml::status.in_set FAILED*",
            "*status.in_set: 1 of 3 rows fails*",
            "*order_id=3 status='X'*",
            "*missing.not_null: *no column \"missing\"*",
            "*KaratWarning: total.between: 1 of 3 rows fails*",
        ]
    )


def test_nothing_is_collected_unless_it_is_asked_for(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess("suites")
    result.assert_outcomes()


def test_checks_are_selected_and_go_to_junit(project: pytest.Pytester) -> None:
    result = project.runpytest_subprocess("--karat", "suites", "-k", "status", "--junit-xml=junit.xml")
    result.assert_outcomes(failed=1, deselected=3)
    junit = (project.path / "junit.xml").read_text()
    assert 'name="status.in_set"' in junit
    assert 'name="verdict" value="fail"' in junit


def test_a_suite_that_cannot_be_read_is_an_error(project: pytest.Pytester) -> None:
    (project.path / "suites" / "wrong.yml").write_text("suite: wrong\ncolums: {}\n")
    result = project.runpytest_subprocess("--karat", "suites/wrong.yml")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*wrong.yml:2:1: *colums*columns*"])


def test_variables(project: pytest.Pytester) -> None:
    (project.path / "suites" / "orders.yml").write_text(
        "suite: orders\ndata: orders.csv\ncolumns: {total: [between: {max: '${most}'}]}\n"
    )
    project.makefile(".yml", karat="variables: {most: 1}\n")
    project.runpytest_subprocess("--karat", "suites").assert_outcomes(failed=1)
    project.runpytest_subprocess("--karat", "suites", "--karat-var", "most=30").assert_outcomes(passed=1)


def test_the_fixture_judges_frames(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        def test_orders(karat):
            run = karat("suites/orders.yml", "orders.csv", select="status")
            assert not run.passed
            karat({"suite": "one", "columns": {"order_id": ["unique"]}}, "orders.csv").raise_for_status()
        """
    )
    project.runpytest_subprocess().assert_outcomes(passed=1)
