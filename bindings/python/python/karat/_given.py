"""Arguments as a caller gives them, looked at before they go on, so that an error names the one that is wrong."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timezone
from importlib.util import find_spec
from operator import index
from typing import Any, SupportsIndex

from karat._options import Options

# More than any table has rows, or any machine bytes.
_MOST = 2**63

_KINDS: dict[str, tuple[type | tuple[type, ...], str]] = {
    "version": (SupportsIndex, "a number"),
    "samples": (SupportsIndex, "a number"),
    "memory": (SupportsIndex, "a number of bytes"),
    "statement_timeout": (SupportsIndex, "a number of seconds"),
    "fetch": (SupportsIndex, "a number of rows"),
    "engine": (str, "a text"),
    "duckdb_library": ((str, os.PathLike), "a file"),
    "whole_rows": (bool, "True or False"),
    "vacuous": (bool, "True or False"),
    "fail_on": (str, "a text"),
    "trust": (str, "a text"),
    "mask": (str, "a text"),
    "mask_key": (str, "a text"),
    "environment": (str, "a text"),
    "timestamp": ((str, datetime), "a datetime or a text"),
    "now": ((str, datetime), "a datetime or a text"),
    "history": ((str, os.PathLike, bool), "a folder, delta:URI, or True"),
    "storage_options": (Mapping, "a mapping"),
    "variables": (Mapping, "a mapping"),
    "parameters": (Mapping, "a mapping"),
    "datasets": (Mapping, "a mapping of names to data"),
    "progress": (Callable, "a function of two numbers"),  # type: ignore[dict-item]
}


def known(options: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Return options without those that are None, which say nothing. Raises for one of another name or kind."""
    unknown = sorted(options.keys() - set(names))
    if unknown:
        raise TypeError(f"no option {unknown[0]!r}; there are {', '.join(sorted(names))}")
    given = {name: value for name, value in options.items() if value is not None}
    for name, value in given.items():
        kind, told = _KINDS.get(name, (object, ""))
        if not isinstance(value, kind):
            raise TypeError(f"{name} is {told}, and not {value!r}")
    for name in ("version", "samples", "memory", "statement_timeout", "fetch"):
        if not 0 <= index(given.get(name, 0)) < _MOST:
            raise ValueError(f"{name} is {given[name]}, and must be from 0 to {_MOST - 1}")
    return given


def of_run(given: Mapping[str, Any]) -> Options:
    """Return options that are known as the Rust side takes them."""
    storage = given.get("storage_options", {})
    for name, value in storage.items():
        if value is None:
            raise TypeError(f"storage_options: {name} is None")
    history, library = given.get("history"), given.get("duckdb_library")
    if history == "":
        raise ValueError("history is the name of a folder, and not an empty text")
    return {
        "version": given.get("version"),
        "timestamp": _time(given.get("timestamp")),
        "storage_options": [(str(name), str(value)) for name, value in storage.items()],
        "samples": given.get("samples", 10),
        "whole_rows": given.get("whole_rows", False),
        "key": several("key", given.get("key", ())),
        "select": several("select", given.get("select", ())),
        "fail_on": given.get("fail_on"),
        "vacuous_passes": given.get("vacuous", True),
        "trust": given.get("trust"),
        "now": _time(given.get("now")),
        "memory": given.get("memory"),
        "mask": given.get("mask"),
        "mask_key": given.get("mask_key"),
        "history": os.fspath(history) if isinstance(history, os.PathLike) else history,
        "engine": given.get("engine"),
        "statement_timeout": given.get("statement_timeout"),
        "fetch": given.get("fetch"),
        "duckdb_library": _library() if library is None else os.fspath(library),
    }


def several(name: str, given: str | Iterable[str]) -> list[str]:
    """Return one text, or several, as several."""
    texts = [given] if isinstance(given, str) else list(given) if isinstance(given, Iterable) else [given]
    for text in texts:
        if not isinstance(text, str):
            raise TypeError(f"{name} is a text or several, and not {text!r}")
    return texts


def _library() -> str | None:
    """Return where the package duckdb has its library, which is not loaded by this."""
    found = find_spec("_duckdb")
    return found.origin if found else None


def _time(given: datetime | str | None) -> str | None:
    if not isinstance(given, datetime):
        return given
    if given.tzinfo is None:
        raise ValueError("a time needs a time zone: datetime.now(timezone.utc)")
    return given.astimezone(timezone.utc).isoformat()
