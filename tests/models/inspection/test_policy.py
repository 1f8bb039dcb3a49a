from pathlib import Path

import pytest

from features.errors import Invalid
from models.inspection import policy

TEXT = policy.FILE.read_text(encoding="utf-8")
FLOORS = "floors: {serious: 0.90, high: 0.30, medium: 0.08, low: 0.02}"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (FLOORS, "floors: [", "YAML"),
        (TEXT, "", "mapping"),
        (TEXT, "- a\n", "mapping"),
        ("name: example", "name: example\nversion: mine", "version"),
        ("name: example", "name: example\ncolour: red", "colour"),
        ("low: 0.02}", "low: 0}", "floors.low"),
        (FLOORS, "floors: {serious: 0.9, high: 0.3, medium: 0.08}", "floors must name"),
        ("high: 0.30", "high: 0.01", "lower floor"),
        ("low: documents}", "low: release}", "cannot be released"),
        ("full: 4.0, ", "", "effort lacks full"),
        ("harm: [1, 3, 10, 30]", "harm: [1, 3, 10]", "harm"),
        ("price: 1.0", "price: -1", "price"),
        ("severity: 2", "severity: 5", "base.severity"),
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
