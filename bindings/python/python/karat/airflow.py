"""An operator for Airflow 3.

>>> from karat.airflow import KaratCheckOperator  # doctest: +SKIP
>>> KaratCheckOperator(task_id="check_orders", suite="suites/gold/orders.yml", data="{{ params.table }}")  # doctest: +SKIP
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow.exceptions import AirflowFailException
from airflow.sdk import BaseOperator

if TYPE_CHECKING:
    from karat import Run


class KaratCheckOperator(BaseOperator):
    """Judges data by a suite.

    A gate that fails fails the task without another try, since the data will not change by itself. Data that cannot be read, or a
    check that could not be evaluated, fails it so that it is tried again as often as ``retries`` says. Either way, what the task
    hands on (its XCom, also under the key ``karat``) says what stopped; it holds no rows. ``html`` is a file to which the
    report goes. OpenLineage is told the outcome of each check.

    ``options`` are those of :func:`karat.check`. The suite is a path, YAML or what YAML would hold.
    """

    template_fields: Sequence[str] = ("suite", "data", "html", "options")
    # A suite's file is no template of Airflow: it has variables of its own, and its project lies beside it.
    template_ext: Sequence[str] = ()
    ui_color = "#f3e6bd"

    def __init__(
        self,
        *,
        suite: str | Mapping[str, Any],
        data: str | None = None,
        html: str | None = None,
        options: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.suite = suite
        self.data = data
        self.html = html
        self.options = options or {}
        self._run: Run | None = None

    def execute(self, context: Any) -> dict[str, Any]:
        """Judge the data, and hand on what came of it."""
        # Only where a task runs: a scheduler that reads the DAG needs no engine.
        import karat
        from karat._summary import summary_of

        run = self._run = karat.check(self.suite, self.data, **self.options)
        self.log.info("%s", run)
        if self.html is not None:
            with open(self.html, "w", encoding="utf-8") as page:
                page.write(run.html())
        summary = summary_of(run)
        context["ti"].xcom_push(key="karat", value=summary)
        if run.passed:
            return summary
        try:
            run.raise_for_status()
        except karat.GateFailed as failed:
            if run.gate.verdict == "fail":
                raise AirflowFailException(failed.message) from None
            raise
        return summary

    def get_openlineage_facets_on_complete(self, task_instance: Any) -> Any:
        """Tell OpenLineage what was judged, and what each check came to."""
        from airflow.providers.openlineage.extractors import OperatorLineage

        run = self._run
        if run is None or run.snapshot is None:
            return OperatorLineage()
        return OperatorLineage(inputs=[_dataset(run, run.snapshot)])

    def get_openlineage_facets_on_failure(self, task_instance: Any) -> Any:
        """Tell OpenLineage the same of a task that failed."""
        return self.get_openlineage_facets_on_complete(task_instance)


def _named(uri: str) -> tuple[str, str]:
    """Return the namespace and the name of a dataset, as OpenLineage has them."""
    from urllib.parse import urlsplit

    parts = urlsplit(uri)
    if parts.scheme and parts.netloc:
        return f"{parts.scheme}://{parts.netloc}", parts.path.strip("/")
    return "file", os.path.abspath(parts.path if parts.scheme == "file" else uri)


def _dataset(run: Run, snapshot: Mapping[str, Any]) -> Any:
    from openlineage.client.event_v2 import InputDataset
    from openlineage.client.generated.data_quality_assertions_dataset import (
        Assertion,
        DataQualityAssertionsDatasetFacet,
    )
    from openlineage.client.generated.dataset_version_dataset import DatasetVersionDatasetFacet

    namespace, name = _named(snapshot["uri"])
    assertions = [
        Assertion(
            assertion=check.expectation,
            success=check.verdict in ("pass", "skip"),
            column=check.columns[0] if len(check.columns) == 1 else None,
            severity={"critical": "error", "warning": "warn"}.get(check.severity, "warn"),
            name=check.id,
            description=check.sentence,
            expected=check.report["expected"] or None,
            actual=check.summary or check.reason,
        )
        for check in run.checks
        if check.verdict != "skip"
    ]
    version = snapshot["version"]
    facets = {} if version is None else {"version": DatasetVersionDatasetFacet(datasetVersion=str(version))}
    return InputDataset(
        namespace=namespace,
        name=name,
        facets=facets,
        inputFacets={"dataQualityAssertions": DataQualityAssertionsDatasetFacet(assertions=assertions)},
    )
