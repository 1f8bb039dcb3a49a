"""Ablate: the same backtest without a family of features, and what is lost by it."""

from models.evaluation.ablation import Ablation, ablation
from pipelines.backtest import Backtest
from pipelines.compare import drawable

REPORTS = ("report", "annotation")


def families(found: Backtest) -> list[str]:
    """Return the families of a model's features that can be left out; none where it has one.

    Reports and what was read in them stand in for each other, so both are left out together too.
    """
    features = found.model.features
    names = list(dict.fromkeys(features.family(name) for name in features.names))
    if len(names) < 2:
        return []
    told = [kind for kind in REPORTS if kind in names]
    return [*names, *([",".join(told)] if len(told) > 1 and len(names) > 2 else [])]


def ablate(family: str, whole: Backtest, *, less: Backtest, seed: int) -> Ablation:
    """Return what a family is worth beside all others. less: the backtest without it."""
    tested = whole.tested
    lines = drawable(tested.labels.assign(enterprise_id=tested.declarations["enterprise_id"]))
    return ablation(family, lines, whole=whole.likelihood, without=less.likelihood, seed=seed)
