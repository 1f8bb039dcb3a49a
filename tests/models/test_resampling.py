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
        **metrics.at_capacities(failed, p),
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
    lines, _ = made(2, 300, 40)
    whole = np.concatenate([*resampling.counts(lines, seed=3, draws=60)])
    monkeypatch.setattr(resampling, "CELLS", 300 * 7)
    parts = [*resampling.counts(lines, seed=3, draws=60)]
    assert len(parts) > 1
    assert np.array_equal(np.concatenate(parts), whole)
    assert not np.array_equal(np.concatenate([*resampling.counts(lines, seed=4, draws=60)]), whole)


def test_the_middle_of_the_draws_is_without_those_that_tell_nothing() -> None:
    values = np.append(np.linspace(0, 1, 1001), np.nan)
    assert resampling.interval(values) == pytest.approx((0.025, 0.975))
    assert np.isnan(resampling.interval(np.array([np.nan]))).all()
