"""Reads a Delta table, and prints JSON."""

import json
import sys

from deltalake import DeltaTable, QueryBuilder

path, *version = sys.argv[1:]
table = DeltaTable(path, version=int(version[0]) if version else None)
read = QueryBuilder().register("t", table).execute("select * from t").read_all()
columns = [read[name].to_pylist() for name in read.column_names]
rows = sorted((list(row) for row in zip(*columns)), key=lambda row: [(v is not None, str(type(v)), v) for v in row])
schema = json.loads(table.schema().to_json())["fields"]
done = {
    "version": table.version(),
    "columns": read.column_names,
    "types": {field["name"]: field["type"] for field in schema},
    "partitioned": table.metadata().partition_columns,
    "rows": rows,
    "operations": [commit.get("operation") for commit in table.history()],
}
json.dump(done, sys.stdout, default=str)
