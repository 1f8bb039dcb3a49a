"""Items: which tests to run, chosen by the hazards that the evidence names."""

from collections.abc import Sequence

from features.judgements import Item
from models.inspection.policy import Policy

MOST = 4


def items(policy: Policy, hazards: Sequence[str]) -> tuple[Item, ...]:
    """Return the tests for hazards, the most evident first; the usual ones where none is known."""
    chosen = [
        Item(hazard=hazard, zh=test.zh, en=test.en)
        for hazard in hazards
        for test in policy.items.get(hazard, ())
    ]
    usual = [Item(hazard="", zh=test.zh, en=test.en) for test in policy.usual_items]
    return tuple((chosen or usual)[:MOST])
