"""Gates: what a model must show before it may decide, from a file a risk manager can change."""

from collections.abc import Mapping
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from features.errors import Invalid

FILE = Path(__file__).with_name("gates.yaml")


class Gates(BaseModel):
    """The bounds; see the file for what each means."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    least_auc: float
    most_ece_excess: float
    least_positives: int
    average_precision_slack: float
    precision_at_5pct_slack: float
    most_parity_gap: float


def load(path: Path = FILE) -> Gates:
    """Read the gates; ``Invalid`` names the field and what is wrong with it."""
    try:
        return Gates(**yaml.safe_load(path.read_text()))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Invalid(f"{path}: {where} {first.get('input')!r}: {first['msg']}") from None


def failures(
    gates: Gates, metrics: Mapping[str, float], *, champion: Mapping[str, float] | None
) -> list[str]:
    """Return which gates a candidate's metrics do not pass, each as a sentence.

    champion: the present one's metrics, ``None`` for the first model. A missing metric fails.
    """
    told = {name: metrics.get(name, float("nan")) for name in NEEDED}
    excess = told["ece_excess"]
    checks = [
        (told["auc"] >= gates.least_auc, f"auc {told['auc']:.3f} is below {gates.least_auc}"),
        (
            excess <= gates.most_ece_excess,
            f"ece is {excess:.3f} above chance, more than {gates.most_ece_excess}",
        ),
        (
            told["positives"] >= gates.least_positives,
            f"{told['positives']:.0f} failures were judged, {gates.least_positives} are needed",
        ),
        (
            told["parity_gap"] <= gates.most_parity_gap,
            f"bulk and online features differ by {told['parity_gap']:.3g}",
        ),
        *_no_worse(gates, told, champion=champion or {}),
    ]
    return [sentence for passed, sentence in checks if not passed]


NEEDED = (
    "auc",
    "ece_excess",
    "positives",
    "parity_gap",
    "average_precision",
    "precision_at_5pct",
)


def _no_worse(
    gates: Gates, told: Mapping[str, float], *, champion: Mapping[str, float]
) -> list[tuple[bool, str]]:
    slacks = {
        "average_precision": gates.average_precision_slack,
        "precision_at_5pct": gates.precision_at_5pct_slack,
    }
    return [
        (
            told[name] >= champion[name] - slack,
            f"{name} {told[name]:.3f} is worse than the champion's {champion[name]:.3f}",
        )
        for name, slack in slacks.items()
        if name in champion
    ]
