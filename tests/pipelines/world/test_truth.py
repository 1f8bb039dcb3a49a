from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from pipelines.world.tables import goods

if TYPE_CHECKING:
    from tests.pipelines.world.conftest import Simulated


def test_probabilities_are_those_by_which_lots_fail(simulated: Simulated) -> None:
    lots = simulated.lots
    bands = np.digitize(lots["fail_probability"], [0.02, 0.05, 0.1, 0.3, 0.6])
    for _, band in lots.groupby(bands):
        expected = band["fail_probability"].mean()
        error = np.sqrt(expected * (1 - expected) / len(band))
        assert abs(band["would_fail"].mean() - expected) < 4 * error


def test_overall_rate_is_plausible_and_episodes_make_half_of_it(simulated: Simulated) -> None:
    lots = simulated.lots
    assert 0.05 < lots["would_fail"].mean() < 0.12
    in_episode = lots["episode_id"].notna()
    assert 0.04 < in_episode.mean() < 0.2
    assert lots[in_episode]["would_fail"].mean() > 5 * lots[~in_episode]["would_fail"].mean()


def test_episodes_begin_and_end(simulated: Simulated) -> None:
    lots = simulated.declarations.merge(simulated.lots, on="declaration_id")
    lots = lots.merge(simulated.episodes, on="episode_id", suffixes=("", "_episode"))
    assert (lots["declared_at"] >= lots["started_at"]).all()
    assert (lots["declared_at"] < lots["ended_at"]).all()
    lengths = simulated.episodes["ended_at"] - simulated.episodes["started_at"]
    assert lengths.min() >= timedelta(days=39)


def test_lots_of_an_episode_are_within_its_scope(simulated: Simulated) -> None:
    lots = simulated.declarations.merge(simulated.lots, on="declaration_id")
    lots = lots.merge(simulated.episodes, on="episode_id", suffixes=("", "_episode"))
    assert (lots["hs_code"].str[:4] == lots["hs4"]).all()
    for column in ("origin", "brand", "enterprise_id"):
        both = lots[[column, f"{column}_episode"]].dropna()
        assert len(both) > 100
        assert (both[column] == both[f"{column}_episode"]).all()


def test_hazards_are_those_of_the_goods(simulated: Simulated) -> None:
    prone = {(line.hs, hazard) for line in goods() for hazard in line.hazards}
    lots = simulated.declarations.merge(simulated.lots, on="declaration_id").dropna(subset="hazard")
    assert {*zip(lots["hs_code"], lots["hazard"], strict=True)} <= prone


def test_only_failing_lots_have_a_severity(simulated: Simulated) -> None:
    assert (simulated.lots["severity"].notna() == simulated.lots["would_fail"]).all()
    assert set(simulated.lots["severity"].dropna()) == {1, 2, 3, 4}


def test_amounts_are_whole_fen_and_positive(simulated: Simulated) -> None:
    for column in ("quantity", "net_weight_kg", "value_cny"):
        assert (simulated.declarations[column] > 0).all()
    fen = simulated.declarations["value_cny"] * 100
    assert np.allclose(fen, fen.round(), rtol=0, atol=1e-3)
