"""cuallee on an eager Polars frame.

A null fails every rule on values: cuallee counts the rows that hold. Its aggregate rules ask for
one exact number, so that bounds on an aggregate cannot be said.
"""

from __future__ import annotations

from pathlib import Path

from cuallee import Check as Cuallee
from cuallee import CheckLevel

from checks import (
    Aggregate,
    Between,
    Check,
    InSet,
    Length,
    Matches,
    NotInSet,
    NotMatches,
    NotNull,
    Pair,
    Rows,
    Suite,
    Unique,
)
from peers.frame import read
from peers.program import Answer, Found, Inexpressible, serve


def run(suite: Suite, folder: Path, _orders: Path) -> Answer:
    rules = Cuallee(CheckLevel.ERROR, suite.name)
    asked, missing = [], {}
    for check in suite.checks:
        before = len(rules.rules)
        try:
            add(rules, check)
        except Inexpressible as why:
            missing[check.id] = str(why)
            continue
        # A rule that is there already, with the same arguments, is not added a second time.
        assert len(rules.rules) == before + 1, check.id
        asked.append(check)
    result = rules.validate(read(suite, folder))
    found = {}
    for check, row in zip(asked, result.iter_rows(named=True), strict=True):
        passed = row["status"] == "PASS"
        counts = not isinstance(check, Aggregate)
        found[check.id] = Found(passed, int(row["violations"]) if counts else None)
    return found, missing


def add(rules: Cuallee, check: Check) -> None:
    match check:
        case NotNull(column=column):
            rules.is_complete(column)
        case Between(column=column, least=least, greatest=greatest):
            rules.is_between(column, (least, greatest))
        case InSet(column=column, members=members):
            rules.is_contained_in(column, members)
        case NotInSet(column=column, members=members):
            rules.not_contained_in(column, members)
        case Matches(column=column, pattern=pattern):
            rules.has_pattern(column, pattern)
        case NotMatches():
            raise Inexpressible("no pattern that must not be found")
        case Length(column=column, least=least, greatest=greatest):
            rules.satisfies(column, f"length({column}) between {least} and {greatest}")
        case Pair(left=left, relation=relation, right=right):
            rules.satisfies((left, right), f"{left} {relation} {right}")
        case Rows(predicate=predicate, reads=reads):
            rules.satisfies(reads, predicate)
        case Unique(keys=(key,)):
            rules.is_unique(key)
        case Unique(keys=keys):
            rules.is_composite_key(keys)
        case Aggregate(column=column, of="distinct_count", least=least, greatest=greatest):
            if least != greatest:
                raise Inexpressible("bounds on an aggregate")
            rules.has_cardinality(column, least)
        case Aggregate():
            raise Inexpressible("bounds on an aggregate")
        case _:
            raise Inexpressible(f"no form for {type(check).__name__}")


if __name__ == "__main__":
    serve(run)
