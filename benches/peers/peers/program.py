"""What the peers' programs share: their arguments, and the answer they write.

A peer is called as `python -m peers.NAME SUITE DATA ORDERS ANSWER`: the name of a suite, the folder
of the table, the folder of orders, and the file the answer goes to.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from checks import Suite
from suites import SUITES


class Inexpressible(Exception):
    """The peer has no form for a check; the message says why."""


@dataclass(frozen=True)
class Found:
    """What a peer says of a check. `failing`: rows, where it counts them; `nulls` among the
    considered ones, where the reference says so."""

    passed: bool
    failing: int | None = None
    nulls: int | None = None

    @staticmethod
    def rows(failing: int, nulls: int | None = None) -> Found:
        return Found(failing == 0, failing, nulls)


#: What was found of each check by its id, and why a check could not be asked.
Answer = tuple[dict[str, Found], dict[str, str]]


def serve(run: Callable[[Suite, Path, Path], Answer]) -> None:
    suite, folder, orders, answer = sys.argv[1:5]
    found, missing = run(SUITES[suite], Path(folder), Path(orders))
    told = {"found": {id: asdict(of) for id, of in found.items()}, "missing": missing}
    Path(answer).write_text(json.dumps(told))
