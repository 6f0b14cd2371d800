"""Great Expectations on pandas: the files loaded by `pandas.read_parquet`, then validated."""

from __future__ import annotations

from pathlib import Path

import great_expectations as gx
import pandas

from checks import Suite
from peers.gx_forms import validate
from peers.program import Answer, serve


def run(suite: Suite, folder: Path, _orders: Path) -> Answer:
    rows = pandas.read_parquet(folder, columns=list(suite.columns) or None)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return validate(suite, context.data_sources.add_pandas("pandas"), rows)


if __name__ == "__main__":
    serve(run)
