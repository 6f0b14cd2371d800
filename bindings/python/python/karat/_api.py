"""What karat does with data."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, TypedDict, overload
from warnings import warn

from karat import _karat
from karat._data import Data, data_of
from karat._forked import refuse_forked
from karat._options import Asked, Options, Places
from karat._profile import Profile
from karat._run import Run, Split, Written
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
    URI, of a Delta table or of Parquet, CSV, NDJSON or Arrow files; or whatever has ``__arrow_c_stream__``, whose rows are not
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
    suite: SuiteLike, data: Data | None = None, *, columns: Sequence[str] = (), **options: Unpack[Judging]
) -> _karat.Rows:
    """Find all rows that fail a check, with the columns that are wanted (or all) and their reasons in ``_karat_errors``.

    Values of personal columns are masked. The arguments are those of :func:`check`.

    >>> import karat
    >>> found = karat.rows("suite: orders\\ncolumns: {status: [{in_set: [O]}]}\\n", "orders.csv")
    >>> len(found), found.columns
    (1, ['order_id', 'status', '_karat_errors'])
    """
    return _karat.rows(_asked(suite, data, options, _JUDGING), list(columns))


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


def split(
    suite: SuiteLike,
    data: Data | None = None,
    *,
    valid: str | os.PathLike[str] | None = None,
    quarantine: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
    evolve: bool = False,
    warnings: bool = False,
    **options: Unpack[Keeping],
) -> Split | Written:
    """Divide the rows into those that are valid and those that are not, which carry their reasons.

    Both parts are read into memory; or, with ``valid`` and ``quarantine``, each is written in one commit, whatever its size: to a
    Delta table, which is made if it is not there, or to a new Parquet file. ``overwrite`` replaces the rows that are there, and
    ``evolve`` adds columns that a table does not have. With ``warnings``, valid rows carry the warnings that they got, too.

    >>> import karat
    >>> valid, quarantine, run = karat.split("suite: orders\\ncolumns: {status: [{in_set: [O]}]}\\n", "orders.csv")
    >>> len(valid), len(quarantine), run.passed
    (1, 1, False)
    """
    if valid is None and quarantine is None and not overwrite and not evolve:
        good, bad, run = _karat.split(_asked(suite, data, options, _KEEPING), warnings)
        return Split(good, bad, _told(run))
    if valid is None or quarantine is None:
        raise ValueError("valid and quarantine are given together: the two parts of the rows")
    asked = _asked(suite, data, options, _KEEPING)
    to: Places = {"valid": os.fspath(valid), "quarantine": os.fspath(quarantine), "overwrite": overwrite, "evolve": evolve}
    return Written.by(_told(_karat.write_split(asked, warnings, to)))


def profile(
    data: Data, *, pii: Sequence[str] = (), show_personal: bool = False, **options: Unpack[Reading]
) -> Profile:
    """Tell what the columns of a table hold, and what is suspicious, in one scan.

    Values of columns that are named in ``pii``, or look personal, are not shown; with ``show_personal``, the latter are.

    >>> import karat
    >>> karat.profile("orders.csv").to_dict()["rows"]
    2
    """
    refuse_forked()
    filled = _filled(options.get("environment"), options.get("variables"), None)
    progress = options.get("progress")
    return Profile(_karat.profile(data_of(data), (list(pii), show_personal), filled, _options(options, _READING), progress))


def suggest(
    data: Data,
    *,
    name: str | None = None,
    layer: str | None = None,
    pii: Sequence[str] = (),
    show_personal: bool = False,
    **options: Unpack[Reading],
) -> str:
    """Draft a suite from what a table holds, and return it as YAML. Each of its checks has passed on the data.

    >>> import karat
    >>> "not_null" in karat.suggest("orders.csv")
    True
    """
    refuse_forked()
    filled = _filled(options.get("environment"), options.get("variables"), None)
    progress = options.get("progress")
    shown = (list(pii), show_personal)
    return _karat.suggest(data_of(data), (name, layer), shown, filled, _options(options, _READING), progress)


_READING, _JUDGING, _KEEPING = (kind.__optional_keys__ for kind in (Reading, Judging, Keeping))


def _asked(suite: SuiteLike, data: Data | None, options: Keeping | Judging, known: frozenset[str]) -> Asked:
    refuse_forked()
    given = _options(options, known)
    return {
        "suite": suite_of(suite, *_filling(options)),
        "data": None if data is None else data_of(data),
        "others": [(name, data_of(other)) for name, other in options.get("datasets", {}).items()],
        "options": given,
        "progress": options.get("progress"),
    }


def _told(run: _karat.Run) -> Run:
    for note in run.notes:
        warn(note, stacklevel=3)
    return Run(run)


def _filling(
    options: Judging,
) -> tuple[str | None, Mapping[str, object] | None, Mapping[str, object] | None]:
    return options.get("environment"), options.get("variables"), options.get("parameters")


def _options(options: Keeping | Judging | Reading, known: frozenset[str]) -> Options:
    unknown = options.keys() - known
    if unknown:
        raise TypeError(f"no option {sorted(unknown)[0]!r}; there are {', '.join(sorted(known))}")
    given: Keeping = options  # type: ignore[assignment]
    history = given.get("history")
    return {
        "version": given.get("version"),
        "timestamp": _time(given.get("timestamp")),
        "storage_options": [(name, str(value)) for name, value in given.get("storage_options", {}).items()],
        "samples": given.get("samples", 10),
        "whole_rows": given.get("whole_rows", False),
        "key": _several(given.get("key", ())),
        "select": _several(given.get("select", ())),
        "fail_on": given.get("fail_on"),
        "vacuous_passes": given.get("vacuous", True),
        "trust": given.get("trust"),
        "now": _time(given.get("now")),
        "memory": given.get("memory"),
        "mask": given.get("mask"),
        "mask_key": given.get("mask_key"),
        "history": history if history is None or isinstance(history, bool) else os.fspath(history),
    }


def _several(given: str | Sequence[str]) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


def _time(given: datetime | str | None) -> str | None:
    if not isinstance(given, datetime):
        return given
    if given.tzinfo is None:
        raise ValueError("a time needs a time zone: datetime.now(timezone.utc)")
    return given.astimezone(timezone.utc).isoformat()
