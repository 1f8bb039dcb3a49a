"""Notebooks are short, stored without outputs, and run from top to bottom."""

import ast
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NAMES = [path.stem for path in NOTEBOOKS]
CHINESE = re.compile("[\u4e00-\u9fff`]")  # a first word of code may stand before it
SECONDS = 300  # for one cell, on a busy machine


def read(path: Path) -> nbformat.NotebookNode:
    notebook: nbformat.NotebookNode = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def test_there_are_notebooks() -> None:
    assert len(NOTEBOOKS) >= 5


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_notebook_is_short_and_stored_without_outputs(path: Path) -> None:
    cells = read(path).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    assert len(cells) < 25
    assert [cell.source for cell in code if cell.outputs or cell.execution_count] == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_notebook_speaks_chinese_first_and_ends_with_what_one_learns(path: Path) -> None:
    told = [cell.source for cell in read(path).cells if cell.cell_type == "markdown"]
    assert [words[:80] for words in told if not CHINESE.match(words.lstrip("# 1234567890."))] == []
    assert told[-1].startswith("## 学到什么")
    assert "模拟" in told[0]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_notebook_defines_no_long_function(path: Path) -> None:
    source = "\n".join(cell.source for cell in read(path).cells if cell.cell_type == "code")
    functions = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef)]
    assert [f.name for f in functions if (f.end_lineno or 0) - f.lineno + 1 > 5] == []


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=NAMES)
def test_a_notebook_runs(path: Path) -> None:
    notebook = read(path)
    client = NotebookClient(
        notebook,
        timeout=SECONDS,
        kernel_name="python3",
        resources={"metadata": {"path": str(ROOT)}},
    )
    client.execute()
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")
