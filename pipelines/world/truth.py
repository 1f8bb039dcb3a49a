"""What is really the matter with each simulated lot; known to nobody inside the world."""

import numpy as np
import pandas as pd

from pipelines.world.chance import Chance, Flags, Floats, Ints, logistic, logit, pick_each, stream
from pipelines.world.codes import declaration_ids, episode_ids, hazard_names
from pipelines.world.inspections import chances_of, inclusion
from pipelines.world.tables import goods, hazard_weights, severity_weights
from pipelines.world.world import World

FIRM, MAKER, SEASON, LUCK = 0.45, 0.35, 0.4, 0.25  # log-odds per unit
LEVEL = 0.45  # log-odds that bring the mean rate back to the table's
PAPER = 0.22  # share of ordinary failures that are labels and papers, with no hazard
NO_HAZARD = -1


def truths(world: World, lots: pd.DataFrame, *, part: int) -> pd.DataFrame:
    """Return fail_probability, would_fail, hazard (-1: none), severity (0: passes), episode (-1).

    A lot fails by the ordinary rate of its goods, firm, maker and season, or, independently, by a
    defect episode that holds for its supply at that moment.
    """
    rng = stream(world.seed, "truth", part=part)
    usual = _usual(world, lots, rng=rng)
    episode = world.defects.at(lots["supply"].to_numpy(), lots["declared_ms"].to_numpy())
    episode = _episode_of(world, episode)
    defect = np.where(episode >= 0, world.episodes["fail"].to_numpy()[episode], 0.0)
    by_defect = rng.random(len(lots)) < defect
    by_usual = rng.random(len(lots)) < usual
    nature = _nature(
        rng, lots["goods"].to_numpy(), episode=np.where(by_defect, episode, -1), world=world
    )
    fails = by_defect | by_usual
    return pd.DataFrame(
        {
            "fail_probability": 1.0 - (1.0 - usual) * (1.0 - defect),
            "would_fail": fails,
            "hazard": np.where(fails, nature["hazard"], NO_HAZARD),
            "severity": np.where(fails, nature["severity"], 0),
            "episode": episode,
            "by_defect": by_defect,
        }
    )


def exchanged(world: World, lots: pd.DataFrame, *, truths: pd.DataFrame) -> pd.DataFrame:
    """Return what each line is really like, for ``truth/declarations.parquet``."""
    return pd.DataFrame(
        {
            "declaration_id": declaration_ids(lots),
            "fail_probability": truths["fail_probability"],
            "would_fail": truths["would_fail"],
            "hazard": hazard_names(truths["hazard"]),
            "severity": truths["severity"].where(truths["would_fail"]).astype("Int64"),
            "episode_id": episode_ids(truths["episode"]),
            "propensity": inclusion(chances_of(world, lots)),
        }
    )


def _episode_of(world: World, exposure: Ints) -> Ints:
    """Return the episode behind each exposure row; -1 stays -1."""
    episodes = world.exposures["episode"].to_numpy()
    return np.where(exposure >= 0, episodes[exposure], -1)


def _usual(world: World, lots: pd.DataFrame, *, rng: Chance) -> Floats:
    base = np.array([line.fail for line in goods()])[lots["goods"]]
    drifted = (lots["declared_ms"] >= world.drifted_ms).to_numpy()
    firm = _quality(world.firms.loc[lots["enterprise"]], drifted)
    angle = 2 * np.pi * (lots["declared_ms"] - world.start_ms) / lots["period_ms"] + lots["phase"]
    tilt = FIRM * firm + MAKER * _quality(lots, drifted) + SEASON * np.sin(angle.to_numpy())
    return logistic(logit(base) + tilt + LUCK * rng.normal(size=len(lots)) - LEVEL)


def _quality(told: pd.DataFrame, drifted: Flags) -> Floats:
    """Return the quality of firms or makers before or after a drift."""
    return np.where(drifted, told["turned"], told["quality"])


def _nature(rng: Chance, goods: Ints, *, episode: Ints, world: World) -> dict[str, Ints]:
    """Return hazard and severity: the episode's, or drawn from what the goods are prone to."""
    hazard = pick_each(rng, hazard_weights()[goods])
    severity = 1 + pick_each(rng, severity_weights()[hazard])
    paper = rng.random(len(goods)) < PAPER
    known = world.episodes
    return {
        "hazard": np.where(
            episode >= 0, known["hazard"].to_numpy()[episode], np.where(paper, NO_HAZARD, hazard)
        ),
        "severity": np.where(
            episode >= 0, known["severity"].to_numpy()[episode], np.where(paper, 1, severity)
        ),
    }
