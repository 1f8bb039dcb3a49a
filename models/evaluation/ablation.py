"""Ablation: what is lost without a family of features, on the same lines and the same draws."""

from collections.abc import Sequence
from dataclasses import dataclass

from features.aggregates import KIND_LABELS
from features.feature_set import DECLARED
from models import comparison
from models.comparison import Comparison, Difference
from models.metrics import Scores
from models.resampling import Lines

DRAWS = 1000
WORDS = {**KIND_LABELS, DECLARED: ("申报项目本身", "what the declaration says")}
TOLD = ("average_precision", "auc")


@dataclass(frozen=True)
class Ablation:
    """A family, or several, that was left out, and the whole model beside the one without it.

    family: as ``--without`` takes it.
    """

    family: str
    comparison: Comparison

    @property
    def words(self) -> tuple[str, str]:
        """What the family is called, in Chinese and English."""
        told = [WORDS[name] for name in self.family.split(",")]
        return "和".join(zh for zh, _ in told), " and ".join(en for _, en in told)

    def lost(self, metric: str) -> Difference:
        """Return how much of a metric is lost: the whole model's less that without the family."""
        return self.comparison.differences[metric]

    def numbers(self) -> dict[str, float]:
        """Return the numbers that a run keeps."""
        return {
            f"{name}_{part}": getattr(self.lost(name), of)
            for name in TOLD
            for part, of in PARTS.items()
        }

    def row(self) -> dict[str, object]:
        """Return a row of a table."""
        return {"family": self.family, "zh": self.words[0], "en": self.words[1], **self.numbers()}


PARTS = {"without": "champion", "lost": "difference", "lost_low": "low", "lost_high": "high"}


def ablation(family: str, lines: Lines, *, whole: Scores, without: Scores, seed: int) -> Ablation:
    """Return what a family is worth. whole, without: likelihoods of the same lines."""
    return Ablation(
        family, comparison.compare(lines, without, challenger=whole, seed=seed, draws=DRAWS)
    )


def conclusion(found: Sequence[Ablation]) -> tuple[str, str]:
    """Return which families are surely of use, in Chinese and English."""
    useful = [one for one in found if one.lost("average_precision").low > 0]
    if not useful:
        return (
            "看不出哪一族特征单独不可缺少（别的族可能代替它）。",
            "No family is shown to be of use by itself; others may stand in for it.",
        )
    zh, en = ("、".join(one.words[0] for one in useful), ", ".join(one.words[1] for one in useful))
    return f"去掉后平均精确率确实下降：{zh}。", f"Average precision surely falls without: {en}."
