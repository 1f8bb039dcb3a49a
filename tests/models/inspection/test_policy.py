from pathlib import Path

import pytest

from features.errors import Invalid
from models.inspection import lanes, policy

TEXT = policy.FILE.read_text(encoding="utf-8")
LOW = "  low: {risk: documents, random: {full: 0.001, sampling: 0.004, documents: 0.015}}"
ORDER = "precedence: [prohibition, lot, rule, warning, floor, recognition, risk]"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (ORDER, "precedence: [", "YAML"),
        (TEXT, "", "mapping"),
        (TEXT, "- a\n", "mapping"),
        ("name: example", "name: example\nversion: mine", "version"),
        ("name: example", "name: example\ncolour: red", "colour"),
        (LOW, "", "lanes must name each of low, medium, high, serious"),
        ("full: 0.001, ", "full: 0, ", "lanes.low.random.full"),
        ("random: {full: 0.90}", "random: {}", "lanes.serious.random"),
        (
            "random: {full: 0.90}",
            "random: {full: 0.2}",
            "a higher level must not have a lower floor",
        ),
        ("random: {full: 0.90}", "random: {full: 0.90}, most: 0.5", "above most"),
        ("low: {risk: documents", "low: {risk: release", "lanes.low.risk"),
        ("risk]", "risk, risk]", "each of .* once"),
        ("lot, rule", "rule, rule", "each of .* once"),
        ("prohibition, lot", "lot, prohibition", "prohibition must stand before lot"),
        ("lot, rule, warning, floor", "rule, warning, floor, lot", "lot must stand before floor"),
        ("recognition, risk]", "risk, recognition]", "recognition must stand before risk"),
        ("warning, floor, recognition", "floor, recognition, warning", "warning must stand before"),
        ("floor, recognition", "recognition, floor", "floor must stand before recognition"),
        ("I: {least: 1.0, lane: full}", "I: {least: 0.1, lane: full}", "least of its warnings"),
        ("  IV: {least: 0.05, lane: documents}", "", "warnings must name each of IV"),
        ("most: 0.1,", "most: 1.0,", "a pass needs most below 1"),
        ("days: 180, least: 0.5", "days: 180", "a failure needs least above 0"),
        ("lot: {days: 90}", "lot: {days: 0}", "lot.days"),
        ("low: [3, 50]", "low: [60, 50]", "60 to 50 must rise"),
        ("full: 4.0, ", "", "effort must name each of"),
        ("harm: [1, 3, 10, 30]", "harm: [1, 3, 10]", "harm"),
        ("price: 1.0", "price: -1", "price"),
        ("severity: 2", "severity: 5", "base.severity"),
        ("faster: 2.0", "faster: 0.5", "choice.faster"),
        ('"95": [choking', '"95": [chocking', "names 'chocking', which items has no test for"),
    ],
)
def test_a_broken_policy_says_what_is_wrong(tmp_path: Path, old: str, new: str, says: str) -> None:
    path = tmp_path / "policy.yaml"
    assert old in TEXT
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Invalid, match=says):
        policy.load(path)


def test_no_file_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no policy"):
        policy.load(tmp_path / "policy.yaml")


def test_the_version_follows_the_file(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text(TEXT + "# a word more\n", encoding="utf-8")
    assert policy.load(path).version != policy.load().version
    assert policy.load().version == policy.load().version


def test_floors_and_their_hours_follow_from_the_quotas() -> None:
    rules = policy.load()
    assert rules.floors == pytest.approx({"serious": 0.9, "high": 0.3, "medium": 0.08, "low": 0.02})
    by_lot = lanes.hours(rules, "high", least=rules.floors["high"], asked="release")
    assert by_lot == pytest.approx(0.02 * 4 + 0.28 * 2)
    assert rules.hours("high") == rules.effort["sampling"]
