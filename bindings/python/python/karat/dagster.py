"""Asset checks of Dagster: those of a suite, by one read of the data.

>>> from karat.dagster import build_checks  # doctest: +SKIP
>>> orders_checks = build_checks("suites/gold/orders.yml", asset="orders")  # doctest: +SKIP
"""

# Dagster reads the annotations of what it runs: they are no texts here.
import os
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from dagster import (
    AssetCheckExecutionContext,
    AssetCheckKey,
    AssetCheckResult,
    AssetCheckSeverity,
    AssetCheckSpec,
    AssetKey,
    AssetsDefinition,
    MetadataValue,
    TableRecord,
    multi_asset_check,
)

import karat
from karat._suite import suite_of

# As many as fit on a page of Dagster.
_SAMPLES = 10


def build_checks(
    suite: karat.Suite | str | os.PathLike[str] | Mapping[str, Any],
    asset: str | AssetKey | AssetsDefinition,
    *,
    data: Callable[[AssetCheckExecutionContext], Any] | Any = None,
    blocking: bool = True,
    name: str | None = None,
    **options: Any,
) -> AssetsDefinition:
    """Make one definition of all checks of a suite on an asset.

    The data is read once for the checks that are selected. ``data`` is what :func:`karat.check` takes, or a function that makes it
    of the context; without it, it is the suite's own. With ``blocking``, a critical check that fails stops what comes after the
    asset. A warning is a check that did not pass, of the severity WARN; what could not be evaluated did not pass either.
    ``options`` are those of :func:`karat.check`.
    """
    filling = {key: options.pop(key, None) for key in ("environment", "variables", "parameters")}
    read = karat.Suite._of(suite_of(suite, *filling.values()))
    names = _names(read)
    specs = [
        AssetCheckSpec(
            names[check.id],
            asset=asset,
            description=check.description,
            blocking=blocking and check.severity == "critical",
            metadata={"check": check.id, "expectation": check.expectation},
        )
        for check in read.checks
    ]
    ids = {spec.key: spec.metadata["check"] for spec in specs}

    @multi_asset_check(specs=specs, name=name or _named(f"karat_{read.name}"), can_subset=True)
    def judge(context: AssetCheckExecutionContext) -> Iterator[AssetCheckResult]:
        wanted = {ids[key]: key for key in context.selected_asset_check_keys}
        given = data(context) if callable(data) and not hasattr(data, "__arrow_c_stream__") else data
        run = karat.check(read, given, **{**options, "select": list(wanted)})
        context.log.info(str(run))
        for check in run.checks:
            if check.id in wanted and check.verdict != "skip":
                yield _result(check, wanted[check.id], run)

    made: AssetsDefinition = judge
    return made


def _result(check: karat.Check, key: AssetCheckKey, run: karat.Run) -> AssetCheckResult:
    metadata: dict[str, Any] = {"verdict": check.verdict, "finding": check.summary or check.reason or ""}
    if check.counts is not None:
        metadata["failing rows"] = MetadataValue.int(check.counts.failing)
        metadata["considered rows"] = MetadataValue.int(check.counts.considered)
    if check.observed is not None:
        metadata["observed"] = MetadataValue.json(check.observed)
    records = [TableRecord(_cells(sample)) for sample in check.samples[:_SAMPLES]]
    if records:
        metadata["rows"] = MetadataValue.table(records)
    if run.snapshot is not None and run.snapshot["version"] is not None:
        metadata["version"] = MetadataValue.int(run.snapshot["version"])
    return AssetCheckResult(
        passed=check.passed,
        asset_key=key.asset_key,
        check_name=key.name,
        metadata=metadata,
        severity=AssetCheckSeverity.WARN if check.verdict == "warn" else AssetCheckSeverity.ERROR,
        description=check.summary or check.reason or check.sentence,
    )


def _cells(sample: Mapping[str, Any]) -> dict[str, str | int | float | bool | None]:
    values = {**sample["key"], **sample["values"]}
    return {
        name: value if value is None or isinstance(value, (str, int, float, bool)) else str(value)
        for name, value in values.items()
    }


def _named(text: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]", "__", text)


def _names(suite: karat.Suite) -> dict[str, str]:
    """Return names that Dagster takes, by the ids of the checks: ``status.in_set`` is ``status__in_set``."""
    names: dict[str, str] = {}
    for check in suite.checks:
        base = name = _named(check.id)
        number = 2
        while name in names.values():
            name, number = f"{base}_{number}", number + 1
        names[check.id] = name
    return names
