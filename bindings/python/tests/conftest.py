"""What the tests share: a small table, and the command."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ORDERS = "order_id,status,total\n1,O,10.5\n2,F,20\n3,X,\n3,O,-1\n"
SUITE = """\
suite: orders
data: orders.csv
key: order_id
columns:
  order_id: [not_null, unique]
  status:
    - in_set: [O, F, P]
  total:
    - between: {min: 0}
      severity: warning
"""


@pytest.fixture
def orders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a table and a suite, which is the working folder."""
    (tmp_path / "orders.csv").write_text(ORDERS)
    (tmp_path / "orders.yml").write_text(SUITE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def command() -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command of the wheel."""

    def run(*arguments: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "karat", *arguments],
            capture_output=True,
            text=True,
            cwd=cwd,
            env={**os.environ, **environment},
            timeout=300,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo, made by the command of the wheel."""
    folder = tmp_path_factory.mktemp("demo")
    done = subprocess.run(
        [sys.executable, "-m", "karat", "demo"], cwd=folder, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder / "karat-demo"


@pytest.fixture
def binary() -> str:
    """The binary, which `KARAT_BINARY` names."""
    named = os.environ.get("KARAT_BINARY")
    if named is None:
        pytest.skip("KARAT_BINARY names no binary of karat")
    return named
