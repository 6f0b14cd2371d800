"""What karat does with data."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypedDict, overload
from warnings import warn

from karat import _karat
from karat._data import Data, data_of
from karat._forked import refuse_forked
from karat._given import known, of_run, several
from karat._options import Asked, Places
from karat._profile import Profile
from karat._run import Gate, Moved, Run, Split, Written
from karat._suite import _filled, suite_of

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from karat._suite import Suite

    SuiteLike = Suite | str | os.PathLike[str] | Mapping[str, Any]

Progress = Callable[[int, int], object]
"""Is called with the bytes that are done, and with all of them, some times a second."""


class Reading(TypedDict, total=False):
    """How data is opened and read."""

    version: int
    """The version of a Delta table [default: the newest]."""
    timestamp: datetime | str
    """The version that was current then."""
    storage_options: Mapping[str, object]
    """What opens an object store, beside the environment: ``{"aws_region": "eu-north-1"}``."""
    memory: int
    """The most bytes for state that grows with the rows [default: three quarters of the machine's memory]."""
    environment: str
    """The environment of the project."""
    variables: Mapping[str, object]
    """Values of the project's variables, ``${NAME}`` in suites."""
    progress: Progress
    """Is told how far the read is. What it raises stops the read."""


class Judging(Reading, total=False):
    """How data is judged."""

    parameters: Mapping[str, object]
    """Values of the parameters of a suite of Great Expectations."""
    select: str | Sequence[str]
    """Only the checks of these ids, expectations, columns or tags."""
    samples: int
    """How many failing rows to keep for each check [default: 10]."""
    whole_rows: bool
    """Whether they come with all their columns, for ``html()``; it takes a further scan of few rows."""
    key: str | Sequence[str]
    """The columns that name a failing row, instead of the suite's key."""
    fail_on: str
    """What stops the gate, instead of the layer's policy: ``"error"`` or ``"warn"``."""
    vacuous: bool
    """Whether a check that had no row to judge passes [default: True]."""
    trust: str
    """Whose statistics may replace reading rows: ``"log"``, ``"footer"`` or ``"none"``."""
    now: datetime | str
    """The time that counts as now."""
    mask: str
    """What stands for values of personal columns: ``"withhold"`` or ``"hash"``, with ``mask_key``."""
    mask_key: str
    """The key of these hashes, of at least 32 characters."""
    engine: str
    """What judges the data: ``"auto"``, ``"polars"``, ``"duckdb"``, ``"postgres"``, ``"redshift"`` or ``"databricks"`` [default: what
    the project says, or the system that holds the data, as its URI says]."""
    fetch: int
    """Tables of at most so many rows are fetched, to judge here what their system cannot say exactly [default: none]."""
    statement_timeout: int
    """After how many seconds a statement of PostgreSQL, Redshift or Databricks is ended [default: never]."""
    duckdb_library: str | os.PathLike[str]
    """The shared library of DuckDB [default: that of the package duckdb, else the one that the system finds]."""
    datasets: Mapping[str, Data]
    """Other datasets of the suite, by the names that it gives them: frames, or where they lie."""


class Keeping(Judging, total=False):
    """How data is judged, and where the run is kept."""

    history: str | os.PathLike[str] | bool
    """The folder or ``delta:URI`` in which the run is kept, and by which it tells what earlier runs came to; ``True`` is that of
    the project [default: nothing is kept]."""


def check(suite: SuiteLike, data: Data | None = None, **options: Unpack[Keeping]) -> Run:
    """Judge data by a suite.

    ``suite`` is a path, YAML, what YAML would hold, a :class:`Suite`, or a suite of Great Expectations. ``data`` is a path or
    URI, of a Delta table, of Parquet, CSV, NDJSON or Arrow files, or of a table of DuckDB, PostgreSQL, Redshift or Databricks, which
    judges it itself; or whatever has ``__arrow_c_stream__``, whose rows are not
    copied; or a LazyFrame of Polars, a dataset of PyArrow; if it is left out, what the suite names. See :class:`Keeping` for
    the options.

    Whatever happens to the data, every check ends in exactly one verdict; :meth:`Run.raise_for_status` raises unless the gate
    let the data through.

    >>> import karat, datetime
    >>> suite = {"suite": "orders", "columns": {"status": [{"in_set": ["O", "F", "P"]}]}}
    >>> run = karat.check(suite, "orders.csv")
    >>> run.passed, run.verdict
    (True, 'pass')
    """
    return _told(_karat.check(_asked(suite, data, options, _KEEPING)))


def rows(
    suite: SuiteLike, data: Data | None = None, *, columns: str | Sequence[str] = (), **options: Unpack[Judging]
) -> _karat.Rows:
    """Find all rows that fail a check, with the columns that are wanted (or all) and their reasons in ``_karat_errors``.

    Values of personal columns are masked. The arguments are those of :func:`check`.

    >>> import karat
    >>> found = karat.rows("suite: orders\\ncolumns: {status: [{in_set: [O]}]}\\n", "orders.csv")
    >>> len(found), found.columns
    (1, ['order_id', 'status', '_karat_errors'])
    """
    return _karat.rows(_asked(suite, data, options, _JUDGING), several("columns", columns))


@overload
def split(
    suite: SuiteLike, data: Data | None = None, *, warnings: bool = False, **options: Unpack[Keeping]
) -> Split: ...


@overload
def split(
    suite: SuiteLike,
    data: Data | None = None,
    *,
    valid: str | os.PathLike[str],
    quarantine: str | os.PathLike[str],
    overwrite: bool = False,
    evolve: bool = False,
    warnings: bool = False,
    **options: Unpack[Keeping],
) -> Written: ...


@overload
def split(
    suite: SuiteLike,
    data: Data | None = None,
    *,
    valid: str | os.PathLike[str],
    quarantine: str | os.PathLike[str],
    since_last: Literal[True],
    evolve: bool = False,
    warnings: bool = False,
    **options: Unpack[Keeping],
) -> list[Written]: ...


@overload
def split(
    suite: SuiteLike,
    data: Data | None = None,
    *,
    quarantine: str | os.PathLike[str],
    in_place: Literal[True],
    evolve: bool = False,
    **options: Unpack[Keeping],
) -> Moved: ...


def split(
    suite: SuiteLike,
    data: Data | None = None,
    *,
    valid: str | os.PathLike[str] | None = None,
    quarantine: str | os.PathLike[str] | None = None,
    since_last: bool = False,
    in_place: bool = False,
    overwrite: bool = False,
    evolve: bool = False,
    warnings: bool = False,
    **options: Unpack[Keeping],
) -> Split | Written | list[Written] | Moved:
    """Divide the rows into those that are valid and those that are not, which carry their reasons.

    Both parts are read into memory; or, with ``valid`` and ``quarantine``, each is written in one commit, whatever its size: to a
    Delta table, which is made if it is not there, or to a new Parquet file. ``overwrite`` replaces the rows that are there, and
    ``evolve`` adds columns that a table does not have. With ``warnings``, valid rows carry the warnings that they got, too.

    ``since_last`` divides the rows alone that came to a Delta table since it was last divided to these places, and returns what was
    written of each range of versions: a list that is empty if nothing is new. ``in_place`` moves the rows that are not valid out of
    a Delta table that keeps deletion vectors, to the ``quarantine``; the valid ones stay where they are.

    >>> import karat
    >>> valid, quarantine, run = karat.split("suite: orders\\ncolumns: {status: [{in_set: [O]}]}\\n", "orders.csv")
    >>> len(valid), len(quarantine), run.passed
    (1, 1, False)
    """
    asked = _asked(suite, data, options, _KEEPING)
    if in_place:
        if quarantine is None or valid is not None or since_last or overwrite or warnings:
            raise ValueError("in_place goes with quarantine, and not with valid, since_last, overwrite or warnings")
        runs = _karat.move_split(asked, os.fspath(quarantine), evolve)
        moved = [Moved.by(_told(run), Gate(*gate)) for run, gate in runs]
        return moved[-1]._replace(completed=moved[0].run if len(moved) > 1 else None)
    if valid is None and quarantine is None and not (since_last or overwrite or evolve):
        good, bad, run = _karat.split(asked, warnings)
        return Split(good, bad, _told(run))
    if valid is None or quarantine is None:
        raise ValueError("valid and quarantine are given together: the two parts of the rows")
    if since_last and (overwrite or options.get("version") is not None or options.get("timestamp") is not None):
        raise ValueError("since_last adds what is new: it does not go with overwrite, version or timestamp")
    to: Places = {
        "valid": os.fspath(valid),
        "quarantine": os.fspath(quarantine),
        "overwrite": overwrite,
        "evolve": evolve,
        "since_last": since_last,
    }
    written = [Written.by(_told(run)) for run in _karat.write_split(asked, warnings, to)]
    return written if since_last else written[0]


def profile(
    data: Data, *, pii: str | Sequence[str] = (), show_personal: bool = False, **options: Unpack[Reading]
) -> Profile:
    """Tell what the columns of a table hold, and what is suspicious, in one scan.

    Values of columns that are named in ``pii``, or look personal, are not shown; with ``show_personal``, the latter are.

    >>> import karat
    >>> karat.profile("orders.csv").to_dict()["rows"]
    2
    """
    refuse_forked()
    given = known(options, _READING)
    filled = _filled(given.get("environment"), given.get("variables"), None)
    shown = (several("pii", pii), show_personal)
    return Profile(_karat.profile(data_of(data), shown, filled, of_run(given), given.get("progress")))


def suggest(
    data: Data,
    *,
    name: str | None = None,
    layer: str | None = None,
    pii: str | Sequence[str] = (),
    show_personal: bool = False,
    **options: Unpack[Reading],
) -> str:
    """Draft a suite from what a table holds, and return it as YAML. Each of its checks has passed on the data.

    >>> import karat
    >>> "not_null" in karat.suggest("orders.csv")
    True
    """
    refuse_forked()
    given = known(options, _READING)
    filled = _filled(given.get("environment"), given.get("variables"), None)
    shown = (several("pii", pii), show_personal)
    return _karat.suggest(data_of(data), (name, layer), shown, filled, of_run(given), given.get("progress"))


_READING, _JUDGING, _KEEPING = (kind.__optional_keys__ for kind in (Reading, Judging, Keeping))


def _asked(suite: SuiteLike, data: Data | None, options: Keeping | Judging, names: frozenset[str]) -> Asked:
    refuse_forked()
    given = known(options, names)
    return {
        "suite": suite_of(suite, given.get("environment"), given.get("variables"), given.get("parameters")),
        "data": None if data is None else data_of(data),
        "others": [(str(name), data_of(other)) for name, other in given.get("datasets", {}).items()],
        "options": of_run(given),
        "progress": given.get("progress"),
    }


def _told(run: _karat.Run) -> Run:
    for note in run.notes:
        warn(note, stacklevel=3)
    return Run(run)
