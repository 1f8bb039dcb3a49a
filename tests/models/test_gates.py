"""Every gate fails for its own reason, and only for that."""

from pathlib import Path

import pytest
import yaml

from features.errors import Invalid
from models import gates
from models.gates import FILE, NEEDED, Gates

RULES = gates.load()
GOOD = {
    "auc": 0.8,
    "ece_excess": 0.01,
    "positives": 100.0,
    "parity_gap": 0.0,
    "average_precision": 0.4,
    "precision_at_5pct": 0.5,
}
BAD = {
    "auc": (RULES.least_auc - 0.01, "auc 0.590 is below 0.6"),
    "ece_excess": (RULES.most_ece_excess + 0.01, "ece is 0.040 above chance"),
    "positives": (RULES.least_positives - 1.0, "19 failures were judged, 20 are needed"),
    "parity_gap": (1e-12, "bulk and online features differ by 1e-12"),
    "average_precision": (0.37, "average_precision 0.370 is worse than the champion's 0.400"),
    "precision_at_5pct": (0.44, "precision_at_5pct 0.440 is worse than the champion's 0.500"),
}


def test_a_good_model_passes_with_and_without_a_champion() -> None:
    assert gates.failures(RULES, GOOD, champion=None) == []
    assert gates.failures(RULES, GOOD, champion=GOOD) == []


@pytest.mark.parametrize("metric", BAD)
def test_each_gate_fails_for_its_reason(metric: str) -> None:
    value, reason = BAD[metric]
    (sentence,) = gates.failures(RULES, {**GOOD, metric: value}, champion=GOOD)
    assert sentence.startswith(reason)


@pytest.mark.parametrize("metric", ["average_precision", "precision_at_5pct"])
def test_without_a_champion_nothing_is_worse_than_it(metric: str) -> None:
    assert gates.failures(RULES, {**GOOD, metric: 0.0}, champion=None) == []


@pytest.mark.parametrize("metric", NEEDED)
def test_a_metric_that_is_not_told_is_no_pass(metric: str) -> None:
    told = {name: value for name, value in GOOD.items() if name != metric}
    assert gates.failures(RULES, told, champion=GOOD)


def test_every_gate_that_fails_is_told() -> None:
    worst = {name: value for name, (value, _) in BAD.items()}
    assert len(gates.failures(RULES, {**GOOD, **worst}, champion=GOOD)) == len(BAD)


def test_bounds_themselves_pass() -> None:
    on_bounds = {
        **GOOD,
        "auc": RULES.least_auc,
        "positives": float(RULES.least_positives),
        "average_precision": GOOD["average_precision"] - RULES.average_precision_slack,
        "precision_at_5pct": GOOD["precision_at_5pct"] - RULES.precision_at_5pct_slack,
    }
    assert gates.failures(RULES, on_bounds, champion=GOOD) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"least_auc": "high"}, r"least_auc 'high'"),
        ({"least_luck": 1}, "least_luck"),
        ({"least_positives": None}, "least_positives"),
    ],
)
def test_a_wrong_file_names_the_field(tmp_path: Path, change: dict[str, object], told: str) -> None:
    path = tmp_path / "gates.yaml"
    path.write_text(yaml.safe_dump({**yaml.safe_load(FILE.read_text()), **change}))
    with pytest.raises(Invalid, match=told):
        gates.load(path)


@pytest.mark.parametrize(("high", "passed"), [(-0.001, False), (0.0, True), (0.2, True)])
def test_only_a_surely_worse_version_fails_on_the_same_lines(high: float, passed: bool) -> None:
    check = gates.difference(RULES, high)
    assert (check.passed, check.number) == (passed, high)
    assert "surely worse than the champion's" in check.sentence
    assert not gates.difference(RULES, float("nan")).passed


def test_every_check_tells_its_number() -> None:
    told = {check.gate: check.number for check in gates.checks(RULES, GOOD, champion=GOOD)}
    assert told == GOOD


def test_the_file_is_read_as_it_stands() -> None:
    assert yaml.safe_load(FILE.read_text()) == RULES.model_dump()
    assert isinstance(RULES, Gates)
