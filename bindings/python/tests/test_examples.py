"""The examples of the docstrings, of the page and of the README run as they stand."""

from __future__ import annotations

import ast
import contextlib
import doctest
import importlib
import io
import json
import pkgutil
import re
from pathlib import Path
from typing import Any

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


def test_the_notebook_shows_what_comes_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("polars")
    monkeypatch.chdir(tmp_path)
    notebook = json.loads((Path(__file__).parent / "../../../examples/notebook.ipynb").read_text())
    names: dict[str, Any] = {}
    shown, found = [], []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            texts = [output.get("text") or output["data"]["text/plain"] for output in cell["outputs"]]
            shown.append("".join("".join(text) for text in texts).strip())
            found.append(_executed("".join(cell["source"]), names).strip())
    # A run says how long it took.
    assert [re.sub(r"[0-9.]+ s$", "", text) for text in found] == [re.sub(r"[0-9.]+ s$", "", text) for text in shown]


def _executed(cell: str, names: dict[str, Any]) -> str:
    """Executes a cell, and returns what a notebook shows as text."""
    *statements, last = ast.parse(cell).body
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        exec(compile(ast.Module(statements, []), "cell", "exec"), names)
        if not isinstance(last, ast.Expr):
            exec(compile(ast.Module([last], []), "cell", "exec"), names)
            return told.getvalue()
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)
    if value is None:
        return told.getvalue()
    bundle = getattr(value, "_repr_mimebundle_", None)
    return told.getvalue() + (bundle()["text/plain"] if bundle else repr(value))
