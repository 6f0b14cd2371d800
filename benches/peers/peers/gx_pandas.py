"""Great Expectations on pandas, with decimals as floats.

Left as the decimals that `pandas.read_parquet` gives, it asks for the call stack once for every value
of an aggregate (`convert_decimal_to_float`), some milliseconds each: hours for a million rows.
"""

from __future__ import annotations

from pathlib import Path

import great_expectations as gx
import pyarrow
import pyarrow.parquet

from checks import Suite
from peers.gx_forms import validate
from peers.program import Answer, serve


def run(suite: Suite, folder: Path, _orders: Path) -> Answer:
    table = pyarrow.parquet.read_table(folder, columns=list(suite.columns) or None)
    rows = table.cast(with_floats(table.schema)).to_pandas(self_destruct=True)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return validate(suite, context.data_sources.add_pandas("pandas"), rows)


def with_floats(schema: pyarrow.Schema) -> pyarrow.Schema:
    """The schema with its decimals as floats."""
    for index, field in enumerate(schema):
        if pyarrow.types.is_decimal(field.type):
            schema = schema.set(index, field.with_type(pyarrow.float64()))
    return schema


if __name__ == "__main__":
    serve(run)
