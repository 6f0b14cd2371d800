"""One neutral definition of a check, from which each peer's own form is made.

Nulls: a check on values speaks of the rows where its columns are not null; only `NotNull` speaks
of all rows. What a peer does otherwise is said in its module.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

#: A bound or member: a whole number, a decimal, a date or a text, as its column's type is.
Value = int | Decimal | date | str


@dataclass(frozen=True)
class Check:
    """What all checks have: a name that is unique in its suite."""

    id: str

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns it reads; none for a check on the number of rows."""
        return (self.column,) if hasattr(self, "column") else ()


@dataclass(frozen=True)
class NotNull(Check):
    column: str


@dataclass(frozen=True)
class Between(Check):
    """Both bounds belong to the range."""

    column: str
    least: Value
    greatest: Value


@dataclass(frozen=True)
class InSet(Check):
    column: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class NotInSet(Check):
    column: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Matches(Check):
    """The regular expression is found somewhere in the text."""

    column: str
    pattern: str


@dataclass(frozen=True)
class NotMatches(Check):
    column: str
    pattern: str


@dataclass(frozen=True)
class Length(Check):
    """Characters, both bounds included."""

    column: str
    least: int
    greatest: int


@dataclass(frozen=True)
class Aggregate(Check):
    """`of` is min, max, mean, sum or distinct_count; both bounds included."""

    column: str
    of: str
    least: Value
    greatest: Value


@dataclass(frozen=True)
class Pair(Check):
    """`left is right`; `relation` is one of < <= > >=."""

    left: str
    relation: str
    right: str

    @property
    def columns(self) -> tuple[str, ...]:
        return (self.left, self.right)


@dataclass(frozen=True)
class Rows(Check):
    """A predicate in SQL that all engines here read alike."""

    predicate: str
    reads: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return self.reads


@dataclass(frozen=True)
class Unique(Check):
    """Every member of a group of two or more rows fails."""

    keys: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return self.keys


@dataclass(frozen=True)
class InOrders(Check):
    """The value is found in orders' o_orderkey: a foreign key."""

    column: str


@dataclass(frozen=True)
class RowCount(Check):
    least: int
    greatest: int


@dataclass(frozen=True)
class HasType(Check):
    """`type` is integer, decimal, string or date."""

    column: str
    type: str


@dataclass(frozen=True)
class Suite:
    """Checks on one table: lineitem, shuffled, orders or wide."""

    name: str
    title: str
    table: str
    checks: tuple[Check, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that some check reads, in the order of first use."""
        return tuple(dict.fromkeys(column for check in self.checks for column in check.columns))
