"""Slices: none of an honest model is flagged, and those that are off are found."""

from dataclasses import replace

import numpy as np
import pytest

from models import metrics
from models.evaluation import slices as made
from models.evaluation.dimensions import Dimension
from models.evaluation.judged import Judged
from models.evaluation.slices import OTHERS, Slice, auc, discoveries, groups, slices
from tests.models.evaluation.simulated import misled, world


def test_an_honest_model_is_seldom_flagged_however_many_slices() -> None:
    flagged = [any(one.is_off for one in slices(*world(seed))) for seed in range(100)]
    assert sum(flagged) <= 8


def test_a_slice_of_which_too_much_is_said_is_found_and_few_others() -> None:
    found, false = 0, 0.0
    for seed in range(20):
        judged, (port,) = world(seed)
        off = [one for one in slices(misled(judged, port, by=1.2), [port]) if one.is_off]
        found += any(one.value == "P3" for one in off)
        false += sum(one.value != "P3" for one in off) / max(1, len(off)) / 20
    assert found == 20
    assert false <= 0.1


def whole(judged: Judged) -> Slice:
    (found,) = slices(judged, [Dimension("all", ("全部", "all"), ["1"] * len(judged))])
    return found


def test_the_slice_of_all_lines_tells_what_the_metrics_do() -> None:
    judged, _ = world(1)
    found = whole(judged)
    assert (found.lines, found.failures) == (len(judged), judged.failed.sum())
    assert found.enterprises == len(set(judged.group))
    assert found.fail_rate.value == pytest.approx(judged.failed.mean())
    assert found.expected == pytest.approx(judged.likelihood.mean())
    assert found.ratio.value == pytest.approx(judged.failed.mean() / judged.likelihood.mean())
    for name, value in (("precision", found.precision), ("recall", found.recall)):
        metric = metrics.at_capacities(judged.failed, judged.likelihood)[f"{name}_at_10pct"]
        assert value.value == pytest.approx(metric)
    assert found.auc.value == pytest.approx(metrics.auc(judged.failed, judged.likelihood))


def test_lines_speak_for_others() -> None:
    judged, _ = world(2, lines=600)
    weight = np.random.default_rng(0).integers(1, 4, len(judged)).astype(float)
    often = np.repeat(np.arange(len(judged)), weight.astype(int))
    found = whole(replace(judged, weight=weight))
    again = whole(
        Judged(
            judged.failed[often],
            judged.likelihood[often],
            judged.group[often],
            np.ones(len(often)),
        )
    )
    assert found.fail_rate.value == pytest.approx(again.fail_rate.value)
    assert found.ratio.value == pytest.approx(again.ratio.value)
    assert found.expected == pytest.approx(again.expected)


def test_the_interval_of_an_auc_holds_the_truth() -> None:
    true = auc(world(7, lines=200_000)[0]).value
    held = [auc(world(seed, lines=800)[0]).holds(true) for seed in range(150)]
    assert np.mean(held) >= 0.9


def test_ties_count_half_in_an_auc() -> None:
    failed = np.array([True, False, True, False])
    part = Judged(failed, np.array([0.5, 0.5, 0.5, 0.2]), np.arange(4), np.ones(4))
    assert auc(part).value == pytest.approx(metrics.auc(failed, part.likelihood))
    assert np.isnan(auc(Judged(failed[::2], part.likelihood[:2], np.arange(2), np.ones(2))).value)


def test_small_slices_are_told_as_too_few() -> None:
    judged, _ = world(3, lines=300)
    names = ["rare" if n < 20 else "common" for n in range(300)]
    found = {one.value: one for one in slices(judged, [Dimension("x", ("甲", "x"), [*names])])}
    assert found["rare"].few
    assert not found["common"].few
    assert found["rare"].fail_rate.low < found["rare"].fail_rate.high
    assert not found["rare"].is_off


def test_rare_values_are_pooled_unless_there_is_one_only() -> None:
    values = [*["a"] * 30, *["b"] * 20, *["c"] * 3, *["d"] * 2, None]
    told = dict(groups(Dimension("x", ("甲", "x"), [*values])))
    assert {name: int(rows.sum()) for name, rows in told.items()} == {"a": 30, "b": 20, OTHERS: 5}
    alone = dict(groups(Dimension("x", ("甲", "x"), [*["a"] * 30, *["c"] * 3])))
    assert list(alone) == ["a", "c"]


def test_what_tells_one_line_from_another_has_no_groups() -> None:
    names: list[str | None] = [f"address {n // 3}" for n in range(300)]
    assert groups(Dimension("x", ("甲", "x"), names)) == []


def test_findings_are_told_from_chance_however_many() -> None:
    chances = [0.001, 0.02, 0.5, float("nan")]
    assert discoveries(chances).tolist() == [True, True, False, False]
    assert not discoveries([0.04] + [0.5] * 30).any()
    assert discoveries([float("nan")]).tolist() == [False]
    assert discoveries([]).tolist() == []
    assert made.FALSE == 0.05
