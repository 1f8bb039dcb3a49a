"""All draws at once are what each metric is on lines repeated so often; enterprises stay whole."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import metrics, resampling
from models.metrics import Failed, Scores
from models.resampling import Lines


def made(seed: int, lines: int, groups: int) -> tuple[Lines, Scores]:
    """Lines with ties among the probabilities, and outcomes that follow them."""
    chance = np.random.default_rng(seed)
    probability = np.round(chance.beta(1, 4, lines), 2)
    failed = chance.random(lines) < probability
    group = np.unique(chance.integers(0, groups, lines), return_inverse=True)[1]
    return Lines(failed, group.astype(np.intp), chance.uniform(0.5, 2, lines)), probability


def plain(failed: Failed, p: Scores, weight: Scores) -> dict[str, float]:
    """The same by the metrics that every backtest prints."""
    return {
        "average_precision": metrics.average_precision(failed, p),
        "auc": metrics.auc(failed, p),
        "precision_at_5pct": metrics.precision_at(failed, p, share=0.05),
        "precision_at_10pct": metrics.precision_at(failed, p, share=0.10),
        "brier": metrics.brier(failed, p, weight=weight),
        "ece": metrics.ece(failed, p, weight=weight),
    }


@given(st.integers(0, 10_000), st.integers(2, 120), st.integers(1, 30))
@settings(max_examples=60, deadline=None)
def test_each_draw_equals_the_metric_on_lines_repeated_so_often(
    seed: int, size: int, groups: int
) -> None:
    lines, probability = made(seed, size, groups)
    (count,) = resampling.counts(lines, seed=seed, draws=4)
    found = resampling.metrics(lines, probability, count=count)
    for draw, times in enumerate(count.astype(int)):
        again = np.repeat(np.arange(size), times)
        wanted = plain(lines.failed[again], probability[again], lines.weight[again])
        assert {name: values[draw] for name, values in found.items()} == pytest.approx(
            wanted, nan_ok=True, abs=1e-9
        )


def test_an_enterprise_is_drawn_with_all_its_lines() -> None:
    lines, _ = made(1, 200, 20)
    groups = len(np.unique(lines.group))
    (count,) = resampling.counts(lines, seed=1, draws=50)
    for group in range(groups):
        of = count[:, lines.group == group]
        assert (of == of[:, :1]).all()
    firsts = [np.flatnonzero(lines.group == group)[0] for group in range(groups)]
    assert (count[:, firsts].sum(axis=1) == groups).all()


def test_draws_do_not_depend_on_how_many_are_computed_together(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lines, probability = made(2, 300, 40)
    whole = resampling.intervals(lines, probability, seed=3, draws=60)
    monkeypatch.setattr(resampling, "CELLS", 300 * 7)
    parts = resampling.intervals(lines, probability, seed=3, draws=60)
    for name, interval in whole.items():
        assert parts[name] == pytest.approx(interval)
    assert resampling.intervals(lines, probability, seed=4, draws=60) != whole


def test_the_interval_holds_what_it_promises() -> None:
    """Nineteen in twenty intervals hold the true value; independent lines, so that it is known."""
    inside = 0
    for seed in range(100):
        chance = np.random.default_rng(seed)
        probability = chance.uniform(0, 1, 400)
        failed = chance.random(400) < probability
        lines = Lines(failed, np.arange(400), np.ones(400))
        low, high = resampling.intervals(lines, probability, seed=seed, draws=200)["brier"]
        inside += low <= 1 / 6 <= high  # the mean of p (1 - p)
    assert 88 <= inside <= 99


def test_lines_of_one_enterprise_that_are_alike_widen_the_interval() -> None:
    chance = np.random.default_rng(7)
    firm = np.repeat(np.arange(40), 25)
    failed = (chance.random(40) < 0.3)[firm]
    probability = np.full(1000, 0.3)
    together = resampling.intervals(Lines(failed, firm, np.ones(1000)), probability, seed=0)
    alone = resampling.intervals(Lines(failed, np.arange(1000), np.ones(1000)), probability, seed=0)
    wide, narrow = (found["brier"][1] - found["brier"][0] for found in (together, alone))
    assert wide > 4 * narrow  # as the square root of 25 lines each


def test_what_no_draw_can_tell_is_missing() -> None:
    lines = Lines(np.zeros(5, bool), np.arange(5), np.ones(5))
    found = resampling.intervals(lines, np.linspace(0.1, 0.5, 5), seed=0, draws=9)
    assert np.isnan(found["average_precision"]).all()
    assert np.isnan(found["auc"]).all()
    assert found["brier"][0] > 0
