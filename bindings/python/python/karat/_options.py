"""Options, as the Rust side takes them: every key is there."""

from __future__ import annotations

from typing import TypedDict


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
