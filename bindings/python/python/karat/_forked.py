"""Processes that are forked: the threads of the engine stay behind."""

from __future__ import annotations

import os

from karat._errors import KaratError

_used_by: int | None = None


def refuse_forked() -> None:
    """Raise if karat was used before this process was forked: its threads are not here, and nothing would ever answer."""
    global _used_by
    own = os.getpid()
    if _used_by is None:
        _used_by = own
    elif _used_by != own:
        raise KaratError(
            "karat was used before this process was forked, and its threads stayed behind: start processes with spawn "
            '(multiprocessing.get_context("spawn")), or use karat within them only'
        )
