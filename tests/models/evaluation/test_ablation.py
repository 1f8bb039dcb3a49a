"""What a family is worth is a paired difference; the words say which are surely of use."""

import numpy as np
import pytest

from models import metrics
from models.evaluation.ablation import ablation, conclusion
from models.resampling import Lines


@pytest.fixture(scope="module")
def drawn() -> tuple[Lines, np.ndarray, np.ndarray]:
    chance = np.random.default_rng(0)
    risk = chance.normal(-2, 1.5, 2_000)
    failed = chance.random(2_000) < 1 / (1 + np.exp(-risk))
    lines = Lines(failed, chance.integers(0, 200, 2_000), np.ones(2_000))
    whole = 1 / (1 + np.exp(-risk))
    return lines, whole, 1 / (1 + np.exp(-(risk + chance.normal(0, 2, 2_000))))


def test_what_is_lost_is_the_whole_model_s_less_the_other_s(
    drawn: tuple[Lines, np.ndarray, np.ndarray],
) -> None:
    lines, whole, noisy = drawn
    found = ablation("report,annotation", lines, whole=whole, without=noisy, seed=0)
    told = found.numbers()
    for name, of in (("auc", metrics.auc), ("average_precision", metrics.average_precision)):
        assert told[f"{name}_lost"] == pytest.approx(
            of(lines.failed, whole) - of(lines.failed, noisy)
        )
        assert told[f"{name}_without"] == pytest.approx(of(lines.failed, noisy))
        assert told[f"{name}_lost_low"] < told[f"{name}_lost"] < told[f"{name}_lost_high"]
    assert found.words == ("风险信息和投诉舆情", "reports and reports as read")
    assert found.row()["family"] == "report,annotation"
    assert "风险信息和投诉舆情" in conclusion([found])[0]


def test_a_family_that_changes_nothing_is_not_said_to_be_of_use(
    drawn: tuple[Lines, np.ndarray, np.ndarray],
) -> None:
    lines, whole, _ = drawn
    found = ablation("declared", lines, whole=whole, without=whole, seed=0)
    assert found.lost("auc").difference == 0
    assert "No family" in conclusion([found])[1]
