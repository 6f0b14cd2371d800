"""Options, as the Rust side takes them: every key is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from karat._karat import Suite


class Filled(TypedDict):
    """What fills in a suite."""

    environment: str | None
    variables: list[tuple[str, str]]
    parameters: list[tuple[str, str]]


class Options(TypedDict):
    """How data is read and judged."""

    version: int | None
    timestamp: str | None
    storage_options: list[tuple[str, str]]
    samples: int
    whole_rows: bool
    key: list[str]
    select: list[str]
    fail_on: str | None
    vacuous_passes: bool
    trust: str | None
    now: str | None
    memory: int | None
    mask: str | None
    mask_key: str | None
    history: str | bool | None
    engine: str | None
    statement_timeout: int | None
    fetch: int | None
    duckdb_library: str | None


class Asked(TypedDict):
    """What is to be judged, and how."""

    suite: Suite
    data: object | None
    others: list[tuple[str, object]]
    options: Options
    progress: Callable[[int, int], object] | None


class Places(TypedDict):
    """Where the parts of a split go."""

    valid: str
    quarantine: str
    overwrite: bool
    evolve: bool
    since_last: bool
