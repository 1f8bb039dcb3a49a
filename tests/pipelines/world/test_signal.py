"""Reports must be worth reading: counting them improves a model, and hazards do so more."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from lightgbm import LGBMClassifier
from sklearn.metrics import average_precision_score

from features.moments import DAY_MS
from pipelines.sample import sample

UNTIL = datetime(2025, 6, 30, 16, tzinfo=UTC)
Floats = npt.NDArray[np.float64]


def _recent(facts: pd.DataFrame, lots: pd.DataFrame, *, key: str, days: int) -> Floats:
    """Return how many facts of the lot's key were learned in the days before it."""
    moments = {name: group.to_numpy() for name, group in facts.groupby(key)["ms"]}
    counts = np.zeros(len(lots))
    for row, (name, ms) in enumerate(zip(lots[key], lots["ms"], strict=True)):
        if name in moments:
            first, last = np.searchsorted(moments[name], [ms - days * DAY_MS, ms])
            counts[row] = last - first
    return counts


def _counts(facts: pd.DataFrame, lots: pd.DataFrame, *, keys: list[str], at: str) -> pd.DataFrame:
    facts = facts.assign(ms=_ms(facts[at])).sort_values("ms")
    columns = {
        f"{key}_{days}": _recent(facts, lots, key=key, days=days)
        for key in keys
        for days in (30, 90, 365)
    }
    return pd.DataFrame(columns)


def _ms(moments: pd.Series) -> pd.Series:
    whole: pd.Series = moments.dt.as_unit("ms").astype(np.int64)
    return whole


def _precision(X: pd.DataFrame, lots: pd.DataFrame, *, seen: pd.Series) -> float:
    """Return the average precision on the newest third of a model of the inspected two thirds."""
    cut = np.quantile(lots["ms"], 0.66)
    train, test = seen & (lots["ms"] < cut), lots["ms"] >= cut + 14 * DAY_MS
    model = LGBMClassifier(
        n_estimators=120,
        learning_rate=0.05,
        num_leaves=15,
        min_child_samples=30,
        colsample_bytree=0.6,
        reg_lambda=5,
        verbose=-1,
        random_state=0,
        n_jobs=2,
    )
    model.fit(X[train], lots["would_fail"][train])
    guess = np.asarray(model.predict_proba(X[test]))[:, 1]
    return float(average_precision_score(lots["would_fail"][test], guess))


def _gain(folder: Path) -> float:
    """Return average precision with counts of harm reports over that without, in one world."""
    lots, seen, told, true = (
        pd.read_parquet(folder / f"{sheet}.parquet")
        for sheet in ("declarations", "inspections", "reports", "truth/reports")
    )
    lots = lots.merge(pd.read_parquet(folder / "truth" / "declarations.parquet"))
    lots = lots.assign(hs4=lots["hs_code"].str[:4], ms=_ms(lots["declared_at"]))
    keys = ["enterprise_id", "brand", "manufacturer_id", "hs4"]
    seen = seen.merge(lots[["declaration_id", *keys]], on="declaration_id")
    fails = seen[seen["outcome"] == "fail"]
    harm = told[true["hazards"].notna()].assign(hs4=lambda frame: frame["hs_code"].str[:4])
    without = (
        lots[["hs4", "origin", "trade_mode"]]
        .astype("category")
        .assign(value=np.log(lots["value_cny"]), quantity=np.log(lots["quantity"]))
        .join(_counts(seen, lots, keys=keys, at="known_at").add_prefix("seen_"))
        .join(_counts(fails, lots, keys=keys, at="known_at").add_prefix("fails_"))
    )
    reports = _counts(harm, lots, keys=["enterprise_id", "brand", "hs4"], at="received_at")
    inspected = lots["declaration_id"].isin(seen["declaration_id"])
    base = _precision(without, lots, seen=inspected)
    better = _precision(without.join(reports.add_prefix("told_")), lots, seen=inspected)
    assert better < 0.9 * average_precision_score(lots["would_fail"], lots["fail_probability"])
    return better / base


@pytest.mark.slow
def test_counting_reports_of_hazards_improves_average_precision(tmp_path: Path) -> None:
    gains = []
    for seed in (1, 2, 3, 11):
        sample(tmp_path / str(seed), seed=seed, declarations=20_000, until=UNTIL)
        gains.append(_gain(tmp_path / str(seed)))
    assert np.mean(gains) > 1.15
    assert min(gains) > 1.0
