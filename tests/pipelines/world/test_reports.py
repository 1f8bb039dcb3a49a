from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from features.fields import ChannelName
from pipelines.world.filing import CATEGORIES, MOODS
from pipelines.world.tables import hazards, reporting

if TYPE_CHECKING:
    from tests.pipelines.world.conftest import Simulated


CHANNELS = set(ChannelName.__args__)  # type: ignore[attr-defined]


def _told(simulated: Simulated) -> pd.DataFrame:
    return simulated.reports.merge(
        simulated.told, on="report_id", suffixes=("", "_true"), validate="one_to_one"
    )


def _normalised(text: str) -> str:
    return re.sub(r"[\W\d０-９]+", "", text)


def test_most_texts_are_different_even_without_digits_and_marks(simulated: Simulated) -> None:
    originals = _told(simulated)[lambda told: told["duplicate_of"].isna()]
    about_goods = originals[originals["relevant"]]["text"].map(_normalised)
    assert about_goods.nunique() > 3_000
    assert about_goods.nunique() / len(about_goods) > 0.95
    assert originals["text"].map(_normalised).nunique() / len(originals) > 0.75


def test_reports_follow_the_lots_of_an_episode_by_weeks(simulated: Simulated) -> None:
    """Truth against truth: weekly bad lots and weekly harm reports correlate best after a delay."""
    lots = simulated.declarations.merge(simulated.lots, on="declaration_id")
    bad = lots[lots["would_fail"] & lots["episode_id"].notna()]
    told = _told(simulated)
    harm = told[told["episode_id"].notna() & (told["channel"] != "overseas_notice")]
    start = lots["declared_at"].min()
    weeks = pd.MultiIndex.from_product([bad["episode_id"].unique(), range(160)])

    def weekly(frame: pd.DataFrame, column: str) -> pd.Series:
        week = (frame[column] - start) // timedelta(days=7)
        return frame.groupby([frame["episode_id"], week]).size().reindex(weeks, fill_value=0)

    lots_by_week = weekly(bad, "declared_at")
    told_by_week = weekly(harm, "received_at")
    lagged = [lots_by_week.corr(told_by_week.groupby(level=0).shift(-lag)) for lag in range(13)]
    assert 2 <= int(np.argmax(lagged)) <= 5
    assert max(lagged) > lagged[0] + 0.1


def test_reports_foretell_failures_before_inspections_show_them(simulated: Simulated) -> None:
    """Lots of a brand with a recent harm report, and no failed inspection yet, fail more often."""
    lots = simulated.declarations.merge(simulated.lots, on="declaration_id")
    lots = lots.dropna(subset=["brand"]).sort_values("declared_at")
    told = _told(simulated).dropna(subset=["brand", "hazards"]).sort_values("received_at")
    seen = (
        simulated.inspections.query("outcome == 'fail'")
        .merge(lots[["declaration_id", "brand"]], on="declaration_id")
        .sort_values("known_at")
    )
    recent = pd.merge_asof(
        lots,
        told[["received_at", "brand"]],
        left_on="declared_at",
        right_on="received_at",
        by="brand",
        tolerance=pd.Timedelta(days=60),
    )
    recent = pd.merge_asof(
        recent,
        seen[["known_at", "brand"]],
        left_on="declared_at",
        right_on="known_at",
        by="brand",
        tolerance=pd.Timedelta(days=180),
    )
    quiet = recent[recent["known_at"].isna()]
    warned = quiet["received_at"].notna()
    assert warned.sum() > 500
    rates = quiet.groupby(warned)["would_fail"].mean()
    assert rates[True] > 1.5 * rates[False]


def test_times_are_in_order_and_before_the_end(simulated: Simulated) -> None:
    told = simulated.reports
    happened = told["occurred_at"].dropna()
    assert (happened < told.loc[happened.index, "received_at"]).all()
    assert (told["received_at"] < simulated.until).all()
    assert 0.5 < told["occurred_at"].notna().mean() < 0.9


def test_the_operator_files_half_of_the_time_and_errs_seldom(simulated: Simulated) -> None:
    told = _told(simulated)
    for filed, true, choices in (
        ("category", "category_true", CATEGORIES),
        ("x_emotion", "sentiment", MOODS),
    ):
        known = told[told[filed].notna()]
        assert 0.4 < len(known) / len(told) < 0.65
        assert set(known[filed]) == set(choices)
        assert 0.01 < (known[filed] != known[true]).mean() < 0.07
        assert set(known["channel"]) == {"12315", "12345", "12365", "portal"}


def test_links_are_partial(simulated: Simulated) -> None:
    goods = _told(simulated)[lambda told: told["relevant"]]
    names = ["enterprise_id", "brand", "hs_code", "goods_name", "origin"]
    filled = np.column_stack([goods[name].notna().to_numpy(bool) for name in names])
    assert filled.mean(axis=0).max() < 0.85
    assert filled.mean(axis=0).min() > 0.1
    assert 0.08 < (~filled.any(axis=1)).mean() < 0.35
    assert (filled[:, 1] & ~filled[:, 0]).mean() > 0.1
    linked = goods[goods["enterprise_id"].notna()]
    assert (linked["enterprise_id"] == linked["enterprise_id_true"]).all()


def test_copies_name_an_earlier_report(simulated: Simulated) -> None:
    received = simulated.reports.set_index("report_id")["received_at"]
    copies = _told(simulated).dropna(subset=["duplicate_of"])
    assert 0.04 < len(copies) / len(simulated.reports) < 0.15
    assert (copies["received_at"].to_numpy() > received[copies["duplicate_of"]].to_numpy()).all()
    text = simulated.reports.set_index("report_id")["text"]
    exact = copies["text"].to_numpy() == text[copies["duplicate_of"]].to_numpy()
    assert 0.35 < exact.mean() < 0.65


def test_every_channel_but_none_other_and_every_category_speaks(simulated: Simulated) -> None:
    assert set(simulated.reports["channel"]) == CHANNELS
    assert set(simulated.told["category"]) == set(CATEGORIES)
    assert set(simulated.told["hazards"].dropna()) == set(hazards())
    relevant = simulated.told.groupby("category")["relevant"].mean()
    assert set(relevant[relevant == 1].index) == set(reporting().relevant)
    assert set(relevant.unique()) == {0.0, 1.0}


@pytest.mark.parametrize("words", ["没有人受伤", "担心", "没有起火", "儿童", "送医", "😡", "唔"])
def test_texts_have_what_real_ones_have(simulated: Simulated, words: str) -> None:
    assert simulated.reports["text"].str.contains(words).any()


def test_phone_numbers_are_obviously_synthetic(simulated: Simulated) -> None:
    digits = simulated.reports["text"].str.replace(r"[\s-]", "", regex=True)
    phones = digits.str.extractall(r"(?<!\d)(1[3-9]\d{9})(?!\d)")[0]
    assert len(phones) > 100
    assert phones.str.fullmatch(r"13[89]0000\d{4}").all()
