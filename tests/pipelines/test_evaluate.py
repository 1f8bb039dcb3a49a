"""A backtest is evaluated from its own lines; its files are tables, charts and a page."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from models.splits import Period
from pipelines.ablate import ablate, families
from pipelines.backtest import Backtest, Window, backtest
from pipelines.evaluate import Evaluated, evaluated, save
from tests.pipelines.conftest import UNTIL

Tables = dict[str, pd.DataFrame]
WINDOW = Window(Period(UNTIL - timedelta(days=365), UNTIL))


@pytest.fixture(scope="module")
def found(tables: Tables, quick: None) -> Backtest:
    assert quick is None
    return backtest(tables, WINDOW)


@pytest.fixture(scope="module")
def told(found: Backtest, tables: Tables) -> Evaluated:
    return evaluated(found, seed=0, tables=tables, window=WINDOW)


def test_every_metric_of_the_backtest_stays_and_has_bounds(
    told: Evaluated, found: Backtest
) -> None:
    numbers = told.numbers()
    assert found.metrics.items() <= numbers.items()
    for name, interval in told.evaluation.metrics.items():
        assert numbers[name] == pytest.approx(interval.value)
        assert {f"{name}_low", f"{name}_high"} <= numbers.keys()


def test_slices_come_from_what_the_tables_have(told: Evaluated) -> None:
    names = {one.dimension for one in told.evaluation.slices}
    assert {"hs2", "origin", "port", "trade_mode", "enterprise_size", "goods_known"} <= names
    assert told.evaluation.is_weighted


def test_all_declared_lines_are_spoken_for_where_chances_are_told(
    told: Evaluated, tables: Tables
) -> None:
    assert told.estimates is not None
    whole = told.estimates[told.estimates["question"] == "all lines"]
    inside = WINDOW.test.holds(tables["declarations"]["declared_at"])
    assert 0 < whole["lines"].iloc[0] <= inside.sum()
    values = dict(zip(whole["estimator"], whole["value"], strict=True))
    assert values["doubly_robust"] < values["naive"]
    numbers = told.numbers()
    assert numbers["fail_rate_all_lines_doubly_robust"] == values["doubly_robust"]


def test_where_chances_are_not_told_nothing_is_said_of_all_lines(
    found: Backtest, tables: Tables
) -> None:
    labels = found.tested.labels.assign(propensity=np.nan)
    blind = replace(found, tested=replace(found.tested, labels=labels))
    told = evaluated(blind, seed=0, tables=tables, window=WINDOW)
    assert told.estimates is None
    assert not told.evaluation.is_weighted
    assert "estimates" not in told.charts()


def test_where_no_line_is_ripe_nothing_is_said_of_all_lines(
    found: Backtest, tables: Tables
) -> None:
    late = Window(Period(UNTIL - timedelta(days=1), UNTIL))
    assert evaluated(found, seed=0, tables=tables, window=late).estimates is None


def test_the_folder_holds_tables_charts_words_and_a_page(told: Evaluated, tmp_path: Path) -> None:
    save(told, tmp_path, more={"more": told.charts()["lift"]})
    names = {path.name for path in tmp_path.iterdir()}
    charts = {"reliability", "lift", "capacity", "importance", "slices", "estimates", "more"}
    assert {f"{name}.svg" for name in charts} <= names
    assert {f"{name}.csv" for name in ("metrics", "slices", "fairness", "estimates")} <= names
    plain = json.loads((tmp_path / "evaluation.json").read_text())
    assert plain["metrics"]["n"] == told.found.metrics["n"]
    assert plain["fairness_zh"] == told.evaluation.headline[0]
    page = (tmp_path / "evaluation.html").read_text()
    assert page.count("<svg") == len(told.charts()) + 1
    assert len(pd.read_csv(tmp_path / "slices.csv")) == len(told.evaluation.slices)


def test_every_family_can_be_left_out_and_reports_with_what_was_read_in_them(
    found: Backtest,
) -> None:
    names = families(found)
    assert {"declared", "inspection", "report", "annotation", "report,annotation"} <= set(names)
    features = found.model.features
    alone = features.without(*{features.family(n) for n in features.names} - {"report"})
    assert families(replace(found, model=replace(found.model, features=alone))) == []


def test_a_family_is_worth_what_the_same_lines_lose_without_it(
    found: Backtest, tables: Tables
) -> None:
    less = backtest(tables, WINDOW, without=("inspection",))
    worth = ablate("inspection", found, less=less, seed=0)
    lost = worth.lost("auc")
    assert lost.difference == pytest.approx(found.metrics["auc"] - less.metrics["auc"])
    assert lost.low < lost.difference < lost.high
