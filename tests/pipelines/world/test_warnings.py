from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.pipelines.world.conftest import Simulated


def test_a_few_episodes_become_warnings_when_they_are_known(simulated: Simulated) -> None:
    warnings, episodes = simulated.warnings, simulated.episodes
    assert 10 < len(warnings) < len(episodes) / 2
    assert set(warnings["issued_at"]) <= set(episodes["known_at"].dropna())
    assert (warnings["issued_at"] < simulated.until).all()
    assert (warnings["ends_at"] - warnings["issued_at"] == timedelta(days=180)).all()
    assert set(warnings["level"]) == {"I", "II", "III", "IV"}


def test_a_warning_names_what_its_episode_concerns(simulated: Simulated) -> None:
    known = simulated.warnings.merge(
        simulated.episodes, left_on="issued_at", right_on="known_at", suffixes=("", "_episode")
    )
    for row in known.itertuples():
        scope = dict(pair.split("=") for pair in str(row.scope).split(";"))
        assert scope["hs4"] == row.hs4
        named = {key: getattr(row, key) for key in ("origin", "brand", "enterprise_id")}
        told = {key: value for key, value in named.items() if isinstance(value, str)}
        assert scope == {"hs4": row.hs4, **told}
        assert len(scope) >= 2


def test_known_episodes_come_after_their_start(simulated: Simulated) -> None:
    known = simulated.episodes.dropna(subset=["known_at"])
    assert (known["known_at"] - known["started_at"]).min() >= timedelta(days=55)
