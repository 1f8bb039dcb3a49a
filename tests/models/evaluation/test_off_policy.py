"""What a policy that was never run would find: the truth is known, the lottery is drawn anew."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import expit

from features.errors import Invalid
from features.plans import Numbers
from models.evaluation import off_policy, selection
from models.evaluation.off_policy import ESTIMATORS, QUANTITIES, Logged

SIZE, DRAWS = 3_000, 400
WEIGHTS = np.array([1.0, 3.0, 10.0, 30.0])


def world(*, wrong: float = 0.0) -> tuple[Logged, Numbers]:
    """Return lines with all outcomes known, and the target's chances; the bad-looking are drawn.

    wrong: by how many log-odds the likelihoods are off.
    """
    rng = np.random.default_rng(5)
    risk, seen = rng.normal(-2.5, 1, SIZE), rng.normal(0, 1, SIZE)
    failed = (rng.random(SIZE) < expit(risk + 0.8 * seen)).astype(float)
    likelihood = expit(risk - wrong)
    usual, harm = WEIGHTS[rng.integers(0, 3, SIZE)], WEIGHTS[rng.integers(0, 4, SIZE)]
    logged = Logged(
        likelihood=likelihood,
        expected=likelihood * usual,
        failed=failed,
        harm=failed * harm,
        propensity=np.clip(0.06 + 0.5 * expit(risk / 2 + seen - 1.5), 0, 1),
        effort=rng.choice([1.0, 2.0, 4.0], SIZE),
        worst=30.0,
    )
    first = np.argsort(-logged.expected)[: SIZE // 10]
    taken = np.full(SIZE, 0.02)
    taken[first] = 1.0
    return logged, taken


def drawn(whole: Logged, rng: np.random.Generator) -> Logged:
    chosen = rng.random(len(whole)) < whole.propensity
    return replace(
        whole,
        failed=np.where(chosen, whole.failed, np.nan),
        harm=np.where(chosen, whole.harm, np.nan),
    )


def true(whole: Logged, taken: Numbers, quantity: str) -> float:
    shows = whole.failed if quantity in ("failures", "hit_rate") else whole.harm
    return off_policy.truth(whole, taken, quantity=quantity, shows=shows)


def chance() -> np.random.Generator:
    return np.random.default_rng(4)


def coverage(
    quantity: str, estimator: str, *, wrong: float = 0.0, even: bool = False
) -> tuple[float, float]:
    """Return how often the interval holds the truth, and the mean error as a share of it.

    even: the policy takes every line with one chance.
    """
    whole, taken = world(wrong=wrong)
    taken = np.full(SIZE, 0.1) if even else taken
    truth, rng = true(whole, taken, quantity), np.random.default_rng(9)
    found = [
        off_policy.estimate(drawn(whole, rng), taken, quantity=quantity, estimator=estimator)
        for _ in range(DRAWS)
    ]
    error = float(np.mean([each.value for each in found])) / truth - 1
    return float(np.mean([each.holds(truth) for each in found])), error


@pytest.mark.parametrize("quantity", ["hit_rate", "harm_per_hour"])
@pytest.mark.parametrize("estimator", ["inverse_propensity", "self_normalised", "doubly_robust"])
def test_the_interval_holds_the_truth(quantity: str, estimator: str) -> None:
    held, error = coverage(quantity, estimator)
    assert held >= 0.91
    assert abs(error) < 0.03


@pytest.mark.parametrize("wrong", [1.0, -2.0])
def test_the_doubly_robust_interval_holds_it_however_wrong_the_model(wrong: float) -> None:
    held, error = coverage("hit_rate", "doubly_robust", wrong=wrong)
    assert held >= 0.91
    assert abs(error) < 0.03


def test_the_naive_answer_is_too_high_and_its_interval_misses() -> None:
    held, error = coverage("hit_rate", "naive", even=True)
    assert error > 0.1
    assert held < 0.5


def test_totals_and_rates_are_the_same_answer() -> None:
    whole, taken = world()
    found = off_policy.estimates(drawn(whole, np.random.default_rng(1)), taken)
    assert [*found["quantity"].unique()] == list(QUANTITIES)
    value = found.set_index(["quantity", "estimator"])["value"]
    lines, hours = found["lines"].iloc[0], found["hours"].iloc[0]
    assert lines == pytest.approx(taken.sum())
    assert hours == pytest.approx(taken @ whole.effort)
    for name in ESTIMATORS:
        assert value["failures", name] == pytest.approx(value["hit_rate", name] * lines)
        assert value["harm", name] == pytest.approx(value["harm_per_hour", name] * hours)


def test_when_all_are_inspected_every_weighing_is_exact() -> None:
    whole, taken = world()
    whole = replace(whole, propensity=np.ones(SIZE))
    for quantity in QUANTITIES:
        truth = true(whole, taken, quantity)
        for estimator in ("inverse_propensity", "self_normalised", "doubly_robust"):
            told = off_policy.estimate(whole, taken, quantity=quantity, estimator=estimator)
            assert [told.value, told.low, told.high] == pytest.approx([truth] * 3)


def test_a_policy_that_takes_every_line_is_what_selection_estimates() -> None:
    whole, _ = world()
    logged = drawn(whole, np.random.default_rng(2))
    lines = logged.lines("hit_rate")
    everyone = np.ones(SIZE)
    for name, of in (("self_normalised", selection.weighted), ("naive", selection.naive)):
        told = off_policy.estimate(logged, everyone, quantity="hit_rate", estimator=name)
        assert [told.value, told.low, told.high] == pytest.approx([*vars(of(lines)).values()])


@pytest.mark.parametrize("unknown", [0.0, np.nan])
def test_lines_that_could_not_be_inspected_widen_the_bounds_by_what_they_could_show(
    unknown: float,
) -> None:
    whole, taken = world()
    shut = np.zeros(SIZE, bool)
    shut[np.flatnonzero(taken == 1)[:60]] = True
    logged = drawn(replace(whole, propensity=np.where(shut, 0, whole.propensity)), chance())
    logged = replace(logged, propensity=np.where(shut, unknown, whole.propensity))
    share = shut.sum() / taken.sum()
    assert off_policy.support(logged, taken).outside == pytest.approx(share)
    for quantity, most in (("failures", 1.0), ("harm", 30.0)):
        told = off_policy.estimate(logged, taken, quantity=quantity, estimator="doubly_robust")
        inside = off_policy.estimate(
            logged, np.where(shut, 0, taken), quantity=quantity, estimator="doubly_robust"
        )
        assert told.low == pytest.approx(inside.low)
        assert told.high == pytest.approx(inside.high + shut.sum() * most)
        assert told.holds(true(whole, taken, quantity))
        foreseen = logged.lines(quantity).likelihood
        assert told.value == pytest.approx(inside.value + foreseen[shut].sum())


def test_where_nothing_could_be_inspected_only_the_bounds_are_known() -> None:
    whole, taken = world()
    logged = replace(
        whole, failed=np.full(SIZE, np.nan), harm=np.full(SIZE, np.nan), propensity=np.zeros(SIZE)
    )
    told = off_policy.estimate(logged, taken, quantity="hit_rate", estimator="doubly_robust")
    assert (told.low, told.high) == (0.0, 1.0)
    assert off_policy.support(logged, taken).effective == 0


def test_without_an_inspection_within_reach_nothing_is_known() -> None:
    whole, taken = world()
    logged = replace(whole, failed=np.full(SIZE, np.nan), harm=np.full(SIZE, np.nan))
    told = off_policy.estimate(logged, taken, quantity="hit_rate", estimator="self_normalised")
    assert np.isnan(told.value)


def test_the_support_tells_how_few_lines_speak_for_many() -> None:
    whole, taken = world()
    logged = drawn(whole, chance())
    found = off_policy.support(logged, taken)
    weight = (taken / logged.propensity)[logged.inspected]
    assert found.largest == weight.max()
    assert 1 < found.effective < logged.inspected.sum()
    assert found.outside == 0
    assert found.represented == pytest.approx(1, abs=0.15)


def test_lines_that_were_said_to_have_a_chance_and_had_none_are_noticed() -> None:
    whole, taken = world()
    shut = np.zeros(SIZE, bool)
    shut[np.flatnonzero(taken == 1)[::2]] = True
    logged = drawn(replace(whole, propensity=np.where(shut, 0, whole.propensity)), chance())
    found = off_policy.support(replace(logged, propensity=whole.propensity), taken)
    assert found.represented < 0.7


def test_several_policies_stand_side_by_side() -> None:
    whole, taken = world()
    logged = drawn(whole, chance())
    found = off_policy.compared(logged, {"a": taken, "b": np.full(SIZE, 0.1)})
    assert found.columns[0] == "policy"
    assert found.groupby("policy").size().to_dict() == {"a": 16, "b": 16}


@pytest.mark.parametrize(
    ("taken", "words"),
    [
        (np.ones(3), "3000 lines have 3 chances"),
        (np.full(SIZE, 1.2), "between 0 and 1"),
        (np.full(SIZE, np.nan), "between 0 and 1"),
        (np.zeros(SIZE), "takes no line"),
    ],
)
def test_what_is_no_policy_is_refused(taken: Numbers, words: str) -> None:
    whole, _ = world()
    with pytest.raises(Invalid, match=words):
        off_policy.estimates(whole, taken)


@pytest.mark.parametrize("told", [0.0, np.nan, 1.5])
def test_an_inspection_without_its_chance_is_refused(told: float) -> None:
    whole, taken = world()
    propensity = whole.propensity.copy()
    propensity[0] = told
    with pytest.raises(Invalid, match="1 of 3000 inspected lines have no propensity"):
        off_policy.estimates(replace(whole, propensity=propensity), taken)
