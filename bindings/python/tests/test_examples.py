"""The examples of the docstrings, of the page and of the README run as they stand."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import karat

MODULES = ["karat", *(f"karat.{module.name}" for module in pkgutil.iter_modules(karat.__path__))]
HOSTS = ("airflow", "dagster", "prefect")
PAGES = ["../../../expectations/python.md"]


@pytest.mark.parametrize("name", [name for name in MODULES if name != "karat.__main__"])
def test_docstrings(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if name.rpartition(".")[2] in HOSTS:
        pytest.importorskip(name.rpartition(".")[2])
    (tmp_path / "orders.csv").write_text("order_id,status\n1,O\n2,F\n")
    monkeypatch.chdir(tmp_path)
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("page", PAGES)
def test_pages(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (Path(__file__).parent / page).read_text()
    (tmp_path / "orders.csv").write_text("order_id,status,total\n1,O,10.5\n2,F,20\n3,X,7.25\n")
    monkeypatch.chdir(tmp_path)
    # A block ends where its example does.
    text = text.replace("```", "")
    example = doctest.DocTestParser().get_doctest(text, {}, page, page, 0)
    assert example.examples
    assert doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(example).failed == 0
