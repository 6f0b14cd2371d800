"""What dbt has built, as its artifacts tell: the tables that are to be judged behind it.

>>> import duckdb  # doctest: +SKIP
>>> lake = duckdb.connect("dev.duckdb", read_only=True)  # doctest: +SKIP
>>> for table in built("target"):  # doctest: +SKIP
...     karat.check(f"suites/{table.name}.yml", lake.table(table.relation)).raise_for_status()
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, NamedTuple

from karat._errors import DataError

# What is a table, by the first word of its id; tests are none.
_TABLES = ("model", "seed", "snapshot")


class Built(NamedTuple):
    """A table that dbt has built."""

    name: str
    """The name of its model, seed or snapshot."""
    relation: str | None
    """The table as SQL names it, quoted: ``"dev"."main"."orders"``; none of a model that is no relation."""
    location: str | None
    """The file or folder that an external model has written, by its configuration, as it stands there."""
    id: str
    """What dbt calls it: ``model.shop.orders``."""


def built(target: str | os.PathLike[str] = "target") -> list[Built]:
    """Return the models, seeds and snapshots that the last ``dbt build``, ``run``, ``seed`` or ``snapshot`` has built, in its order.

    ``target`` is the folder of dbt's artifacts, ``run_results.json`` and ``manifest.json``. What failed or was skipped is left out:
    dbt has said so by its exit code. Raises ``karat.DataError`` if an artifact cannot be read.
    """
    results, nodes = _read(target, "run_results.json", "results"), _read(target, "manifest.json", "nodes")
    return [
        Built(node["name"], node.get("relation_name"), node.get("config", {}).get("location"), result["unique_id"])
        for result in results
        if result["status"] == "success" and result["unique_id"].partition(".")[0] in _TABLES
        if (node := nodes.get(result["unique_id"])) is not None
    ]


def _read(target: str | os.PathLike[str], name: str, key: str) -> Any:
    file = Path(target) / name
    try:
        return json.loads(file.read_text(encoding="utf-8"))[key]
    except OSError as problem:
        raise DataError(f"{file} cannot be read: {problem.strerror}", "dbt build writes it") from None
    except (ValueError, KeyError, TypeError):
        raise DataError(f"{file} is no artifact of dbt") from None
