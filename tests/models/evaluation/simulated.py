"""Lines whose truth is known: what each would show, and what an honest model says of it."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from models.evaluation.dimensions import Dimension
from models.evaluation.judged import Judged

Numbers = npt.NDArray[np.float64]
PORTS = 12


def honest(risk: Numbers, spread: float) -> Numbers:
    """The chance of failure at a risk in log-odds, over what enterprises add to it by chance."""
    points, weights = np.polynomial.hermite_e.hermegauss(30)
    chance: Numbers = expit(risk[:, None] + spread * points) @ (weights / weights.sum())
    return chance


def world(
    seed: int, *, lines: int = 4_000, spread: float = 0.5, riskier: float = 0.0
) -> tuple[Judged, list[Dimension]]:
    """Lines of 250 enterprises and twelve ports, with honest likelihoods.

    spread: how unlike enterprises are, which no model sees. riskier: port 3, in log-odds.
    """
    chance = np.random.default_rng(seed)
    group = chance.integers(0, 250, lines)
    port = chance.integers(0, PORTS, lines)
    risk = chance.normal(-2, 1, lines) + riskier * (port == 3)
    failed = chance.random(lines) < expit(risk + spread * chance.normal(size=250)[group])
    judged = Judged(failed, honest(risk, spread), group, np.ones(lines))
    return judged, [Dimension("port", ("口岸", "port"), [f"P{n}" for n in port], is_fair=True)]


def misled(judged: Judged, dimension: Dimension, *, by: float) -> Judged:
    """The same lines, but of port 3 more is said by so many log-odds."""
    there = np.array(dimension.values, object) == "P3"
    return replace(judged, likelihood=expit(logit(judged.likelihood) + by * there))
