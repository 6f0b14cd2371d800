"""What the package `karat` stands on. It is no interface of its own."""

from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any, TypedDict, final

__all__ = ["Profile", "Rows", "Run", "Suite", "__version__", "check", "cli", "profile", "rows", "split", "suggest", "yaml"]

__version__: str

_Progress = Callable[[int, int], object]

class Filled(TypedDict):
    environment: str | None
    variables: list[tuple[str, str]]
    parameters: list[tuple[str, str]]

class Options(TypedDict):
    version: int | None
    timestamp: str | None
    storage_options: list[tuple[str, str]]
    samples: int
    whole_rows: bool
    key: list[str]
    select: list[str]
    fail_on: str | None
    vacuous_passes: bool
    trust: str | None
    now: str | None
    memory: int | None
    mask: str | None
    mask_key: str | None

@final
class Suite:
    @staticmethod
    def open(path: str | PathLike[str], filled: Filled) -> Suite: ...
    @staticmethod
    def parse(text: str, name: str, filled: Filled) -> Suite: ...
    @property
    def name(self) -> str: ...
    @property
    def layer(self) -> str | None: ...
    @property
    def data(self) -> str | None: ...
    @property
    def description(self) -> str | None: ...
    @property
    def path(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def checks(self) -> list[tuple[str, str, str | None, str, str, list[str]]]: ...

@final
class Rows:
    """Rows of a table, as an Arrow stream: ``polars.DataFrame(rows)``, ``pyarrow.table(rows)``, ``duckdb.sql("from rows")``."""

    @property
    def columns(self) -> list[str]: ...
    def __len__(self) -> int: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...
    def to_polars(self) -> Any: ...
    def to_arrow(self) -> Any: ...
    def to_pandas(self) -> Any: ...

@final
class Run:
    @property
    def passed(self) -> bool: ...
    @property
    def unread(self) -> str | None: ...
    def json(self) -> str: ...
    def text(self, width: int | None = None, passed: bool = True, samples: bool = False) -> str: ...
    def html(self) -> str: ...
    def fragment(self) -> str: ...
    def failures(self) -> list[tuple[str, str, str, str]]: ...
    def failing_rows(
        self, check: str | None, columns: Sequence[str], progress: _Progress | None = None
    ) -> Rows: ...

@final
class Profile:
    def json(self) -> str: ...
    def text(self, width: int | None = None) -> str: ...
    def html(self) -> str: ...

def cli(arguments: Sequence[str], again: Sequence[str]) -> int: ...
def yaml(tree: Any) -> str: ...
def check(
    suite: Suite,
    data: object | None,
    others: Sequence[tuple[str, object]],
    options: Options,
    progress: _Progress | None,
) -> Run: ...
def rows(
    suite: Suite,
    data: object | None,
    others: Sequence[tuple[str, object]],
    columns: Sequence[str],
    options: Options,
    progress: _Progress | None,
) -> tuple[Rows, Run]: ...
def split(
    suite: Suite,
    data: object | None,
    others: Sequence[tuple[str, object]],
    warnings: bool,
    options: Options,
    progress: _Progress | None,
) -> tuple[Rows, Rows, Run]: ...
def profile(
    data: object,
    shown: tuple[Sequence[str], bool],
    filled: Filled,
    options: Options,
    progress: _Progress | None,
) -> Profile: ...
def suggest(
    data: object,
    named: tuple[str | None, str | None],
    shown: tuple[Sequence[str], bool],
    filled: Filled,
    options: Options,
    progress: _Progress | None,
) -> str: ...
