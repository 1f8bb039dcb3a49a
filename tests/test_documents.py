"""Do the documents agree with the code: commands, entry points, columns, words, links."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from features import declared, exchange
from features.aggregates import Aggregate
from features.catalog import DEFAULT_KEYS, FAMILIES, REGISTER, family
from features.feature_set import FeatureSet
from features.judgements import KEPT
from features.records import EXCHANGED
from pipelines.cli import app

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")
PAGES = (
    *READMES,
    *("ARCHITECTURE.md", "CONTRIBUTING.md"),
    *("docs/exchange.md", "docs/draw.md", "docs/rules.md", "docs/inspection.md"),
)
STEPS = (
    "sample",
    "ingest",
    "annotate",
    "label_queue",
    "build_encoder",
    "train_text",
    "train_entities",
    "table",
    "train_risk",
    "backtest",
    "promote",
    "compare",
    "rollback",
    "plan",
    "score",
    "assign",
    "monitor",
)
READ = {("ingest", "directory"), ("backtest", "directory")}  # what must be there to be read
GROUPS = ("study", "rules")  # of commands
CHINESE = re.compile("[\u4e00-\u9fff]")


def text(page: str) -> str:
    return (ROOT / page).read_text()


def blocks(page: str) -> list[str]:
    """Return the commands of a page's shell blocks, without their comments."""
    code = "\n".join(re.findall(r"```sh\n(.*?)```", text(page), re.DOTALL))
    lines = (re.sub(r"(^|\s+)# .*", "", line).strip() for line in code.splitlines())
    return [line for line in lines if line]


def spoken(page: str) -> list[str]:
    """Return every single command of a page: of its blocks, and of its running text."""
    inline = [s for s in re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text(page)) if " " in s]
    return [part.strip() for line in (*blocks(page), *inline) for part in line.split("&&")]


COMMANDS = [(page, command) for page in PAGES for command in spoken(page)]


def of(program: str) -> list[Any]:
    return [
        pytest.param(command, id=f"{page}: {command}")
        for page, command in COMMANDS
        if command.split()[0] == program
    ]


@cache
def commands() -> dict[str, Any]:
    """Return every command of the CLI by its words, as ``study chicago``."""
    group: Any = typer.main.get_command(app)
    found: dict[str, Any] = {}
    for name, command in group.commands.items():
        inner = getattr(command, "commands", {})
        found |= {f"{name} {key}": value for key, value in inner.items()} or {name: command}
    return found


def options(command: Any) -> dict[str, Any]:
    """Return a command's options by their spellings."""
    parameters = (p for p in command.params if p.param_type_name == "option")
    return {spelling: p for p in parameters for spelling in (*p.opts, *p.secondary_opts)}


def arguments(command: Any) -> dict[str, bool]:
    """Return a command's arguments, each with whether it must be given."""
    return {p.name: p.required for p in command.params if p.param_type_name == "argument"}


@pytest.mark.parametrize("command", of("make"))
def test_words_of_make_exist(command: str) -> None:
    words = set(re.findall(r"^([a-z-]+):", text("Makefile"), re.MULTILINE))
    told = [word for word in command.split()[1:] if "=" not in word]
    assert set(told) <= words


def test_words_of_make_say_what_they_do() -> None:
    lines = re.findall(r"^[a-z-]+:.*$", text("Makefile"), re.MULTILINE)
    assert [line for line in lines if "## " not in line] == []


@pytest.mark.parametrize("command", of("yujing"))
def test_commands_exist_with_their_options(command: str) -> None:
    words = shlex.split(command)[1:]
    name = " ".join(words[:2]) if words[0] in GROUPS else words[0]
    known = options(commands()[name])
    rest, given = words[len(name.split()) :], []
    while rest:
        word = rest.pop(0)
        if not word.startswith("--"):
            given.append(word)
        elif not known[word].is_flag:
            rest.pop(0)
    taken = arguments(commands()[name])
    assert sum(taken.values()) <= len(given) <= len(taken)


@pytest.mark.parametrize("command", of("mlflow"))
def test_runs_name_entry_points_and_parameters(command: str) -> None:
    words = shlex.split(command)
    entry = project()["entry_points"][words[words.index("-e") + 1]]
    told = [words[i + 1].split("=")[0] for i, word in enumerate(words) if word == "-P"]
    required = {name for name, kind in entry["parameters"].items() if isinstance(kind, str)}
    assert required <= set(told) <= set(entry["parameters"])


def test_the_readmes_have_the_same_content() -> None:
    english, chinese = (text(page) for page in READMES)
    assert blocks(READMES[0]) == blocks(READMES[1])
    assert headings(english) == headings(chinese)
    assert pictures(english) == pictures(chinese)
    links = [set(targets(page)) - set(READMES) for page in (english, chinese)]
    assert links[0] == links[1]
    codes = [sorted(re.findall(r"`[^`\n]+`", page)) for page in (english, chinese)]
    assert codes[0] == codes[1]
    assert len(re.findall(r"^- ", english, re.M)) == len(re.findall(r"^- ", chinese, re.M))


def headings(page: str) -> list[int]:
    return [len(marks) for marks in re.findall(r"^(#+) ", page, re.MULTILINE)]


def pictures(page: str) -> list[str]:
    return re.findall(r"!\[[^]]+\]\(([^)]+)\)", page)


def targets(page: str) -> list[str]:
    return re.findall(r"\]\(([^)#:]+)\)", page)


@pytest.mark.parametrize("page", PAGES)
def test_links_pictures_and_paths_exist(page: str) -> None:
    named = re.findall(r"`((?:features|models|pipelines|serving|tests|docs)/[\w./-]+)`", text(page))
    beside = [(ROOT / page).parent / target for target in targets(text(page))]
    told = [path for path in (*beside, *(ROOT / path for path in named)) if "NAME" not in str(path)]
    assert [path for path in told if not path.exists()] == []


@cache
def project() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(text("MLproject"))
    return loaded


def test_entry_points_are_the_steps() -> None:
    assert tuple(sorted(project()["entry_points"])) == tuple(sorted(STEPS))
    assert {step.replace("_", "-") for step in STEPS} <= set(commands())


@pytest.mark.parametrize("step", STEPS)
def test_parameters_are_the_commands_options(step: str) -> None:
    command = commands()[step.replace("_", "-")]
    told = {n: kind(k) for n, k in project()["entry_points"][step].get("parameters", {}).items()}
    assert told == {name(p): expected(step, p) for p in command.params if is_parameter(p)}


@pytest.mark.parametrize("step", STEPS)
def test_an_entry_point_passes_every_parameter_on(step: str) -> None:
    entry = project()["entry_points"][step]
    parts = [f"python -m pipelines {step.replace('_', '-')}"]
    for parameter in filter(is_parameter, commands()[step.replace("_", "-")].params):
        value = f"{{{name(parameter)}}}"
        if parameter.param_type_name == "argument":
            parts.append(value)
        else:
            parts.append(
                f"--{value}" if parameter.secondary_opts else f"{parameter.opts[0]} {value}"
            )
    assert sorted(entry["command"].split()) == sorted(" ".join(parts).split())


def kind(told: Any) -> tuple[str, Any]:
    """Return the type and default that an entry point tells."""
    return (told, None) if isinstance(told, str) else (told["type"], told["default"])


def name(parameter: Any) -> str:
    """Return a parameter's name: how its option is spelt."""
    return str(parameter.opts[0]).removeprefix("--").replace("-", "_")


def is_parameter(parameter: Any) -> bool:
    """Return whether MLflow may log it: what has an environment variable is a place or a secret.

    A flag without a contrary, ``--json``, only says how a result is printed.
    """
    is_flag = getattr(parameter, "is_flag", False)
    return parameter.envvar is None and not (is_flag and not parameter.secondary_opts)


def expected(step: str, parameter: Any) -> tuple[str, Any]:
    """Return the type and default that an entry point must tell."""
    if parameter.required:
        return "path" if (step, parameter.name) in READ else "string", None
    if parameter.secondary_opts:
        told = parameter.opts if parameter.default else parameter.secondary_opts
        return "string", told[0].removeprefix("--")
    default = parameter.default
    if isinstance(default, int | float):
        return "float", default
    return "string", "" if default is None else str(default)


def test_the_environment_that_mlflow_builds_is_this_project() -> None:
    environment = yaml.safe_load(text(project()["python_env"]))
    assert environment["dependencies"] == ["-c constraints.txt", "."]


@pytest.mark.slow
def test_steps_run_as_entry_points(tmp_path: Path) -> None:
    world = f"directory={tmp_path / 'world'}"
    run(tmp_path, "sample", world, "declarations=1500")
    run(tmp_path, "ingest", world)
    run(tmp_path, "train_text")
    run(tmp_path, "promote", "model=text", "approved_by=a second person")
    run(tmp_path, "annotate")
    run(tmp_path, "annotate", world, f"out={tmp_path / 'out'}")
    assert len(list((tmp_path / "out").glob("annotations-*.jsonl"))) == 1


def run(folder: Path, step: str, *parameters: str) -> None:
    """Run an entry point as the documents say, with facts and runs in a folder of its own."""
    told = [word for parameter in parameters for word in ("-P", parameter)]
    others = {name: value for name, value in os.environ.items() if not name.startswith("YUJING_")}
    places = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "MLFLOW_TRACKING_URI": f"sqlite:///{folder / 'mlflow.db'}",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "YUJING_STORE_URL": f"sqlite:///{folder / 'facts.db'}",
    }
    done = subprocess.run(
        ["mlflow", "run", str(ROOT), "-e", step, "--env-manager=local", *told],
        cwd=folder,
        env=others | places,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def rows(page: str, heading: str) -> list[list[str]]:
    """Return the body of the table under a heading, cell by cell."""
    section = text(page).partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    table = [line.strip("| ").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in cells] for cells in table[2:]]


@pytest.mark.parametrize("table", EXCHANGED)
def test_the_documented_columns_are_the_records_fields(table: str) -> None:
    told = rows("docs/exchange.md", table)
    assert [row[0] for row in told] == exchange.columns(table)
    assert [row[0] for row in told if row[1] == "yes"] == exchange.required(table)
    assert [row[0] for row in told if not CHINESE.search(row[2]) or not row[3]] == []


def test_the_glossary_has_the_vocabulary() -> None:
    told = rows("ARCHITECTURE.md", "Vocabulary")
    words = {word for row in told for word in row[0].split(", ")}
    kinds = {record.__name__.lower() for record in KEPT.values()}
    others = "hazard severity likelihood level lane item response aggregate channel reason draw"
    assert kinds | {*others.split(), "champion", "challenger"} <= words
    assert [row for row in told if not CHINESE.search(row[1]) or not row[2]] == []


def everything() -> FeatureSet:
    """Return every feature that any tables could feed under the default keys."""
    made = [one for key in DEFAULT_KEYS for kind in FAMILIES for one in family(kind, key)]
    extra = Aggregate("inspection", ("port",), "mean", "x_note", None)
    return FeatureSet(
        (*declared.NUMERIC, "x_age"), (*made, *REGISTER, extra), (*declared.CATEGORIES, "x_kind")
    )


def test_every_feature_has_a_meaning_of_its_own_in_both_languages() -> None:
    features = everything()
    for language in (0, 1):
        meanings = [features.meaning(feature, language) for feature in features.names]
        assert len(set(meanings)) == len(meanings) == len(set(features.names))
        assert [m for m in meanings if bool(CHINESE.search(m)) != (language == 0)] == []


def test_the_environment_is_pinned_exactly() -> None:
    lines = [line for line in text("constraints.txt").splitlines() if not line.startswith("#")]
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.+!]+", line)] == []
    pinned = {canonical(line.partition("==")[0]) for line in lines}
    assert not pinned & {"torch", "transformers"}
    told = tomllib.loads(text("pyproject.toml"))["project"]
    wanted = [*told["dependencies"], *told["optional-dependencies"]["dev"]]
    names = (re.match(r"[\w.-]+", requirement) for requirement in wanted)
    assert {canonical(name[0]) for name in names if name} <= pinned


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
