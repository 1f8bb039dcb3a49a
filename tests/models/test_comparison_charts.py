"""The chart shows every difference with its interval, and both lift curves."""

import json

import numpy as np

from models import comparison_charts
from models.comparison import NAMES, compare
from models.resampling import Lines


def test_the_chart_shows_the_differences_and_both_curves() -> None:
    chance = np.random.default_rng(3)
    said = chance.random(300)
    lines = Lines(chance.random(300) < said, np.arange(300) % 40, np.ones(300))
    found = compare(lines, said, challenger=1 - said, seed=0, draws=50)
    told = json.loads(comparison_charts.chart(found, ("old", "new")).to_json())
    differences, curves = sorted(told["datasets"].values(), key=len)
    assert len(differences) == len(NAMES)
    for row, one in zip(differences, found.differences.values(), strict=True):
        assert (row["low"], row["difference"], row["high"]) == (one.low, one.difference, one.high)
        assert row["low"] <= row["difference"] <= row["high"]
    assert differences[0]["verdict"] == "更差 worse"
    assert {row["model"] for row in curves} == {"old", "new"}
    assert [row["found"] for row in curves if row["inspected"] == 1] == [1, 1]
