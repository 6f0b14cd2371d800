"""A run, small enough to be handed from task to task."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from karat._run import Run

# Airflow keeps what tasks hand on in its database; a long list of failures says no more.
_MOST = 100


def summary_of(run: Run) -> dict[str, Any]:
    """Return the verdict, the gate, the snapshot and what stopped, without any row."""
    report = run.to_dict()
    failures = [failure._asdict() for failure in run.failures()]
    return {
        "suite": run.suite,
        "run": run.id,
        "verdict": run.verdict,
        "passed": run.passed,
        "gate": run.gate._asdict(),
        "statistics": report["statistics"],
        "snapshot": None if run.snapshot is None else {**run.snapshot, "columns": len(run.snapshot["columns"])},
        "failures": [{**failure, "reason": failure["reason"][:300]} for failure in failures[:_MOST]],
        "more_failures": max(0, len(failures) - _MOST),
    }
