"""The suites, as plain data. All of them hold on the data as generated, at every scale."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from checks import (
    Aggregate,
    Between,
    Check,
    HasType,
    InOrders,
    InSet,
    Length,
    Matches,
    NotInSet,
    NotMatches,
    NotNull,
    Pair,
    RowCount,
    Rows,
    Suite,
    Unique,
    Value,
)
from data import wide_column

TYPES = {
    "l_orderkey": "integer",
    "l_partkey": "integer",
    "l_suppkey": "integer",
    "l_linenumber": "integer",
    "l_quantity": "decimal",
    "l_extendedprice": "decimal",
    "l_discount": "decimal",
    "l_tax": "decimal",
    "l_returnflag": "string",
    "l_linestatus": "string",
    "l_shipdate": "date",
    "l_commitdate": "date",
    "l_receiptdate": "date",
    "l_shipinstruct": "string",
    "l_shipmode": "string",
    "l_comment": "string",
}

#: What the values of a column lie between, at any scale up to 10.
RANGES: dict[str, tuple[Value, Value]] = {
    "l_orderkey": (1, 60_000_000),
    "l_partkey": (1, 2_000_000),
    "l_suppkey": (1, 100_000),
    "l_linenumber": (1, 7),
    "l_quantity": (Decimal(1), Decimal(50)),
    "l_extendedprice": (Decimal(900), Decimal(105_000)),
    "l_discount": (Decimal("0"), Decimal("0.1")),
    "l_tax": (Decimal("0"), Decimal("0.08")),
    "l_shipdate": (date(1992, 1, 1), date(1998, 12, 31)),
    "l_commitdate": (date(1992, 1, 1), date(1998, 12, 31)),
    "l_receiptdate": (date(1992, 1, 1), date(1998, 12, 31)),
}

SETS = {
    "l_returnflag": ("A", "N", "R"),
    "l_linestatus": ("F", "O"),
    "l_shipinstruct": ("COLLECT COD", "DELIVER IN PERSON", "NONE", "TAKE BACK RETURN"),
    "l_shipmode": ("AIR", "FOB", "MAIL", "RAIL", "REG AIR", "SHIP", "TRUCK"),
}

LENGTHS = {
    "l_returnflag": (1, 1),
    "l_linestatus": (1, 1),
    "l_shipinstruct": (4, 17),
    "l_shipmode": (3, 7),
    "l_comment": (10, 43),
}

KEY = ("l_orderkey", "l_linenumber")


def not_null(column: str) -> Check:
    return NotNull(f"{column}.not_null", column)


def between(column: str) -> Check:
    return Between(f"{column}.between", column, *RANGES[column])


def in_set(column: str) -> Check:
    return InSet(f"{column}.in_set", column, SETS[column])


def length(column: str) -> Check:
    return Length(f"{column}.length", column, *LENGTHS[column])


def aggregate(column: str, of: str, least: Value, greatest: Value) -> Check:
    return Aggregate(f"{column}.{of}", column, of, least, greatest)


UNIQUE = Unique("table.unique", KEY)
IN_ORDERS = InOrders("l_orderkey.in_orders", "l_orderkey")

EIGHT: tuple[Check, ...] = (
    not_null("l_orderkey"),
    between("l_quantity"),
    in_set("l_returnflag"),
    Matches("l_comment.matches", "l_comment", "^[ -~]+$"),
    length("l_comment"),
    between("l_shipdate"),
    Pair("table.received", "l_receiptdate", ">", "l_shipdate"),
    UNIQUE,
)

#: Forty checks without grouping: every kind but uniqueness, foreign keys and distinct values.
PLAIN: tuple[Check, ...] = (
    not_null("l_orderkey"),
    not_null("l_partkey"),
    not_null("l_suppkey"),
    not_null("l_linenumber"),
    not_null("l_quantity"),
    not_null("l_extendedprice"),
    not_null("l_shipdate"),
    not_null("l_commitdate"),
    not_null("l_shipmode"),
    not_null("l_comment"),
    between("l_orderkey"),
    between("l_partkey"),
    between("l_linenumber"),
    between("l_quantity"),
    between("l_extendedprice"),
    between("l_discount"),
    between("l_tax"),
    in_set("l_returnflag"),
    in_set("l_linestatus"),
    in_set("l_shipinstruct"),
    in_set("l_shipmode"),
    NotInSet("l_shipmode.not_in_set", "l_shipmode", ("N/A", "TBD")),
    Matches("l_comment.matches", "l_comment", "^[ -~]+$"),
    NotMatches("l_comment.not_matches", "l_comment", "<script"),
    Matches("l_shipmode.matches", "l_shipmode", "^[A-Z ]+$"),
    length("l_returnflag"),
    length("l_shipinstruct"),
    length("l_comment"),
    between("l_shipdate"),
    between("l_commitdate"),
    between("l_receiptdate"),
    aggregate("l_quantity", "mean", Decimal(20), Decimal(30)),
    aggregate("l_quantity", "sum", Decimal(1), Decimal(2_000_000_000)),
    aggregate("l_extendedprice", "min", Decimal(900), Decimal(1_000)),
    aggregate("l_extendedprice", "max", Decimal(90_000), Decimal(105_000)),
    aggregate("l_extendedprice", "mean", Decimal(30_000), Decimal(45_000)),
    Pair("table.received", "l_receiptdate", ">", "l_shipdate"),
    Pair("table.cheap", "l_quantity", "<=", "l_extendedprice"),
    Rows(
        "table.price",
        "l_extendedprice >= 900 * l_quantity",
        ("l_extendedprice", "l_quantity"),
    ),
    Rows(
        "table.finished",
        "l_linestatus = 'F' or l_shipdate > date '1995-06-17'",
        ("l_linestatus", "l_shipdate"),
    ),
)

#: Three of the plain ones give way to uniqueness, the foreign key and a distinct count.
FORTY: tuple[Check, ...] = (
    *(check for check in PLAIN if check.id not in ("l_partkey.between", "table.cheap", "l_commitdate.not_null")),
    UNIQUE,
    IN_ORDERS,
    aggregate("l_shipmode", "distinct_count", 7, 7),
)


def more() -> list[Check]:
    """What makes two hundred of forty: the same kinds on the same columns with other arguments."""
    made: list[Check] = []
    known = {check.id for check in FORTY}
    made += [not_null(column) for column in TYPES]
    made += [between(column) for column in RANGES]
    made += [length(column) for column in LENGTHS]
    made = [check for check in made if check.id not in known]
    for column, (least, greatest) in RANGES.items():
        for slack in range(1, 7):
            if isinstance(least, date) and isinstance(greatest, date):
                wider = least.replace(year=least.year - slack), greatest.replace(year=1998 + slack)
            else:
                wider = least - slack, greatest + slack  # type: ignore[operator]
            made.append(Between(f"{column}.between_{slack}", column, *wider))
    for column, members in SETS.items():
        for extra in range(1, 6):
            others = tuple(f"OTHER {number}" for number in range(extra))
            made.append(InSet(f"{column}.in_set_{extra}", column, members + others))
            made.append(NotInSet(f"{column}.not_in_set_{extra}", column, others))
    for word in ("password", "https?://", "[0-9]{6}", "@[a-z]+\\.com", "TODO|FIXME"):
        made.append(NotMatches(f"l_comment.without {word}", "l_comment", word))
    for column in ("l_returnflag", "l_linestatus", "l_shipinstruct", "l_shipmode"):
        made.append(Matches(f"{column}.upper", column, "^[A-Z]"))
        made.append(NotMatches(f"{column}.no_digit", column, "[0-9]"))
    for column, (least, greatest) in LENGTHS.items():
        made.append(Length(f"{column}.length_1", column, max(1, least - 1), greatest + 1))
    for column in ("l_quantity", "l_extendedprice", "l_discount", "l_tax"):
        least, greatest = RANGES[column]
        for of in ("min", "max", "mean"):
            made.append(Aggregate(f"{column}.{of}_within", column, of, least, greatest))
    for column in ("l_partkey", "l_suppkey", "l_linenumber"):
        least, greatest = RANGES[column]
        made.append(Aggregate(f"{column}.min_within", column, "min", least, greatest))
        made.append(Aggregate(f"{column}.max_within", column, "max", least, greatest))
    made += [
        Pair("table.received_or_same", "l_receiptdate", ">=", "l_shipdate"),
        Pair("table.taxed", "l_tax", "<", "l_quantity"),
        Pair("table.discounted", "l_discount", "<", "l_quantity"),
        Pair("table.priced", "l_tax", "<", "l_extendedprice"),
        Rows("table.rates", "l_discount <= 0.1 and l_tax <= 0.08", ("l_discount", "l_tax")),
        Rows("table.cap", "l_extendedprice <= 2200 * l_quantity", ("l_extendedprice", "l_quantity")),
        Rows("table.some", "l_quantity >= 1 and l_partkey >= 1", ("l_quantity", "l_partkey")),
    ]
    return made


TWO_HUNDRED: tuple[Check, ...] = (*FORTY, *more())

STATISTICS: tuple[Check, ...] = (
    *(not_null(column) for column in TYPES),
    *(between(column) for column in RANGES),
    *(HasType(f"{column}.type", column, type_) for column, type_ in TYPES.items()),
    RowCount("table.row_count", 1, 100_000_000),
)


def wide_checks(columns: int) -> tuple[Check, ...]:
    """One check on every column of a wide table, by what the column holds."""
    made: list[Check] = []
    for number in range(columns):
        column = wide_column(number)
        match number % 4:
            case 0:
                made.append(Between(f"{column}.between", column, 0, 9_999))
            case 1:
                made.append(Between(f"{column}.between", column, Decimal(0), Decimal(9_999)))
            case 2:
                made.append(InSet(f"{column}.in_set", column, SETS["l_shipmode"]))
            case _:
                dates = date(1992, 1, 1), date(1998, 12, 31)
                made.append(Between(f"{column}.between", column, *dates))
    return tuple(made)


def many_checks(number: int) -> tuple[Check, ...]:
    """So many range checks on the same eight columns, each with other bounds."""
    columns = [column for column, type_ in TYPES.items() if type_ in ("integer", "decimal")]
    made: list[Check] = []
    for index in range(number):
        column = columns[index % len(columns)]
        least, greatest = RANGES[column]
        slack = index // len(columns)
        wider = least - slack, greatest + slack  # type: ignore[operator]
        made.append(Between(f"{column}.between_{slack}", column, *wider))
    return tuple(made)


SUITES = {
    suite.name: suite
    for suite in (
        Suite("eight", "8 checks", "lineitem", EIGHT),
        Suite("forty", "40 checks", "lineitem", FORTY),
        Suite("plain", "40 checks without grouping", "lineitem", PLAIN),
        Suite("two-hundred", "200 checks", "lineitem", TWO_HUNDRED),
        Suite("unique", "Uniqueness of (l_orderkey, l_linenumber)", "lineitem", (UNIQUE,)),
        Suite("unique-shuffled", "The same, rows shuffled", "shuffled", (UNIQUE,)),
        Suite(
            "unique-one",
            "Uniqueness of o_orderkey",
            "orders",
            (Unique("o_orderkey.unique", ("o_orderkey",)),),
        ),
        Suite("statistics", "Not null, range, type, row count", "lineitem", STATISTICS),
        Suite("wide", "200 checks on 200 columns", "wide", wide_checks(200)),
    )
}

for _name, _checks in {"eight": 8, "forty": 40, "plain": 40, "two-hundred": 200}.items():
    assert len(SUITES[_name].checks) == _checks
