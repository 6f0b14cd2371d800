"""What came of a run."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from karat import _karat
from karat._errors import DataError, GateFailed
from karat._forked import refuse_forked
from karat._given import several

if TYPE_CHECKING:
    from karat._api import Progress


class Failure(NamedTuple):
    """A check that stopped a gate."""

    suite: str
    """The name of the suite."""
    check: str
    """The id of the check."""
    verdict: str
    """``fail`` or ``error``, or ``warn`` where warnings stop the gate."""
    reason: str
    """The finding, or why the check could not be evaluated."""

    def __str__(self) -> str:
        return f"{self.check} of {self.suite}: {self.reason}"


class Gate(NamedTuple):
    """The decision whether the data may pass."""

    verdict: str
    """``pass`` or ``fail``; ``error`` if it could not be told, ``skip`` if no check was selected."""
    policy: str
    """What stops the gate."""
    reason: str
    """The counts behind the decision."""

    @property
    def passed(self) -> bool:
        """Whether the data may pass."""
        return self.verdict == "pass"


class Counts(NamedTuple):
    """Rows of a check."""

    rows: int
    """The rows that its ``where`` selects."""
    considered: int
    """Those of them that it considers."""
    failing: int
    """Those of them that fail."""
    failing_percent: float
    """Their share of the considered ones."""


class Check:
    """A check of a run, and what it came to. Everything that the JSON report says of it is in ``report``."""

    __slots__ = ("report",)

    report: dict[str, Any]

    def __init__(self, report: dict[str, Any]) -> None:
        self.report = report

    @property
    def id(self) -> str:
        """Its name within the suite."""
        return str(self.report["id"])

    @property
    def expectation(self) -> str:
        """The id of its expectation."""
        return str(self.report["expectation"])

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it refers to."""
        return tuple(self.report["columns"])

    @property
    def severity(self) -> str:
        """``critical``, ``warning`` or ``info``."""
        return str(self.report["severity"])

    @property
    def verdict(self) -> str:
        """``pass``, ``warn``, ``fail``, ``error`` (it could not be evaluated), or ``skip``."""
        return str(self.report["verdict"])

    @property
    def passed(self) -> bool:
        """Whether the verdict is ``pass``."""
        return self.verdict == "pass"

    @property
    def summary(self) -> str:
        """The finding in one line; may be empty."""
        return str(self.report["summary"])

    @property
    def sentence(self) -> str:
        """What holds when the check passes."""
        return str(self.report["sentence"])

    @property
    def reason(self) -> str | None:
        """Why the verdict is what it is, if the counts do not show it."""
        return self.report["reason"]  # type: ignore[no-any-return]

    @property
    def observed(self) -> Any:
        """The measured value, of checks that measure one."""
        return self.report["observed"]

    @property
    def counts(self) -> Counts | None:
        """The counts of rows, of checks that judge rows."""
        counts = self.report["counts"]
        if counts is None:
            return None
        return Counts(counts["rows"], counts["considered"], counts["failing"], counts["failing_percent"])

    @property
    def samples(self) -> list[dict[str, Any]]:
        """The first failing rows, each with its place, its key and the values that the check reads."""
        return list(self.report["samples"])

    def __repr__(self) -> str:
        found = f": {self.summary}" if self.summary else ""
        return f"<karat.Check {self.id} {self.verdict}{found}>"


class Run:
    """One execution of a suite: its verdict, its gate, and what each check came to.

    It is no truth value, since "it ran" and "it passed" are two things: ask for ``passed``.

    >>> import karat
    >>> run = karat.check("suite: orders\\ncolumns: {status: [{in_set: [O]}]}\\n", "orders.csv")
    >>> run
    <karat.Run orders fail: 1 failed>
    >>> run.checks[0].counts
    Counts(rows=2, considered=2, failing=1, failing_percent=50.0)
    >>> run.failing_rows("status.in_set").columns
    ['order_id', 'status', '_karat_errors']
    """

    __slots__ = ("_report", "_run")

    def __init__(self, run: _karat.Run) -> None:
        self._run = run
        self._report: dict[str, Any] | None = None

    @property
    def passed(self) -> bool:
        """Whether the gate let the data through."""
        return self._run.passed

    @property
    def verdict(self) -> str:
        """The worst verdict of the checks."""
        return str(self._read()["verdict"])

    @property
    def gate(self) -> Gate:
        """The decision of the gate."""
        return _gate(self._read()["gate"])

    @property
    def id(self) -> str:
        """The id of the run, which sorts by time."""
        return str(self._read()["run"]["id"])

    @property
    def suite(self) -> str:
        """The name of the suite."""
        return str(self._read()["suites"][0]["name"])

    @property
    def snapshot(self) -> dict[str, Any] | None:
        """The exact data that was judged; none if it could not be opened."""
        return self._read()["suites"][0]["snapshot"]  # type: ignore[no-any-return]

    @property
    def error(self) -> str | None:
        """Why the data could not be judged at all."""
        return self._run.unread

    @property
    def checks(self) -> tuple[Check, ...]:
        """The checks, in the order of the suite."""
        return tuple(Check(check) for suite in self._read()["suites"] for check in suite["checks"])

    def __getitem__(self, check: str) -> Check:
        """Return a check by its id."""
        found = next((one for one in self.checks if one.id == check), None)
        if found is None:
            raise KeyError(check)
        return found

    def failures(self) -> list[Failure]:
        """Return the checks that stopped the gate."""
        return [Failure(*failure) for failure in self._run.failures()]

    def failing_rows(
        self, check: str | None = None, *, columns: str | Sequence[str] = (), progress: Progress | None = None
    ) -> _karat.Rows:
        """Return all rows that fail a check, or any if none is named, with their reasons in ``_karat_errors``.

        The data is read again for that: a table at the version that was judged, rows in memory as they are kept. The result is
        an Arrow stream: ``polars.DataFrame(rows)``, ``pyarrow.table(rows)``, ``duckdb.sql("from rows")``.
        """
        refuse_forked()
        return self._run.failing_rows(check, several("columns", columns), progress)

    def raise_for_status(self) -> Run:
        """Return the run if the gate let the data through.

        Raises :class:`DataError` if the data could not be read, and :class:`GateFailed` otherwise.
        """
        if self.passed:
            return self
        failures = self.failures()
        if self.error is not None:
            raise DataError(self.error, run=self)
        most = 5
        told = "; ".join(map(str, failures[:most])) or "no check was selected"
        more = f"; and {len(failures) - most} more" if len(failures) > most else ""
        raise GateFailed(f"the gate stopped: {told}{more}", self, failures)

    def to_json(self) -> str:
        """Return the report as ``karat check --format json`` writes it."""
        return self._run.json()

    def to_dict(self) -> dict[str, Any]:
        """Return the same as dicts and lists."""
        read: dict[str, Any] = json.loads(self.to_json())
        return read

    def html(self) -> str:
        """Return the report as one page that needs no other file."""
        return self._run.html()

    def _repr_html_(self) -> str:
        return self._run.fragment()

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, str]:
        # The text of a terminal beside it, for what shows no HTML; who shows the bundle takes what it wants.
        bundle = {"text/plain": str(self), "text/html": self._repr_html_()}
        return {
            kind: shown
            for kind, shown in bundle.items()
            if (not include or kind in include) and kind not in (exclude or ())
        }

    def _read(self) -> dict[str, Any]:
        if self._report is None:
            self._report = self.to_dict()
        return self._report

    # Nor is it a list of checks: `run.checks` is.
    __iter__ = None
    __contains__ = None

    def __bool__(self) -> NoReturn:
        raise TypeError("a Run is no truth value: ask for run.passed, or call run.raise_for_status()")

    def __str__(self) -> str:
        return str(self._run)

    def __repr__(self) -> str:
        counts = self._read()["statistics"]
        words = ["failed", "errored", "warned", "passed", "skipped"]
        told = [f"{counts[word]} {word}" for word in words if counts[word]]
        return f"<karat.Run {self.suite} {self.verdict}: {', '.join(told) or 'no checks'}>"


class Split(NamedTuple):
    """The rows of a table, divided by a suite."""

    valid: _karat.Rows
    """The rows that are valid."""
    quarantine: _karat.Rows
    """The others, with their reasons in ``_karat_errors`` and ``_karat_warnings``."""
    run: Run
    """The run of the suite on all rows."""


class WrittenPart(NamedTuple):
    """A part of a split, as it was written."""

    to: str
    """The table or file."""
    rows: int | None
    """How many rows; none if an earlier run wrote them and did not say."""
    version: int | None
    """The version of the Delta table that has them first; none for a file."""
    earlier_run: str | None
    """The id of the earlier run that wrote the same rows, so that nothing was written again, if the table says so."""
    written: bool
    """Whether this split has written them."""


class Written(NamedTuple):
    """The rows of a table, divided by a suite and written."""

    valid: WrittenPart
    """The rows that are valid."""
    quarantine: WrittenPart
    """The others, with their reasons in ``_karat_errors`` and ``_karat_warnings``."""
    gate: Gate
    """What the gate decides of the valid rows: checks whose failing rows were put aside are taken to pass."""
    run: Run
    """The run of the suite on all rows."""

    @classmethod
    def by(cls, run: Run) -> Written:
        """Return what the report of a run says of its parts."""
        told = run.to_dict()["split"]
        return cls(WrittenPart(**told["valid"]), WrittenPart(**told["quarantine"]), _gate(told["gate"]), run)


class Moved(NamedTuple):
    """The rows of a table that are not valid, moved out of it."""

    quarantine: WrittenPart | None
    """These rows, with their reasons in ``_karat_errors`` and ``_karat_warnings``; none if every row is valid."""
    deleted: WrittenPart | None
    """The commit that has deleted them from the table: its version is the first one without them."""
    gate: Gate
    """What the gate decides of the valid rows: checks whose failing rows were put aside are taken to pass."""
    run: Run
    """The run of the suite on all rows."""
    completed: Run | None = None
    """The run on an earlier version, which another split had left half done, and which came first."""

    @classmethod
    def by(cls, run: Run, gate: Gate) -> Moved:
        """Return what the report of a run says of its parts."""
        told = run.to_dict().get("split")
        if told is None:
            return cls(None, None, gate, run)
        return cls(WrittenPart(**told["quarantine"]), WrittenPart(**told["deleted"]), gate, run)


def _gate(told: dict[str, Any]) -> Gate:
    return Gate(told["verdict"], told["policy"], told["reason"])
