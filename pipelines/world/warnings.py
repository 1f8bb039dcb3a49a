"""Simulated warnings: what was announced when an episode became known, and the episodes' truth."""

import numpy as np
import pandas as pd

from pipelines.world.codes import HAZARDS, episode_ids, kept
from pipelines.world.episodes import NEVER
from pipelines.world.policy import policy
from pipelines.world.tables import goods
from pipelines.world.world import World, warning_end

LEVELS = np.array(["IV", "III", "II", "I"], dtype=object)


def warnings(world: World) -> pd.DataFrame:
    """Return the rows of the exchange table ``warnings``, in order of issue."""
    subjects = _subjects(world)
    issued = world.episodes["known_ms"].between(world.start_ms, world.until_ms - 1).to_numpy()
    known = world.episodes[issued].drop(columns="origin").join(subjects)
    rows = pd.DataFrame(
        {
            "level": LEVELS[known["severity"].to_numpy() - 1],
            "issued_at": known["known_ms"],
            "scope": _scopes(known),
            "ends_at": warning_end(known["known_ms"].to_numpy()),
            "hazards": HAZARDS[known["hazard"].to_numpy()],
            "responses": [";".join(policy().responses[s - 1]) for s in known["severity"]],
        }
    ).sort_values("issued_at", ignore_index=True)
    return rows.assign(warning_id=[f"W{number:05d}" for number in range(len(rows))])


def truth(world: World) -> pd.DataFrame:
    """Return every episode, for ``truth/episodes.parquet``."""
    lived = world.episodes
    return _subjects(world).assign(
        episode_id=episode_ids(pd.Series(lived.index)),
        scope=lived["scope"],
        hazard=HAZARDS[lived["hazard"].to_numpy()],
        severity=lived["severity"],
        fail_probability=lived["fail"],
        started_at=lived["started_ms"],
        ended_at=lived["ended_ms"],
        known_at=_if_ever(lived["known_ms"]),
        tipped_at=_if_ever(lived["tipped_ms"]),
    )


def _subjects(world: World) -> pd.DataFrame:
    """Return whom and what each episode concerns; None where its scope leaves that open."""
    lived = world.episodes
    maker = world.supplies.drop_duplicates("product").set_index("product").loc[lived["product"]]
    firm = world.firms["enterprise_id"].to_numpy()[lived["enterprise"]]
    by_firm, by_maker = lived["scope"] == "enterprise", lived["scope"] == "product"
    return pd.DataFrame(
        {
            "enterprise_id": kept(by_firm, firm),
            "manufacturer_id": kept(by_maker, maker["manufacturer_id"]),
            "brand": kept(by_maker, maker["brand"]),
            "hs4": [goods()[code].hs[:4] for code in lived["goods"]],
            "origin": kept(~by_firm, lived["origin"]),
        },
        index=lived.index,
    )


def _scopes(known: pd.DataFrame) -> list[str]:
    """Return scopes as the exchange table writes them: ``hs4=8516;origin=VN``."""
    columns = [
        (f"{key}=" + known[key]).fillna("").tolist()
        for key in ("hs4", "origin", "brand", "enterprise_id")
    ]
    return [";".join(pair for pair in row if pair) for row in zip(*columns, strict=True)]


def _if_ever(moments: pd.Series) -> pd.Series:
    return moments.where(moments < NEVER).astype("Int64")
