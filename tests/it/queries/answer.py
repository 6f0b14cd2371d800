"""Reads statements of one JSON line each, and writes what DuckDB makes of them, one JSON line each.

A value is a text that says its kind: `n` a number with its digits, `f` the bits of a double."""

import datetime
import decimal
import json
import struct
import sys

import duckdb

EPOCH = datetime.datetime(1970, 1, 1)


def text(value):
    if value is None:
        return "~"
    if isinstance(value, bool):
        return "b1" if value else "b0"
    if isinstance(value, int):
        return f"n{value}"
    if isinstance(value, decimal.Decimal):
        digits = format(value, "f")
        if "." in digits:
            digits = digits.rstrip("0").rstrip(".")
        return "n" + ("0" if digits in ("-0", "") else digits)
    if isinstance(value, float):
        if value != value:
            return "fNaN"
        return "f" + struct.pack(">d", value + 0.0 if value != 0 else 0.0).hex()
    if isinstance(value, str):
        return "s" + value
    if isinstance(value, datetime.datetime):
        since = value - EPOCH
        return f"t{(since.days * 86400 + since.seconds) * 10**6 + since.microseconds}"
    if isinstance(value, datetime.date):
        return "d" + value.isoformat()
    raise TypeError(repr(value))


connection = duckdb.connect()
connection.execute("SET threads = 1")
for line in sys.stdin:
    statement = json.loads(line)
    try:
        if "set" in statement:
            for sql in statement["set"]:
                connection.execute(sql)
            continue
        rows = connection.execute(statement["query"]).fetchall()
        answer = {"rows": [[text(value) for value in row] for row in rows]}
    except duckdb.Error as error:
        answer = {"error": str(error)}
    print(json.dumps(answer))
