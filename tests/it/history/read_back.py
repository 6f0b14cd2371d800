"""Reads the Delta table of a history, or changes it, and prints JSON."""

import json
import sys

from deltalake import DeltaTable, QueryBuilder, write_deltalake


def rows(table, query):
    read = QueryBuilder().register("runs", table).execute(query).read_all()
    columns = {name: read[name].to_pylist() for name in read.column_names}
    return [dict(zip(columns, row)) for row in zip(*columns.values())]


def text(value):
    # As RFC 3339 with milliseconds.
    return value.strftime("%Y-%m-%dT%H:%M:%S.") + f"{value.microsecond // 1000:03}Z"


task, path = sys.argv[1:]
table = DeltaTable(path)
done = {}
if task == "read":
    done = {
        "version": table.version(),
        "messages": [commit.get("userMetadata") for commit in table.history()],
        "rows": rows(table, "select * from runs order by run_id, suite_position, check_position"),
    }
elif task == "compact":
    table.optimize.compact()
elif task == "delete":
    table.delete("run_id < '20260103'")
elif task == "later":
    query = (
        "select * replace (cast(2 as int) as history_version, '20270101T000000000Z-00000000' as run_id)"
        " from runs where run_id = (select max(run_id) from runs)"
    )
    later = QueryBuilder().register("runs", table).execute(query).read_all()
    write_deltalake(path, later, mode="append")
json.dump(done, sys.stdout, default=text)
