"""Reads a Delta table, or a Parquet file, and prints JSON."""

import base64
import datetime
import decimal
import json
import sys


def text(value):
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value)
    return str(value)


def plain(value):
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return str(value)
    if isinstance(value, list):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return value


def columns(read):
    return {name: [plain(value) for value in read[name].to_pylist()] for name in read.column_names}


def all_of(table, query="select * from t"):
    from deltalake import QueryBuilder

    return columns(QueryBuilder().register("t", table).execute(query).read_all())


task, path = sys.argv[1:]
if task == "file":
    import duckdb

    read = duckdb.execute("select * from read_parquet(?)", [path])
    names = [column[0] for column in read.description]
    rows = read.fetchall()
    words = duckdb.execute("select decode(key), decode(value) from parquet_kv_metadata(?)", [path]).fetchall()
    done = {"columns": {name: [plain(row[i]) for row in rows] for i, name in enumerate(names)}, "words": dict(words)}
elif task == "make_with_vectors":
    from arro3.core import Array, DataType, Table
    from deltalake import write_deltalake

    for ids in (range(0, 50), range(50, 100)):
        rows = {
            "id": Array(list(ids), DataType.int64()),
            "status": Array(["lost" if i % 7 == 0 else "paid" for i in ids], DataType.string()),
            "part": Array([["a", "b \u00e9", "c=d"][i % 3] for i in ids], DataType.string()),
        }
        keeps = {"delta.enableDeletionVectors": "true"}
        write_deltalake(path, Table.from_pydict(rows), mode="append", partition_by=["part"], configuration=keeps)
    done = {}
else:
    from deltalake import DeltaTable, write_deltalake

    table = DeltaTable(path)
    if task == "read":
        done = {
            "version": table.version(),
            "schema": json.loads(table.schema().to_json()),
            "columns": all_of(table),
            "history": table.history(),
            "partitions": table.metadata().partition_columns,
            "files": len(table.file_uris()),
        }
    elif task == "statistics":
        read = table.get_add_actions(flatten=True)
        done = {name: [plain(value) for value in read[name].to_pylist()] for name in read.schema.names}
    elif task == "compact":
        table.optimize.compact()
        done = {}
    elif task == "append":
        write_deltalake(path, QueryVersion.of(table), mode="append")
        done = {}
json.dump(done, sys.stdout, default=text)
