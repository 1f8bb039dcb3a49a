import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipelines.world.timeline import Timeline

spell = st.tuples(st.integers(0, 4), st.integers(0, 50), st.integers(1, 30))


@given(st.lists(spell, max_size=20), st.integers(0, 4), st.integers(0, 90))
def test_equals_brute_force(spells: list[tuple[int, int, int]], code: int, moment: int) -> None:
    codes, starts, lengths = (
        np.array([spell[place] for spell in spells], dtype=np.int64) for place in range(3)
    )
    timeline = Timeline.of(codes, starts, ends=starts + lengths)
    row = int(timeline.at(np.array([code]), np.array([moment]))[0])
    begun = [start for other, start, _ in spells if other == code and start <= moment]
    if row >= 0:
        assert spells[row][0] == code
        assert spells[row][1] == max(begun)
        assert moment < spells[row][1] + spells[row][2]
    else:
        newest = (code, max(begun, default=0))
        ends = [start + length for other, start, length in spells if (other, start) == newest]
        assert not begun or min(ends) <= moment
