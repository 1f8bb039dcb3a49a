from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.errors import Invalid
from models.risk import matrix

L, M, H, S = "low", "medium", "high", "serious"
# Commission Implementing Decision (EU) 2019/417, Table 4, from the most probable down.
EU = {
    0.6: [H, S, S, S],
    0.2: [M, S, S, S],
    0.05: [M, S, S, S],
    0.005: [L, H, S, S],
    0.0005: [L, M, H, S],
    0.00005: [L, L, M, H],
    0.000005: [L, L, L, M],
    0.0000005: [L, L, L, L],
}
ROW = "  - {{above: {}, levels: [{}]}}\n"
LOW = "low, low, low, low"


@pytest.mark.parametrize(("likelihood", "levels"), EU.items())
def test_the_eu_matrix_is_the_published_table(likelihood: float, levels: list[str]) -> None:
    found = matrix.load("eu").level(np.full(4, likelihood), np.arange(1, 5))
    assert found == levels


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 4), st.integers(1, 4))
def test_more_likely_or_worse_is_never_lower(a: float, b: float, s: int, t: int) -> None:
    for name in ("eu", "port"):
        found = matrix.load(name).level(
            np.array([min(a, b), max(a, b)]), np.array([min(s, t), max(s, t)])
        )
        assert matrix.RANK[found[0]] <= matrix.RANK[found[1]]


def test_a_bound_belongs_to_the_row_below() -> None:
    port = matrix.load("port")
    assert port.level(np.array([0.4, np.nextafter(0.4, 1)]), np.array([1, 1])) == [M, M]
    assert port.level(np.array([0.4, np.nextafter(0.4, 1)]), np.array([2, 2])) == [M, H]
    assert port.level(np.array([0.0, 1.0]), np.array([4, 4])) == [L, S]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name: x\nlevels: [", "YAML"),
        ("", "levels"),
        ("name: x\nlevels: []\n", "levels"),
        ("name: x\nlevels:\n" + ROW.format("high", LOW), "above"),
        ("name: x\nlevels:\n  - {levels: [low]}\n", "above"),
        ("name: x\nlevels:\n" + ROW.format(0, "low, low"), "four"),
        ("name: x\nlevels:\n" + ROW.format(0, "low, low, low, dire"), "four"),
        ("name: x\nlevels:\n" + ROW.format(0, "[low], low, low, low"), "four"),
        ("name: x\nlevels:\n" + ROW.format(0.1, LOW), "end at 0"),
        ("name: x\nlevels:\n" + ROW.format(0, LOW) + ROW.format(0.1, LOW), "fall"),
        ("name: x\nlevels:\n" + ROW.format(0, "high, low, low, low"), "severity"),
        (
            "name: x\nlevels:\n" + ROW.format(0.1, LOW) + ROW.format(0, "low, low, low, high"),
            "likelihood",
        ),
    ],
)
def test_a_broken_matrix_says_what_is_wrong(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(Invalid, match=f"x.yaml.*{says}"):
        matrix.load("x", folder=tmp_path)


def test_an_unknown_matrix_names_those_there_are() -> None:
    with pytest.raises(Invalid, match="eu, port"):
        matrix.load("mars")


def test_an_agency_gives_its_own_by_a_path(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text((matrix.FOLDER / "eu.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    assert matrix.load(str(own)) == matrix.load("eu")
    own.write_text("name: own\nlevels: [{above: 0, levels: [low, high, medium, low]}]\n")
    with pytest.raises(Invalid, match="a higher severity must never have a lower level"):
        matrix.load(str(own))
    with pytest.raises(Invalid, match=r"no risk matrix .*other.yaml.* give a YAML file"):
        matrix.load(str(tmp_path / "other.yaml"))
