"""Gates: what a model must show before it may decide, from a file a risk manager can change."""

from collections.abc import Mapping
from dataclasses import dataclass
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
    least_difference_high: float
    second_person: bool


@dataclass(frozen=True)
class Check:
    """One gate: its name, the number it looks at, whether it is passed, and why it would not be."""

    gate: str
    number: float
    passed: bool
    sentence: str


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
    """Return which gates a candidate's metrics do not pass, each as a sentence."""
    checked = checks(gates, metrics, champion=champion)
    return [check.sentence for check in checked if not check.passed]


def checks(
    gates: Gates, metrics: Mapping[str, float], *, champion: Mapping[str, float] | None
) -> list[Check]:
    """Return every gate that looks at a candidate's metrics, passed or not.

    champion: the present one's metrics, ``None`` for the first model. A missing metric fails.
    """
    told = {name: metrics.get(name, float("nan")) for name in NEEDED}
    auc, excess, gap = told["auc"], told["ece_excess"], told["parity_gap"]
    return [
        Check("auc", auc, auc >= gates.least_auc, f"auc {auc:.3f} is below {gates.least_auc}"),
        Check(
            "ece_excess",
            excess,
            excess <= gates.most_ece_excess,
            f"ece is {excess:.3f} above chance, more than {gates.most_ece_excess}",
        ),
        Check(
            "positives",
            told["positives"],
            told["positives"] >= gates.least_positives,
            f"{told['positives']:.0f} failures were judged, {gates.least_positives} are needed",
        ),
        Check(
            "parity_gap",
            gap,
            gap <= gates.most_parity_gap,
            f"bulk and online features differ by {gap:.3g}",
        ),
        *_no_worse(gates, told, champion=champion or {}),
    ]


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
) -> list[Check]:
    slacks = {
        "average_precision": gates.average_precision_slack,
        "precision_at_5pct": gates.precision_at_5pct_slack,
    }
    return [
        Check(
            name,
            told[name],
            told[name] >= champion[name] - slack,
            f"{name} {told[name]:.3f} is worse than the champion's {champion[name]:.3f}",
        )
        for name, slack in slacks.items()
        if name in champion
    ]


def difference(gates: Gates, high: float) -> Check:
    """Return whether a candidate is not surely worse than the champion on the same lines.

    high: the upper end of the interval of its average precision less the champion's.
    """
    return Check(
        "difference_high",
        high,
        high >= gates.least_difference_high,
        f"on the same lines its average precision is surely worse than the champion's: the "
        f"difference is at most {high:.3f}",
    )
