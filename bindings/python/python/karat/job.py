"""A task of a job, such as a Python wheel task of Databricks: ``karat-job SUITE [DATA] [NAME=VALUE …]``.

It runs within the process of its host, unlike the command ``karat``: it hears no signals and starts nothing anew.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Judge data, set task values where the host has them, and raise unless the gate lets the data through."""
    import karat

    positional: list[str] = []
    storage: dict[str, str] = {}
    for argument in sys.argv[1:] if arguments is None else arguments:
        name, equals, value = argument.partition("=")
        # A URI may have an equals sign, too, in the names of its partitions.
        if equals and name.isidentifier():
            storage[name] = value
        else:
            positional.append(argument)
    if len(positional) not in (1, 2):
        raise SystemExit("usage: karat-job SUITE [DATA] [NAME=VALUE …]; NAME=VALUE opens the object store")
    run = karat.check(positional[0], positional[1] if len(positional) == 2 else None, storage_options=storage)
    print(run, flush=True)
    _set_task_values(
        karat_verdict=run.verdict, karat_failures=[failure.check for failure in run.failures()][:50]
    )
    run.raise_for_status()


def _set_task_values(**values: object) -> None:
    try:
        from databricks.sdk.runtime import dbutils
    except ImportError:
        return
    for name, value in values.items():
        dbutils.jobs.taskValues.set(key=name, value=value)


if __name__ == "__main__":
    main()
