"""The decode floor: Polars decodes the suite's columns and does next to nothing with them.

What nobody who looks at every value can be faster than, with this reader. It answers no check.
"""

from __future__ import annotations

from pathlib import Path

import polars

from checks import Suite
from peers.program import Answer, serve


def run(suite: Suite, folder: Path, _orders: Path) -> Answer:
    rows = polars.scan_parquet(folder / "*.parquet").select(suite.columns)
    rows.select(polars.all().null_count()).collect(engine="streaming")
    return {}, {check.id: "answers no check" for check in suite.checks}


if __name__ == "__main__":
    serve(run)
