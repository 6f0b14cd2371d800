"""The exceptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from karat import _karat
    from karat._run import Failure, Run


class KaratError(Exception):
    """What all exceptions of karat are."""


class Problem(NamedTuple):
    """One of the things that are wrong with a suite, or with a file of its project."""

    path: str
    """The file, or what stands for it."""
    line: int | None
    """The line, from 1; none if the file cannot be read."""
    column: int | None
    """The column in characters, from 1."""
    message: str
    """What is wrong."""
    hint: str | None
    """The way out, if there is one: the nearest right word, or what is accepted."""

    def __str__(self) -> str:
        place = "" if self.line is None else f":{self.line}:{self.column}"
        hint = "" if self.hint is None else f" ({self.hint})"
        return f"{self.path}{place}: {self.message}{hint}"


class SuiteError(KaratError):
    """A suite that cannot be read. Its place is that of the first problem; ``problems`` has them all.

    >>> import karat
    >>> try:
    ...     karat.Suite("orders", columns={"id": ["not_nul"]})
    ... except karat.SuiteError as error:
    ...     print(error.line, error.hint)
    3 did you mean "not_null"?
    """

    problems: tuple[Problem, ...]
    """All problems, in the order of the text."""

    def __init__(self, problems: Sequence[tuple[str, int | None, int | None, str, str | None]]) -> None:
        self.problems = tuple(Problem(*problem) for problem in problems)
        super().__init__("\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[SuiteError], tuple[object, ...]]:
        return type(self), (tuple(map(tuple, self.problems)),)

    @property
    def path(self) -> str:
        """The file of the first problem."""
        return self.problems[0].path

    @property
    def line(self) -> int | None:
        """The line of the first problem, from 1."""
        return self.problems[0].line

    @property
    def column(self) -> int | None:
        """The column of the first problem, from 1."""
        return self.problems[0].column

    @property
    def hint(self) -> str | None:
        """The way out of the first problem."""
        return self.problems[0].hint


class DataError(KaratError):
    """Data that cannot be read, so that nothing was judged. Another try may be worth it."""

    def __init__(self, message: str, hint: str | None = None, run: Run | None = None) -> None:
        self.message = message
        """What is wrong."""
        self.hint = hint
        """The way out, if there is one."""
        self.run = run
        """The run, in which every check is an error, if there is one."""
        super().__init__(message if hint is None else f"{message} ({hint})")

    def __reduce__(self) -> tuple[type[DataError], tuple[object, ...]]:
        return type(self), (self.message, self.hint)


class GateFailed(KaratError):
    """The gate did not let the data through. Another try comes to the same, unless the data changes."""

    def __init__(self, message: str, run: Run | None = None, failures: Sequence[Failure] = ()) -> None:
        self.message = message
        """Which checks stopped the gate, and why."""
        self.run = run
        """The run; none where a check with ``on_fail: stop`` failed."""
        self.failures = tuple(failures)
        """The checks that stopped the gate."""
        super().__init__(message)

    def __reduce__(self) -> tuple[type[GateFailed], tuple[object, ...]]:
        return type(self), (self.message, None, self.failures)


class WriteError(KaratError):
    """A history, or a destination of a split, that cannot be read or written. The data was judged; another try may be worth it."""

    def __init__(self, message: str, run: _karat.Run | Run | None = None) -> None:
        from karat._run import Run

        self.message = message
        """What is wrong."""
        self.run = run if run is None or isinstance(run, Run) else Run(run)
        """The run that was judged; none in another process than that which judged."""
        super().__init__(message)

    def __reduce__(self) -> tuple[type[WriteError], tuple[object, ...]]:
        return type(self), (self.message,)


class InternalError(KaratError):
    """A panic: a defect of karat. The interpreter goes on."""
