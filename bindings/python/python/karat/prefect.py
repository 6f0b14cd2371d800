"""A task for Prefect.

>>> from karat.prefect import karat_check  # doctest: +SKIP
>>> karat_check("suites/gold/orders.yml", data="s3://lake/gold/orders")  # within a flow  # doctest: +SKIP
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from prefect import task
from prefect.artifacts import create_markdown_artifact, create_table_artifact

import karat
from karat._summary import summary_of


def _tries_again(_task: Any, _run: Any, state: Any) -> bool:
    """Whether another try may come to something else: not if the gate failed."""
    try:
        state.result()
    except karat.GateFailed as failed:
        return failed.run is None or failed.run.gate.verdict != "fail"
    except karat.SuiteError:
        return False
    except Exception:
        return True
    return False


@task(name="karat check", retry_condition_fn=_tries_again)
def karat_check(
    suite: str | Mapping[str, Any], data: Any = None, *, artifacts: bool = True, **options: Any
) -> dict[str, Any]:
    """Judge data by a suite, and show what came of it as artifacts: a table of the checks, and the failures.

    A gate that fails fails the task, by ``karat.GateFailed``, and is not tried again; data that cannot be read fails it by
    ``karat.DataError``, and is, as often as the task's ``retries`` say. Returns the verdict, the gate and what was judged, without rows.
    ``options`` are those of :func:`karat.check`.
    """
    run = karat.check(suite, data, **options)
    if artifacts:
        key = "karat-" + re.sub(r"[^a-z0-9]+", "-", run.suite.lower()).strip("-")
        rows = [
            {"verdict": check.verdict, "check": check.id, "demand": check.sentence, "found": check.summary or check.reason or ""}
            for check in run.checks
        ]
        create_table_artifact(key=key, table=rows, description=f"{run.suite}: gate {run.gate.verdict}, {run.gate.reason}")
        if not run.passed:
            failures = "".join(f"- `{one.check}`: {_plain(one.reason)}\n" for one in run.failures())
            create_markdown_artifact(key=f"{key}-failures", markdown=f"# {_plain(run.suite)}\n\n{failures}")
    run.raise_for_status()
    return summary_of(run)


def _plain(text: str) -> str:
    """Return a text that Markdown shows as it is."""
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~-])", r"\\\1", text)
