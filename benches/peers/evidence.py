"""What karat's own report says of what it read, and of what it did not have to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

EXECUTION = ("scans", "rows_read", "bytes_read", "bytes_not_read", "elapsed_ms")
WITHOUT_ROWS = ("nothing", "schema", "statistics")


def told(report: Path) -> dict[str, Any]:
    """Of a JSON report: what reading took, how many checks were judged without reading rows, and
    the share of all checks' rows that statistics answered for, in percent."""
    suite = json.loads(report.read_text())["suites"][0]
    checks = [check.get("evidence") or {} for check in suite["checks"]]
    shares = [share(check) for check in checks]
    reading = {name: (suite["execution"] or {}).get(name) for name in EXECUTION}
    if reading["scans"] == 0 and reading["bytes_read"] is None:
        # Without a scan there is nothing that could have counted bytes.
        reading["bytes_read"] = 0
    return {
        **reading,
        "files": (suite["snapshot"] or {}).get("files"),
        "checks": len(checks),
        "without_rows": sum(check.get("read") in WITHOUT_ROWS for check in checks),
        "proved_percent": sum(shares) / len(shares),
    }


def share(check: dict[str, Any]) -> float:
    """The percent of a check's rows that were not read for it."""
    if check.get("read") in WITHOUT_ROWS:
        return 100.0
    return float((check.get("proved") or {}).get("percent") or 0)
