"""The confusion matrix shows every answer once, and rare classes as one."""

import json
from pathlib import Path
from typing import Any

import pytest

from models.text.answers import Answers
from models.text.charts import CELL, MOST, OTHER, SMALLEST, confusion


def cells(answers: Answers) -> list[dict[str, Any]]:
    (rows,) = json.loads(confusion(answers).to_json())["datasets"].values()
    found: list[dict[str, Any]] = rows
    return found


def answers(*pairs: tuple[str, str]) -> Answers:
    return Answers([(t,) for t, _ in pairs], [(p,) for _, p in pairs], [(0.5,)] * len(pairs))


def test_each_pair_is_counted_with_its_share_of_the_class() -> None:
    assert cells(answers(("a", "a"), ("a", "a"), ("a", "b"), ("b", "b"))) == [
        {"truth": "a", "answer": "a", "texts": 2, "share": 2 / 3},
        {"truth": "a", "answer": "b", "texts": 1, "share": 1 / 3},
        {"truth": "b", "answer": "b", "texts": 1, "share": 1},
    ]


def test_rare_classes_are_shown_as_one() -> None:
    many = [(f"{i:02}", f"{i:02}") for i in range(MOST) for _ in range(2)]
    found = cells(answers(*many, ("rare", "rarer"), ("rarest", "00")))
    assert len({cell["truth"] for cell in found}) == MOST + 1
    assert sum(cell["texts"] for cell in found if cell["truth"] == OTHER) == 2
    assert sum(cell["texts"] for cell in found) == len(many) + 2


@pytest.mark.parametrize("classes", [1, 2, MOST])
def test_few_classes_are_large_enough_to_read(classes: int) -> None:
    drawn = confusion(answers(*((f"{i:02}", f"{i:02}") for i in range(classes)))).to_dict()
    assert drawn["width"]["step"] == drawn["height"]["step"] >= CELL
    assert drawn["width"]["step"] * classes >= SMALLEST


def test_both_axes_have_every_class_in_the_same_order() -> None:
    drawn = confusion(answers(("c", "b"), ("b", "b"), ("a", "d"))).to_dict()["layer"][0]
    own = drawn["encoding"]
    assert own["x"]["scale"] == own["y"]["scale"] == {"domain": ["a", "b", "c", "d"]}


def test_the_colours_go_from_none_to_all_of_a_class() -> None:
    """So that a class that is always right is as dark as can be, whatever else is shown."""
    squares = confusion(answers(("a", "a"), ("b", "b"))).to_dict()["layer"][0]
    assert squares["encoding"]["color"]["scale"]["domain"] == [0, 1]


def test_it_is_drawn_as_svg_without_a_network(tmp_path: Path) -> None:
    confusion(answers(("质量", "安全"))).save(tmp_path / "chart.svg")
    assert "质量" in (tmp_path / "chart.svg").read_text()
