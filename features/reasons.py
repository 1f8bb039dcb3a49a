"""Why: the parts of a decision that say what it rests on, each with the facts behind it."""

from typing import Literal

from features.fields import Probability
from features.records import Part

RiskLevel = Literal["serious", "high", "medium", "low"]
Drawn = Literal["documents", "sampling", "full"]  # where a line that is drawn goes
Lane = Literal["release", "documents", "sampling", "full"]


class Evidence(Part):
    """A fact behind a reason."""

    kind: Literal["report", "inspection", "warning", "declaration", "certificate"]
    id: str


class Reason(Part):
    """One sentence of why (理由), the feature that it tells, and the facts behind it.

    It speaks for every feature of the same thing: ``contribution`` is what they add together.
    """

    feature: str
    value: float | None
    contribution: float  # log-odds that this reason adds to the likelihood
    zh: str
    en: str
    evidence: tuple[Evidence, ...] = ()


class Item(Part):
    """A test to run (检验项目), chosen by hazard, and why it is run on these goods now."""

    hazard: str
    zh: str
    en: str
    why_zh: str = ""
    why_en: str = ""
    evidence: tuple[Evidence, ...] = ()


Cause = Literal["prohibition", "lot", "rule", "warning", "floor", "recognition", "risk"]


class Effect(Part):
    """What one cause did to the probability of inspection (布控依据), in one sentence.

    A cause narrows what the causes before it left open: at least ``least``, at most ``most``.
    ``lane`` is what it asks for where the line is drawn; ``None`` leaves that to others.
    """

    cause: Cause
    id: str  # of the rule, warning, certificate or inspection; empty where there is none
    least: Probability = 0.0
    most: Probability = 1.0
    lane: Lane | None = None
    zh: str
    en: str
    evidence: tuple[Evidence, ...] = ()
