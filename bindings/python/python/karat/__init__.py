"""The data-quality gate of the lakehouse: declarative suites, one scan, no silent green.

>>> import karat
>>> run = karat.check("suite: orders\\ncolumns: {order_id: [not_null, unique]}\\n", "orders.csv")
>>> run.passed
True

:func:`check` judges data by a suite and returns a :class:`Run`. :func:`rows` finds every row that fails, and :func:`split`
divides the rows by that. :func:`profile` tells what a table holds, and :func:`suggest` drafts a suite from it.
"""

from karat._api import check, profile, rows, split, suggest
from karat._errors import DataError, GateFailed, InternalError, KaratError, Problem, SuiteError, WriteError
from karat._karat import Rows, __version__
from karat._profile import Profile
from karat._run import Check, Counts, Failure, Gate, Moved, Run, Split, Written, WrittenPart
from karat._suite import Suite, SuiteCheck

# What is shown of them, and in what they are pickled, is their public place.
for _public in (
    *(Check, Counts, DataError, Failure, Gate, GateFailed, InternalError, KaratError, Moved, Problem, Profile),
    *(Run, Split, Suite, SuiteCheck, SuiteError, WriteError, Written, WrittenPart, check, profile, rows, split, suggest),
):
    _public.__module__ = "karat"

__all__ = [
    "Check",
    "Counts",
    "DataError",
    "Failure",
    "Gate",
    "GateFailed",
    "InternalError",
    "KaratError",
    "Moved",
    "Problem",
    "Profile",
    "Rows",
    "Run",
    "Split",
    "Suite",
    "SuiteCheck",
    "SuiteError",
    "WriteError",
    "Written",
    "WrittenPart",
    "__version__",
    "check",
    "profile",
    "rows",
    "split",
    "suggest",
]
