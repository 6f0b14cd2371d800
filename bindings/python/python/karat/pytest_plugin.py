"""Suites as tests of pytest, and a fixture that judges data.

``pytest --karat suites/`` collects every suite below ``suites/``; each of its checks is a test. The data is read once for all
checks of a suite that are selected. A warning is a warning of pytest, and what could not be evaluated fails.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

import karat as library

# What a suite begins with, in YAML and JSON alike, and other YAML files do not hold at their top.
_SUITE = re.compile(r"^\ufeff?(?:\{\s*)?[\"']?suite[\"']?\s*:", re.MULTILINE)


class KaratWarning(UserWarning):
    """A check that warned."""


class CheckFailed(Exception):
    """A check that stopped the gate."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("karat", "data quality by karat")
    group.addoption("--karat", action="store_true", help="collect suites of karat, each check as a test")
    group.addoption("--karat-env", metavar="NAME", help="the environment of the project")
    group.addoption(
        "--karat-var",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="the value of a variable of the project; repeatable",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a file that is a suite."""
    if not parent.config.getoption("karat") or file_path.suffix not in (".yml", ".yaml"):
        return None
    if file_path.name == "karat.yml" or not _SUITE.search(file_path.read_text(encoding="utf-8", errors="replace")):
        return None
    return SuiteFile.from_parent(parent, path=file_path)


def _options(config: pytest.Config) -> dict[str, Any]:
    variables = [text.partition("=") for text in config.getoption("karat_var")]
    if not all(name and equals for name, equals, _ in variables):
        raise pytest.UsageError("--karat-var is NAME=VALUE")
    options: dict[str, Any] = {"variables": {name: value for name, _, value in variables}}
    environment = config.getoption("karat_env")
    return options if environment is None else {**options, "environment": environment}


class SuiteFile(pytest.File):
    """A suite."""

    suite: library.Suite
    _run: library.Run | None = None

    def collect(self) -> Iterator[CheckItem]:
        """Collect its checks."""
        self.suite = library.Suite.open(self.path, **_options(self.config))
        for check in self.suite.checks:
            yield CheckItem.from_parent(self, name=check.id)

    def run(self) -> library.Run:
        """Judge the data, by the checks that are selected."""
        if self._run is None:
            items = [item for item in self.session.items if isinstance(item, CheckItem) and item.parent is self]
            every = len(items) == len(self.suite.checks)
            self._run = library.check(self.suite, select=[] if every else [item.name for item in items])
        return self._run

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Tell what is wrong with the suite, without where Python was."""
        if isinstance(excinfo.value, library.KaratError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)


class CheckItem(pytest.Item):
    """A check of a suite."""

    parent: SuiteFile

    def runtest(self) -> None:
        """Judge the data, unless another check of the suite has, and tell what became of this one."""
        run = self.parent.run()
        check = run[self.name]
        stopped = {failure.check: failure.reason for failure in run.failures()}
        self.user_properties += [("verdict", check.verdict), ("expectation", check.expectation)]
        if self.name in stopped:
            raise CheckFailed(_told(check, stopped[self.name]))
        if check.verdict == "skip":
            pytest.skip(check.reason or "skipped")
        if check.verdict == "warn":
            warnings.warn(KaratWarning(f"{self.name}: {check.summary}"), stacklevel=1)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Tell what was found, without where Python was."""
        if isinstance(excinfo.value, (CheckFailed, library.KaratError)):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return the place of the suite, and the name of the check."""
        return self.path, None, f"{self.parent.suite.name}: {self.name}"


def _told(check: library.Check, reason: str) -> str:
    lines = [f"{check.id}: {reason}", f"  it must hold that {check.sentence}"]
    lines += [f"  {row}" for row in _rows(check.samples)]
    if check.counts is not None and check.counts.failing > len(check.samples) > 0:
        lines.append(f"  and {check.counts.failing - len(check.samples):,} more")
    return "\n".join(lines)


def _rows(samples: Iterable[dict[str, Any]]) -> Iterator[str]:
    for sample in samples:
        values = {**sample["key"], **sample["values"]}
        yield " ".join(f"{name}={value!r}" for name, value in values.items())


@pytest.fixture
def karat(pytestconfig: pytest.Config) -> Callable[..., library.Run]:
    """:func:`karat.check`, where the path of a suite is relative to pytest's root directory."""

    def check(suite: Any, data: Any = None, **options: Any) -> library.Run:
        is_path = isinstance(suite, (str, Path)) and (pytestconfig.rootpath / suite).is_file()
        return library.check(pytestconfig.rootpath / suite if is_path else suite, data, **options)

    return check
