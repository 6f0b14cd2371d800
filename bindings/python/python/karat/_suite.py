"""Suites: read from files and texts, or built."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from karat import _karat
from karat._options import Filled

# A check as a suite holds it: the id of an expectation, or a mapping of it to its argument, with options beside it.
CheckSpec = str | Mapping[str, Any]


class SuiteCheck(NamedTuple):
    """A check of a suite, before it is run."""

    id: str
    """Its name within the suite, by which history follows it."""
    expectation: str
    """The id of its expectation."""
    column: str | None
    """Its column; none for a check on the table."""
    severity: str
    """``critical``, ``warning`` or ``info``."""
    description: str
    """The author's description, or else what it demands."""
    tags: tuple[str, ...]
    """Words to select it by."""


class Suite:
    """What a table must be.

    A suite that is built is the same tree as its YAML, and is read as strictly:

    >>> suite = Suite("orders", columns={"order_id": ["not_null", "unique"], "status": [{"in_set": ["O", "F"]}]})
    >>> [check.id for check in suite.checks]
    ['order_id.not_null', 'order_id.unique', 'status.in_set']
    >>> print(suite.to_yaml(), end="")
    suite: orders
    columns:
      order_id: [not_null, unique]
      status: [{in_set: [O, F]}]

    Whatever else a suite may hold (``data``, ``layer``, ``key``, ``pii``, ``owner``, …) is an argument, too.
    """

    __slots__ = ("_suite",)

    _suite: _karat.Suite

    def __init__(
        self,
        suite: str,
        *,
        columns: Mapping[str, Sequence[CheckSpec]] | None = None,
        table: Sequence[CheckSpec] | None = None,
        **others: Any,
    ) -> None:
        tree = {"suite": suite, **others, "columns": columns, "table": table}
        self._suite = _parse({key: value for key, value in tree.items() if value is not None}, {}, None, {})

    @classmethod
    def _of(cls, suite: _karat.Suite) -> Suite:
        made = cls.__new__(cls)
        made._suite = suite
        return made

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        environment: str | None = None,
        variables: Mapping[str, object] | None = None,
        parameters: Mapping[str, object] | None = None,
    ) -> Suite:
        """Read a suite from a file, in the project of the nearest ``karat.yml`` above it.

        ``environment`` and ``variables`` are those of the project, ``parameters`` those of a suite of Great Expectations.
        """
        filled = _filled(environment, variables, parameters)
        return cls._of(_karat.Suite.open(os.fspath(path), filled))

    @classmethod
    def from_yaml(
        cls,
        text: str,
        *,
        environment: str | None = None,
        variables: Mapping[str, object] | None = None,
        parameters: Mapping[str, object] | None = None,
    ) -> Suite:
        """Read a suite from YAML or JSON, in the project of the working folder."""
        return cls._of(_karat.Suite.parse(text, "suite.yml", _filled(environment, variables, parameters)))

    @classmethod
    def from_dict(
        cls,
        tree: Mapping[str, Any],
        *,
        environment: str | None = None,
        variables: Mapping[str, object] | None = None,
        parameters: Mapping[str, object] | None = None,
    ) -> Suite:
        """Read a suite from what its YAML would hold, or from a suite of Great Expectations."""
        return cls._of(_parse(tree, variables or {}, environment, parameters or {}))

    @property
    def name(self) -> str:
        """The name."""
        return self._suite.name

    @property
    def layer(self) -> str | None:
        """The layer of its dataset."""
        return self._suite.layer

    @property
    def data(self) -> str | None:
        """Where its dataset lies, unless :func:`check` is given another one."""
        return self._suite.data

    @property
    def description(self) -> str | None:
        """The author's description."""
        return self._suite.description

    @property
    def path(self) -> str:
        """The path of its file, or ``suite.yml`` if it has none."""
        return self._suite.path

    @property
    def checks(self) -> tuple[SuiteCheck, ...]:
        """The checks, in their order."""
        return tuple(SuiteCheck(*check[:5], tuple(check[5])) for check in self._suite.checks)

    def to_yaml(self) -> str:
        """Return the text that was read: YAML, unless the suite was JSON."""
        return self._suite.text

    def __repr__(self) -> str:
        return f"<karat.Suite {self.name!r}: {len(self._suite.checks)} checks>"

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self.to_yaml(), self.path, self._suite.filled)


def _again(text: str, path: str, filled: Filled) -> Suite:
    """Read a suite that was read in another process."""
    return Suite._of(_karat.Suite.parse(text, path, filled))


def _filled(
    environment: str | None, variables: Mapping[str, object] | None, parameters: Mapping[str, object] | None
) -> Filled:
    return {
        "environment": environment,
        "variables": [(name, str(value)) for name, value in (variables or {}).items()],
        "parameters": [(name, str(value)) for name, value in (parameters or {}).items()],
    }


def _parse(
    tree: Mapping[str, Any],
    variables: Mapping[str, object],
    environment: str | None,
    parameters: Mapping[str, object],
) -> _karat.Suite:
    # Suites of Great Expectations are JSON, and are recognised as such.
    text = json.dumps(tree, indent=2) if "expectations" in tree else _karat.yaml(dict(tree))
    return _karat.Suite.parse(text, "suite.yml", _filled(environment, variables, parameters))


def suite_of(
    suite: object,
    environment: str | None,
    variables: Mapping[str, object] | None,
    parameters: Mapping[str, object] | None,
) -> _karat.Suite:
    """Return a suite of whatever stands for one: itself, a path, YAML, or a mapping."""
    fill: dict[str, Any] = {"environment": environment, "variables": variables, "parameters": parameters}
    if isinstance(suite, Suite):
        if any(given is not None for given in fill.values()):
            raise ValueError("a suite that was read is filled in already: give these where it is read")
        return suite._suite
    if isinstance(suite, Mapping):
        return Suite.from_dict(suite, **fill)._suite
    # A text of several lines, or of a mapping in one line, is no path.
    if isinstance(suite, str) and ("\n" in suite or ": " in suite or suite.lstrip().startswith("{")):
        return Suite.from_yaml(suite, **fill)._suite
    if isinstance(suite, (str, os.PathLike)):
        return Suite.open(suite, **fill)._suite
    raise TypeError(
        f"a suite is a path, YAML, a mapping or a karat.Suite, and not {type(suite).__module__}.{type(suite).__qualname__}"
    )
