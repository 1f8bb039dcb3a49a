from pathlib import Path

import pytest

from features.errors import Invalid
from models.text.duplicates.floods import HOUR_MS, Floods, load

RULE = Floods(hours=24, copies=3, by_channel={"media": 4})


def test_the_file_holds_a_rule() -> None:
    assert load().copies <= load().by_channel["media"]


@pytest.mark.parametrize(("gap", "flood"), [(HOUR_MS, True), (12 * HOUR_MS, False)])
def test_only_copies_within_the_hours_count(gap: int, *, flood: bool) -> None:
    known = [0, gap, 2 * gap]
    assert RULE.is_flood(known, 2 * gap, channel="12315") is flood


def test_what_came_later_is_not_seen() -> None:
    assert not RULE.is_flood([0, 1, 2, 3], 1, channel="12315")


def test_a_channel_may_bear_more() -> None:
    assert RULE.is_flood([0, 1, 2], 2, channel="portal")
    assert not RULE.is_flood([0, 1, 2], 2, channel="media")


@pytest.mark.parametrize("told", ["hours: 0", "copies: 1", "[", "by_channel: {pigeon: 3}"])
def test_a_file_that_does_not_fit_is_refused(told: str, tmp_path: Path) -> None:
    path = tmp_path / "floods.yaml"
    path.write_text(told)
    with pytest.raises(Invalid, match=r"floods\.yaml"):
        load(path)
