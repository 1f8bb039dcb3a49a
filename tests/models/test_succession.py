"""Where a rollback leads, whatever came before."""

from hypothesis import given
from hypothesis import strategies as st

from models.succession import How, Turn, line


def turn(version: str, how: How = "promoted") -> Turn:
    return Turn(version, "2026-07-01T00:00:00+00:00", "乙", "because", how)


def test_a_rollback_takes_back_what_came_after() -> None:
    turns = [turn("1"), turn("2"), turn("3"), turn("2", "rolled back")]
    assert line(turns, current="2") == ["1", "2"]
    assert line([*turns, turn("4")], current="4") == ["1", "2", "4"]


def test_a_champion_by_another_hand_stands_last() -> None:
    assert line([turn("1")], current="7") == ["1", "7"]
    assert line([], current="7") == ["7"]
    assert line([], current=None) == []


def test_the_same_champion_again_is_one_turn() -> None:
    assert line([turn("1"), turn("1")], current="1") == ["1"]


@given(st.lists(st.sampled_from("1234"), min_size=1, max_size=12))
def test_rolling_back_ends_after_at_most_as_many_turns(versions: list[str]) -> None:
    turns = [turn(version) for version in versions]
    current = versions[-1]
    for _ in versions:
        walked = line(turns, current=current)
        assert walked[-1] == current
        if len(walked) == 1:
            break
        current = walked[-2]
        turns.append(turn(current, "rolled back"))
    assert len(line(turns, current=current)) == 1


def test_a_turn_is_kept_as_it_was() -> None:
    kept = Turn("3", "2026-07-01T00:00:00+00:00", "乙", "为什么", "promoted", {"auc": 0.8})
    assert Turn.from_json(kept.to_json()) == kept
