"""What data may be: what karat opens itself, and what hands over its rows as an Arrow stream."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

from karat._errors import DataError


@runtime_checkable
class ArrowStream(Protocol):
    """Rows by the Arrow PyCapsule interface: frames of Polars and pandas, tables of PyArrow, relations of DuckDB, …"""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


# Any: a LazyFrame of Polars, a dataset of PyArrow, a frame of Spark.
Data = str | os.PathLike[str] | ArrowStream | Any


def data_of(data: Data) -> str | ArrowStream:
    """Return a path or URI as a text, and everything else as what has ``__arrow_c_stream__``."""
    if isinstance(data, str):
        return data
    if isinstance(data, os.PathLike):
        return os.fsdecode(data)
    # A class has the method, too, and no rows.
    if hasattr(data, "__arrow_c_stream__") and not isinstance(data, type):
        return data
    made = _OTHERS.get((type(data).__module__.split(".")[0], type(data).__name__))
    # Datasets of PyArrow are of several classes.
    if made is None and type(data).__module__.startswith("pyarrow") and hasattr(data, "scanner"):
        made = _scanned
    if made is not None:
        try:
            return made(data)
        except Exception as problem:
            raise DataError(f"the rows cannot be had: {problem}") from problem
    raise TypeError(
        "data is a path, a URI, or what has __arrow_c_stream__ (frames of Polars and pandas, tables of PyArrow, relations of "
        f"DuckDB), and not {type(data).__module__}.{type(data).__qualname__}"
    )


def _collected(frame: Any) -> ArrowStream:
    return frame.collect(engine="streaming")  # type: ignore[no-any-return]


def _scanned(dataset: Any) -> ArrowStream:
    return dataset.scanner().to_reader()  # type: ignore[no-any-return]


def _from_spark(frame: Any) -> ArrowStream:
    return frame.toArrow()  # type: ignore[no-any-return]


_OTHERS: dict[tuple[str, str], Callable[[Any], ArrowStream]] = {
    ("polars", "LazyFrame"): _collected,
    # All rows come to the driver.
    ("pyspark", "DataFrame"): _from_spark,
}
