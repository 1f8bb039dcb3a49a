"""A backtest sees what was known, and nothing else; every metric is there."""

import json
import math
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from features import catalog, keys
from features.errors import Invalid
from features.labels import maturity_of
from features.moments import CIVIL
from models.risk.training import Recipe
from models.splits import Period
from pipelines import backtest as step
from pipelines.backtest import Asked, Backtest, Window, backtest, judge, rolling, window
from pipelines.show import json_line
from pipelines.table import Table, table
from tests.pipelines.conftest import UNTIL

Tables = dict[str, pd.DataFrame]
TEST = Period(UNTIL - timedelta(days=365), UNTIL)
PROMISED = {
    "n",
    "positives",
    "auc",
    "average_precision",
    "precision_at_1pct",
    "precision_at_5pct",
    "precision_at_10pct",
    "precision_at_20pct",
    "recall_at_5pct",
    "lift_at_20pct",
    "days_earlier",
    "first_half_share",
    "business_as_usual_share",
    "ece",
    "seconds",
    "peak_memory_mb",
}


@pytest.fixture(scope="module")
def found(tables: Tables, quick: None) -> Backtest:
    assert quick is None
    return backtest(tables, Window(TEST))


def asked(tables: Tables, zone: str = "Asia/Shanghai", **words: str) -> Window:
    return window(Asked(**words), tables, zone=ZoneInfo(zone))  # type: ignore[arg-type]


def test_bare_dates_include_both_days_in_the_zone(tables: Tables) -> None:
    chosen = asked(tables, test_from="2025-05-01", test_until="2025-05-31").test
    assert chosen.start == datetime(2025, 4, 30, 16, tzinfo=UTC)
    assert chosen.end == datetime(2025, 5, 31, 16, tzinfo=UTC)
    far = asked(tables, "America/Chicago", test_from="2025-05-01", test_until="2025-05-31").test
    assert far.start == datetime(2025, 5, 1, 5, tzinfo=UTC)
    assert far.end == datetime(2025, 6, 1, 5, tzinfo=UTC)


def test_a_moment_is_taken_as_it_is(tables: Tables) -> None:
    told = {"test_from": "2025-05-01T08:00", "test_until": "2025-05-02T08:00+00:00"}
    chosen = asked(tables, **told).test
    assert chosen == Period(datetime(2025, 5, 1, tzinfo=UTC), datetime(2025, 5, 2, 8, tzinfo=UTC))


def test_without_dates_the_last_sixty_days_that_were_inspected_are_tested(tables: Tables) -> None:
    chosen = asked(tables).test
    last = tables["inspections"]["inspected_at"].max()
    assert chosen.end - chosen.start == timedelta(days=60)
    assert chosen.start < last < chosen.end
    assert chosen.end - last <= timedelta(milliseconds=1)


def test_train_from_is_a_beginning(tables: Tables) -> None:
    assert asked(tables, train_from="2024-01-01").train_from == datetime(
        2023, 12, 31, 16, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"test_from": "soon"}, "test-from 'soon' is not a moment"),
        ({"test_until": "2025-02-30"}, "test-until '2025-02-30' is not a moment"),
        ({"test_until": "9999-12-31"}, "has no day after it"),
        ({"train_from": "1 May"}, "train-from '1 May' is not a moment"),
        ({"test_from": "2025-05-02", "test_until": "2025-05-01"}, "is empty; swap its ends"),
        ({"test_from": "2199-01-01"}, r"from 2199-01-01 on; the last inspection is of \d{4}-"),
    ],
)
def test_a_window_that_cannot_be_is_one_clear_error(
    tables: Tables, words: dict[str, str], told: str
) -> None:
    with pytest.raises(Invalid, match=told):
        asked(tables, **words)


def test_every_promised_metric_is_there(found: Backtest) -> None:
    assert set(found.metrics) >= PROMISED
    failed = found.tested.labels["failed"]
    assert found.metrics["n"] == len(found.likelihood) == len(failed)
    assert found.metrics["positives"] == failed.sum() > 0
    assert found.metrics["seconds"] > 0
    assert 50 < found.metrics["peak_memory_mb"] < 100_000
    assert ((found.likelihood > 0) & (found.likelihood < 1)).all()


def test_what_has_no_value_is_null_in_json() -> None:
    line = json_line({"auc": math.nan, "n": 3, "ece": math.inf, "period": "a"})
    assert json.loads(line) == {"auc": None, "n": 3, "ece": None, "period": "a"}
    assert "\n" not in line


def test_only_lines_of_the_window_are_tested(found: Backtest, tables: Tables) -> None:
    tested = found.tested.declared_at
    assert ((tested >= TEST.start) & (tested < TEST.end)).all()
    inspected = tables["declarations"]["declaration_id"].isin(
        tables["inspections"]["declaration_id"]
    )
    within = TEST.holds(tables["declarations"]["declared_at"])
    assert len(tested) == (inspected & within).sum()


def test_outcomes_known_later_than_the_start_teach_nothing(tables: Tables) -> None:
    """All labels after the start turned round: the test rows' own, and those of open lines."""
    late = tables["inspections"]["known_at"] >= pd.Timestamp(TEST.start)
    assert late.any()
    turned = tables["inspections"]["outcome"].map({"fail": "pass", "pass": "fail"})
    inspections = tables["inspections"]
    changed = inspections.assign(outcome=inspections["outcome"].mask(late, turned))
    honest = backtest(tables, Window(TEST, freeze=True))
    misled = backtest({**tables, "inspections": changed}, Window(TEST, freeze=True))
    assert misled.likelihood.tobytes() == honest.likelihood.tobytes()
    assert (misled.tested.labels["failed"] != honest.tested.labels["failed"]).all()


def test_an_outcome_known_only_after_the_start_is_not_trained_on(
    tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = pd.Timestamp(TEST.start)
    seen: list[pd.DataFrame] = []

    def fit(past: Table, *, recipe: Recipe, progress: object) -> None:
        assert callable(progress)
        seen.append(past.labels.assign(declared_at=past.declared_at, seed=recipe.seed))
        raise StopIteration

    monkeypatch.setattr("pipelines.backtest.training.fit", fit)
    past = datetime(2022, 12, 31, 16, tzinfo=UTC)
    with pytest.raises(StopIteration):
        backtest(tables, Window(TEST, train_from=past))
    (rows,) = seen
    assert (rows["known_at"] < start).all()
    assert (rows["declared_at"] >= past).all()
    waiting = table(tables, catalog.standard(tables).without("report", "annotation"))
    open_then = (waiting.declared_at < start) & (waiting.labels["known_at"] >= start)
    assert open_then.any(), "no line was waiting for its outcome: this test shows nothing"
    known = (waiting.declared_at < start) & ~open_then
    back = waiting.labels["known_at"][known]
    ripe = start - maturity_of(waiting.declared_at[known], back, as_of=TEST.start)
    young = known & (waiting.declared_at >= ripe)
    assert young.any(), "no line was too young: this test shows nothing"
    assert len(rows) == (known & ~young & (waiting.declared_at >= past)).sum()
    assert (rows["declared_at"] < ripe).all()


def test_where_outcomes_come_at_once_no_line_is_too_young(tables: Tables) -> None:
    declared = tables["declarations"].set_index("declaration_id")["declared_at"]
    declared = declared[~declared.index.duplicated(keep="last")]
    visits = tables["inspections"].drop_duplicates("declaration_id")
    at = visits["declaration_id"].map(declared)
    made = {**tables, "inspections": visits.assign(inspected_at=at, known_at=at)}
    whole = table(made, catalog.standard(made).without("report", "annotation"))
    known, _ = step._split(whole, Window(TEST))
    assert known.sum() == (whole.declared_at < pd.Timestamp(TEST.start)).sum()


def test_frozen_features_are_the_same_whatever_happens_later(tables: Tables) -> None:
    start = pd.Timestamp(TEST.start)
    features = catalog.standard(tables)
    early = {
        name: frame[frame["known_at"] < start] if name != "declarations" else frame
        for name, frame in tables.items()
    }
    labelled = {**early, "inspections": tables["inspections"]}
    whole = table(tables, features, freeze=TEST.start)
    doubled = {
        name: pd.concat([frame, again(frame, start)], ignore_index=True)
        if name not in ("declarations", "inspections")
        else frame
        for name, frame in tables.items()
    }
    more = table(doubled, features, freeze=TEST.start)
    less = table(labelled, features, freeze=TEST.start)
    assert (whole.declared_at >= start).any()
    assert more.rows.numbers.tobytes() == whole.rows.numbers.tobytes()
    late = (whole.declared_at >= start).to_numpy()
    assert less.rows.numbers[late].tobytes() == whole.rows.numbers[late].tobytes()
    thawed = table(doubled, features)
    assert thawed.rows.numbers[late].tobytes() != whole.rows.numbers[late].tobytes()


def again(frame: pd.DataFrame, since: pd.Timestamp) -> pd.DataFrame:
    """Every fact once more, under another id, learned from a moment on."""
    ids = {name: "again-" + frame[name] for name in ("fact_id", "report_id") if name in frame}
    moments = frame["known_at"].where(frame["known_at"] >= since, since)
    return frame.assign(**ids, known_at=moments)


def test_custom_and_joint_keys_become_features(tables: Tables) -> None:
    lines = tables["declarations"]
    extended = {**tables, "declarations": lines.assign(x_lane=lines["port"].str[:1])}
    custom = tuple(map(keys.parse, ("departure", "x_lane", "x_lane+hs2", "departure+hs4+origin")))
    found = backtest(extended, Window(TEST), custom=custom)
    names = found.model.features.names
    for key in ("departure", "x_lane", "x_lane_hs2", "departure_hs4_origin"):
        assert f"{key}_inspection_fail_shrunk_rate_ever" in names
    assert "x_lane" in found.model.features.categories


def test_without_a_kind_no_feature_reads_it(found: Backtest, tables: Tables) -> None:
    less = backtest(tables, Window(TEST), without=("report", "annotation"))
    kinds = {a.kind for a in less.model.features.aggregates}
    assert {"report", "annotation"} & kinds == set()
    assert {"report", "annotation"} <= {a.kind for a in found.model.features.aggregates}
    assert kinds == {a.kind for a in found.model.features.aggregates} - {"report", "annotation"}


def test_a_kind_that_does_not_exist_is_refused(tables: Tables) -> None:
    with pytest.raises(Invalid, match="reports"):
        backtest(tables, Window(TEST), without=("reports",))


def test_too_few_failures_are_one_clear_error(tables: Tables) -> None:
    early = Period(UNTIL - timedelta(days=3 * 365), UNTIL)
    with pytest.raises(Invalid, match=r"0 failures are known before .* at least 20"):
        backtest(tables, Window(early))


def test_an_empty_window_tells_what_there_is(tables: Tables) -> None:
    empty = Period(UNTIL + timedelta(days=10), UNTIL + timedelta(days=20))
    with pytest.raises(Invalid, match=r"no inspected declaration from .* there are some from"):
        backtest(tables, Window(empty))


def test_the_same_seed_gives_the_same_likelihoods(found: Backtest, tables: Tables) -> None:
    again = backtest(tables, Window(TEST))
    assert again.likelihood.tobytes() == found.likelihood.tobytes()


def test_rolling_periods_follow_one_another_and_equal_single_backtests(tables: Tables) -> None:
    made = table(tables, catalog.standard(tables))
    folds = rolling(made, Window(Period(UNTIL - timedelta(days=180), UNTIL)), folds=2)
    (first, _), (second, last) = folds
    assert (first.end, second.end) == (second.start, UNTIL)
    alone = judge(made, Window(second))
    assert np.array_equal(alone.likelihood, last.likelihood)


def test_days_are_those_of_shanghai(found: Backtest) -> None:
    days = step.days(found.tested)
    local = [moment.astimezone(CIVIL).date() for moment in found.tested.declared_at]
    assert days.astype(object).tolist() == local
