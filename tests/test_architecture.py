"""What linters cannot say: the size budget, who may do what, and that an import does nothing else.

The size budget is measured over the four packages; a failure prints the worst ten.
"""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("features", "models", "pipelines", "serving")
Function = ast.FunctionDef | ast.AsyncFunctionDef
BLOCKS = (ast.For, ast.AsyncFor, ast.While, ast.If, ast.With, ast.AsyncWith, ast.Try, ast.Match)
# A framework calls these by keyword, with one argument for each option or dependency.
DOORS = {"command", "callback", "get", "post", "put", "patch", "delete"}
CLOCKS = ("datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time")
TIME = {*CLOCKS, "Timestamp.now", "Timestamp.utcnow", "Timestamp.today", "time.time_ns"}
ENVIRONMENT = {"os.environ", "os.environb", "os.getenv", "pydantic_settings.BaseSettings"}
ONLY_TIME = {"pipelines/clock.py", "serving/deps.py"}
ONLY_ENVIRONMENT = {"serving/settings.py"}
NEVER_LOADED = {
    "features": {"sklearn", "mlflow", "lightgbm", "skops", "torch", "fastapi", "typer"},
    "models": {"torch"},
    "pipelines": {"uvicorn", "torch", "serving"},
    "serving": {"pipelines", "typer", "torch"},
}
# MLflow and ONNX Runtime would otherwise leave an installation id in the home folder.
QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "ORT_DISABLE_TELEMETRY": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}
# To build and to tune an encoder needs torch; whoever imports these loads it, and so none does at
# once.
BUILDERS = {f"models/text/encoder/{name}.py" for name in ("build", "export", "pooling", "tuning")}


@dataclass(frozen=True)
class Measured:
    """One function: where it stands and how large it is; lines without its docstring."""

    name: str
    node: Function
    method: bool
    lines: int
    nesting: int

    @property
    def arguments(self) -> tuple[int, int]:
        """How many may be given by position, and how many in all; without self."""
        args = self.node.args
        by_position = len(args.posonlyargs) + len(args.args) - self.method
        others = len(args.kwonlyargs) + (args.vararg is not None) + (args.kwarg is not None)
        return by_position, by_position + others

    @property
    def is_door(self) -> bool:
        """Whether it is handed to a framework: by a decorator, or because it takes options only."""
        calls = (d.func if isinstance(d, ast.Call) else d for d in self.node.decorator_list)
        told = [ast.unparse(a.annotation) for a in self.node.args.args if a.annotation is not None]
        return any(isinstance(c, ast.Attribute) and c.attr in DOORS for c in calls) or (
            bool(told) and all(annotation.startswith("options.") for annotation in told)
        )


@cache
def trees() -> dict[str, ast.Module]:
    paths = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text()) for path in paths}


@cache
def functions() -> tuple[Measured, ...]:
    return tuple(found for path, tree in trees().items() for found in _measured(path, tree))


def _measured(path: str, tree: ast.Module) -> Iterator[Measured]:
    methods = {
        node
        for owner in ast.walk(tree)
        if isinstance(owner, ast.ClassDef)
        for node in owner.body
        if isinstance(node, Function)
    }
    for node in ast.walk(tree):
        if isinstance(node, Function):
            static = any(ast.unparse(d) == "staticmethod" for d in node.decorator_list)
            yield Measured(
                name=f"{path}:{node.lineno} {node.name}",
                node=node,
                method=node in methods and not static,
                lines=_lines(node),
                nesting=max(map(_nesting, node.body)),
            )


def _lines(node: Function) -> int:
    first = node.body[0]
    documented = ast.get_docstring(node) is not None
    docstring = (first.end_lineno or 0) - first.lineno + 1 if documented else 0
    return (node.end_lineno or 0) - node.lineno + 1 - docstring


def _nesting(node: ast.AST) -> int:
    """Return how deep blocks stand in one another; an ``elif`` stands beside its ``if``."""
    if isinstance(node, Function | ast.ClassDef | ast.Lambda):
        return 0  # measured by itself
    inside = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.If) and len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
        inside.remove(node.orelse[0])
        return max(_nesting(node.orelse[0]), 1 + max(map(_nesting, inside), default=0))
    return isinstance(node, BLOCKS) + max(map(_nesting, inside), default=0)


def worst(sizes: dict[str, int]) -> str:
    ten = sorted(sizes.items(), key=lambda one: -one[1])[:10]
    return "the worst ten:\n" + "\n".join(f"{size:5} {name}" for name, size in ten)


def test_functions_are_small() -> None:
    sizes = {f.name: f.lines for f in functions()}
    lines = list(sizes.values())
    assert max(lines) <= 40, worst(sizes)
    assert np.median(lines) <= 7, worst(sizes)
    assert np.quantile(lines, 0.9) <= 24, worst(sizes)


def test_files_are_small() -> None:
    sizes = {path: len((ROOT / path).read_text().splitlines()) for path in trees()}
    sizes = {path: size for path, size in sizes.items() if not path.endswith("__init__.py")}
    assert max(sizes.values()) <= 300, worst(sizes)
    assert np.median(list(sizes.values())) <= 110, worst(sizes)


def test_blocks_nest_at_most_two_deep() -> None:
    nested = {f.name: f.nesting for f in functions()}
    assert max(nested.values()) <= 2, worst(nested)


def test_functions_take_at_most_five_arguments() -> None:
    counted = {f.name: f.arguments[1] for f in functions() if not f.is_door}
    assert max(counted.values()) <= 5, worst(counted)


def test_arguments_after_the_second_are_keyword_only() -> None:
    named = [f for f in functions() if not f.is_door and not f.node.name.startswith("__")]
    assert [f.name for f in named if f.arguments[0] > 2] == []


def test_no_argument_is_passed_through_unseen_or_a_bare_boolean() -> None:
    unseen = [f.name for f in functions() if f.node.args.kwarg is not None]
    booleans = [
        f.name
        for f in functions()
        for a in (*f.node.args.posonlyargs, *f.node.args.args)
        if isinstance(a.annotation, ast.Name) and a.annotation.id == "bool"
    ]
    assert unseen + booleans == []


def test_package_files_import_nothing() -> None:
    imports = [
        path
        for path, tree in trees().items()
        if path.endswith("__init__.py") and any(_is_import(node) for node in ast.walk(tree))
    ]
    assert imports == []


def _is_import(node: ast.AST) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


def test_only_the_doors_know_the_time() -> None:
    assert {path for path, tree in trees().items() if _tells(tree, TIME)} <= ONLY_TIME


def test_only_the_settings_read_the_environment() -> None:
    assert {path for path, tree in trees().items() if _tells(tree, ENVIRONMENT)} <= ONLY_ENVIRONMENT


def _tells(tree: ast.Module, names: set[str]) -> bool:
    """Return whether code names one of these, ``owner.name`` or imported by name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value).rpartition(".")[2]
            found = {f"{owner}.{node.attr}"}
        elif isinstance(node, ast.ImportFrom):
            found = {f"{node.module}.{alias.name}" for alias in node.names}
        else:
            continue
        if found & names:
            return True
    return False


def test_nothing_swallows_every_error() -> None:
    handlers = [
        f"{path}:{node.lineno}"
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
    ]
    assert handlers == []


def modules(package: str) -> list[str]:
    """Return every module of a package that can be imported by itself."""
    paths = (Path(path) for path in trees() if path.startswith(f"{package}/"))
    alone = (
        p
        for p in paths
        if "migrations" not in p.parts and p.name != "__main__.py" and str(p) not in BUILDERS
    )
    dotted = (".".join(path.with_suffix("").parts) for path in alone)
    return [name.removesuffix(".__init__") for name in dotted]


WATCH = """
import importlib, os, sys, threading
PACKAGES = ("features", "models", "pipelines", "serving")
class Watched(os._Environ):
    def __getitem__(self, key):
        frame, callers = sys._getframe(1), []
        while frame is not None and frame.f_globals.get("__name__") in ("os", "_collections_abc"):
            frame = frame.f_back
        name = "" if frame is None else frame.f_globals.get("__name__", "")
        if name.partition(".")[0] in PACKAGES:
            raise SystemExit(f"{name} reads {key} while it is imported")
        return super().__getitem__(key)
os.environ.__class__ = Watched
for name in sys.argv[1:]:
    importlib.import_module(name)
others = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
if others:
    raise SystemExit(f"threads were started: {others}")
print(*sys.modules)
"""


def imported(names: list[str], folder: Path) -> set[str]:
    """Import modules in a fresh process, watched, in an empty folder; return what was loaded."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", WATCH, *names],
        cwd=folder,
        env={**kept, **QUIET, "HOME": str(folder), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in done.stdout.split()}


@pytest.mark.parametrize("package", PACKAGES)
def test_importing_a_package_leaves_and_loads_nothing_else(package: str, tmp_path: Path) -> None:
    loaded = imported(modules(package), tmp_path)
    assert list(tmp_path.rglob("*")) == []
    assert loaded & NEVER_LOADED[package] == set()


def test_importing_the_estimators_loads_no_database(tmp_path: Path) -> None:
    estimators = [name for name in modules("models") if name != "models.registry"]
    assert imported(estimators, tmp_path) & {"mlflow", "sqlalchemy", "fastapi", "typer"} == set()
