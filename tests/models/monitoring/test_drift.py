"""A real shift is found and named; what passes with time, and chance, is none."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from scipy.stats import binom

from features.aggregates import Aggregate
from features.build import Rows
from features.feature_set import FeatureSet
from features.plans import Numbers
from models.monitoring import drift_words
from models.monitoring.drift import LIKELIHOOD, Drift, drift, growing
from models.monitoring.periods import NEEDED, Sampled
from models.splits import Period

AS_OF = datetime(2025, 6, 30, tzinfo=UTC)
LINES = 80
FEATURES = FeatureSet(
    numeric=("declaration_value_log", "declaration_weight_log", "declaration_weekday"),
    aggregates=(
        Aggregate("report", ("hs4",), "count", None, 30),
        Aggregate("report", ("enterprise",), "count", None, 30),
        Aggregate("inspection", ("hs4",), "rate", "fail", None),
        Aggregate("inspection", ("hs4",), "count", None, None),
    ),
    categories=("origin", "unit"),
)
REPORTS = FEATURES.names.index("hs4_report_count_30d")


def sampled(periods: int = NEEDED) -> Sampled:
    """So many months, with lines in the order of the rows."""
    month = timedelta(days=30)
    ends = [AS_OF - i * month for i in reversed(range(periods))]
    made = tuple(Period(end - month, end) for end in ends)
    return Sampled(30, made, np.arange(periods * LINES).reshape(periods, LINES))


def rows(rng: np.random.Generator, *, persistence: float = 0.0, periods: int = NEEDED) -> Rows:
    """Lines whose numbers and origins sway from month to month, the more lasting the more so."""
    sway = rng.normal(size=(periods, 6))
    for i in range(1, periods):
        sway[i] = persistence * sway[i - 1] + np.sqrt(1 - persistence**2) * sway[i]
    each = np.repeat(sway, LINES, axis=0)
    n = len(each)
    time = np.arange(n) / LINES
    value = rng.normal(10, 1, n) + 0.3 * each[:, 0]
    weight = np.where(rng.random(n) < 0.05, np.nan, rng.normal(3, 1, n) + 0.3 * each[:, 1])
    reports = rng.poisson(np.exp(0.5 + 0.3 * each[:, 2]))
    firm = rng.poisson(np.exp(-1 + 0.3 * each[:, 3]))
    rate = rng.beta(2, 20, n)
    numbers = np.column_stack([value, weight, time % 7, reports, firm, rate, 10 * time])
    vietnam = rng.random(n) < 1 / (1 + np.exp(-0.3 * each[:, 4]))
    origin = np.where(vietnam, "VN", np.where(rng.random(n) < 0.7, "DE", "TH"))
    unit = np.where(rng.random(n) < 0.6, "千克", "台")
    return Rows(FEATURES, numbers, {"origin": list(origin), "unit": list(unit)})


def watched(made: Rows) -> Drift:
    """The drift of these rows, under a likelihood that follows the value."""
    likelihood = 1 / (1 + np.exp(12 - made.numbers[:, 0]))
    periods = len(made.numbers) // LINES
    return drift(sampled(periods), made, likelihood=likelihood)


@pytest.mark.parametrize("persistence", [0.0, 0.9])
def test_months_that_sway_by_chance_alarm_as_rarely_as_is_said(persistence: float) -> None:
    rng, draws = np.random.default_rng(21), 200
    alarms = sum(bool(watched(rows(rng, persistence=persistence)).named) for _ in range(draws))
    assert alarms <= binom.ppf(0.999, draws, 0.065)


def changed(made: Rows, column: int, values: Numbers) -> Rows:
    numbers = made.numbers.copy()
    numbers[-LINES:, column] = values
    return replace(made, numbers=numbers)


def relabelled(made: Rows, name: str, values: list[object]) -> Rows:
    return replace(
        made, categories={**made.categories, name: made.categories[name][:-LINES] + values}
    )


def shifted(made: Rows, what: str) -> Rows:
    """The same rows with one thing changed in the last month."""
    last = made.numbers[-LINES:]
    origins = made.categories["origin"][-LINES:]
    match what:
        case "another unit of value":
            return changed(made, 0, last[:, 0] + np.log(100))
        case "weight no longer told":
            return changed(made, 1, np.full(LINES, np.nan))
        case "an emptied channel":
            return changed(made, REPORTS, np.zeros(LINES))
        case "a new origin":
            return relabelled(
                made, "origin", ["KH" if i % 4 == 0 else o for i, o in enumerate(origins)]
            )
    return relabelled(made, "unit", ["克"] * LINES)


@pytest.mark.parametrize(
    ("what", "name", "zh"),
    [
        ("another unit of value", "declaration_value_log", "申报货值（分）的对数：中位数"),
        ("weight no longer told", "declaration_weight_log", "净重（千克）的对数：缺失"),
        ("an emptied channel", "hs4_report_count_30d", "同品目商品近30天风险信息数量：中位数"),
        ("a new origin", "origin", "原产地：KH 0.0% → 25%"),
        ("another unit", "unit", "计量单位：克 0.0% → 100%"),
    ],
)
def test_a_real_shift_is_found_and_named(what: str, name: str, zh: str) -> None:
    rng = np.random.default_rng(22)
    found = [watched(shifted(rows(rng, persistence=0.5), what)) for _ in range(10)]
    named = [[column.name for column in one.named] for one in found]
    assert sum(name in names for names in named) >= 9
    assert max(map(len, named)) <= 3
    told = [finding.zh for finding in drift_words.findings(found[0], FEATURES)]
    assert any(zh in sentence for sentence in told)


def test_the_calendar_and_totals_are_left_out_and_named() -> None:
    assert growing(FEATURES) == ("declaration_weekday", "hs4_inspection_count_ever")
    found = watched(rows(np.random.default_rng(23)))
    assert found.left_out == growing(FEATURES)
    names = {column.name for column in found.columns}
    assert names == {LIKELIHOOD, *FEATURES.names, *FEATURES.categories} - set(found.left_out)


def test_a_shifted_likelihood_is_a_matter_to_act_on() -> None:
    made = shifted(rows(np.random.default_rng(24)), "another unit of value")
    told = list(drift_words.findings(watched(made), FEATURES))
    assert {finding.severity for finding in told} == {"act"}
    assert [t.zh.partition("：")[0] for t in told] == ["申报内容", "模型输出"]


def test_too_few_periods_say_so() -> None:
    found = watched(rows(np.random.default_rng(25), periods=8))
    assert (found.rank, found.named, found.order) == (None, [], [])
    (told,) = drift_words.findings(found, FEATURES)
    assert told.severity == "ok"
    assert "只有8个" in told.zh


def test_columns_without_any_value_are_no_drift() -> None:
    made = rows(np.random.default_rng(26))
    numbers = made.numbers.copy()
    numbers[:, 1] = np.nan
    gone = Rows(
        FEATURES, numbers, {"origin": [None] * len(numbers), "unit": made.categories["unit"]}
    )
    names = [column.name for column in watched(gone).named]
    assert not {"origin", "declaration_weight_log"} & set(names)
