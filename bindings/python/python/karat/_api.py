"""What karat does with data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, TypedDict

from karat import _karat
from karat._data import Data, data_of
from karat._forked import refuse_forked
from karat._options import Options
from karat._profile import Profile
from karat._run import Run, Split
from karat._suite import _filled, suite_of

if TYPE_CHECKING:
    import os

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


def check(suite: SuiteLike, data: Data | None = None, **options: Unpack[Judging]) -> Run:
    """Judge data by a suite.

    ``suite`` is a path, YAML, what YAML would hold, a :class:`Suite`, or a suite of Great Expectations. ``data`` is a path or
    URI, of a Delta table or of Parquet, CSV, NDJSON or Arrow files; or whatever has ``__arrow_c_stream__``, whose rows are not
    copied; or a LazyFrame of Polars, a dataset of PyArrow; if it is left out, what the suite names. See :class:`Judging` for
    the options.

    Whatever happens to the data, every check ends in exactly one verdict; :meth:`Run.raise_for_status` raises unless the gate
    let the data through.

    >>> import karat, datetime
    >>> suite = {"suite": "orders", "columns": {"status": [{"in_set": ["O", "F", "P"]}]}}
    >>> run = karat.check(suite, "orders.csv")
    >>> run.passed, run.verdict
    (True, 'pass')
    """
    refuse_forked()
    read = suite_of(suite, *_filling(options))
    own = None if data is None else data_of(data)
    run = _karat.check(read, own, _others(options), _options(options), options.get("progress"))
    return Run(run)


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
    refuse_forked()
    read = suite_of(suite, *_filling(options))
    own = None if data is None else data_of(data)
    progress = options.get("progress")
    return _karat.rows(read, own, _others(options), list(columns), _options(options), progress)[0]


def split(
    suite: SuiteLike, data: Data | None = None, *, warnings: bool = False, **options: Unpack[Judging]
) -> Split:
    """Divide the rows into those that are valid and those that are not, which carry their reasons.

    Both parts are read into memory. With ``warnings``, valid rows carry the warnings that they got, too. ``karat split`` and
    tables of any size: see the command.

    >>> import karat
    >>> valid, quarantine, run = karat.split("suite: orders\\ncolumns: {status: [{in_set: [O]}]}\\n", "orders.csv")
    >>> len(valid), len(quarantine), run.passed
    (1, 1, False)
    """
    refuse_forked()
    read = suite_of(suite, *_filling(options))
    own = None if data is None else data_of(data)
    progress = options.get("progress")
    valid, quarantine, run = _karat.split(read, own, _others(options), warnings, _options(options), progress)
    return Split(valid, quarantine, Run(run))


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
    return Profile(_karat.profile(data_of(data), (list(pii), show_personal), filled, _options(options), progress))


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
    return _karat.suggest(data_of(data), (name, layer), shown, filled, _options(options), progress)


_KNOWN = Judging.__annotations__.keys() | Reading.__annotations__.keys()


def _filling(
    options: Judging,
) -> tuple[str | None, Mapping[str, object] | None, Mapping[str, object] | None]:
    return options.get("environment"), options.get("variables"), options.get("parameters")


def _others(options: Judging) -> list[tuple[str, Any]]:
    return [(name, data_of(data)) for name, data in options.get("datasets", {}).items()]


def _options(options: Judging | Reading) -> Options:
    unknown = options.keys() - _KNOWN
    if unknown:
        raise TypeError(f"no option {sorted(unknown)[0]!r}; there are {', '.join(sorted(_KNOWN))}")
    given: Judging = options  # type: ignore[assignment]
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
    }


def _several(given: str | Sequence[str]) -> list[str]:
    return [given] if isinstance(given, str) else list(given)


def _time(given: datetime | str | None) -> str | None:
    if not isinstance(given, datetime):
        return given
    if given.tzinfo is None:
        raise ValueError("a time needs a time zone: datetime.now(timezone.utc)")
    return given.astimezone(timezone.utc).isoformat()
