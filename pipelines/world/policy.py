"""The inspection policy of the simulated port, as its YAML says."""

from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import Field

from features.records import Part
from pipelines.world.tables import Share


class Policy(Part):
    """Probabilities and score weights by which lines were chosen, and the usual responses."""

    random: Annotated[float, Field(gt=0, le=1)]
    risk_ceiling: Share
    risk_offset: float
    grades: dict[str, float]
    blacklisted: float
    newcomer: float
    warned: Share
    tip: Share
    tip_days: Annotated[int, Field(gt=0)]
    responses: Annotated[tuple[tuple[str, ...], ...], Field(min_length=4, max_length=4)]


@cache
def policy() -> Policy:
    """Return the policy in ``policy.yaml``."""
    text = Path(__file__).with_name("policy.yaml").read_text(encoding="utf-8")
    return Policy.model_validate(yaml.safe_load(text))
