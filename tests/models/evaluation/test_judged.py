"""What a capacity selects, and what each line speaks for."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import metrics
from models.evaluation.judged import selected, told, weights


@given(st.lists(st.floats(0, 1), min_size=1), st.sampled_from([0.01, 0.05, 0.1, 0.2, 1.0]))
def test_of_equal_lines_as_many_are_selected_as_a_capacity_holds(
    scores: list[float], share: float
) -> None:
    found = selected(np.array(scores), np.ones(len(scores)), share=share)
    size = metrics.capacity(len(scores), share=share)
    assert found.sum() == size
    order = metrics.ranked(np.array(scores))
    assert found[order[:size]].all()


def test_a_line_that_speaks_for_many_takes_their_room() -> None:
    scores, weight = np.array([0.9, 0.8, 0.7, 0.1]), np.array([1.0, 3, 1, 5])
    assert selected(scores, weight, share=0.1).tolist() == [True, False, False, False]
    assert selected(scores, weight, share=0.4).tolist() == [True, True, False, False]


def test_lines_speak_for_as_many_as_their_chance_says() -> None:
    assert weights(pd.Series([0.5, 0.25])) == pytest.approx([2 / 3, 4 / 3])
    for unknown in ([0.5, None], [0.5, 0.0], [0.5, 1.5]):
        assert not told(pd.Series(unknown, dtype=float))
        assert weights(pd.Series(unknown, dtype=float)).tolist() == [1, 1]
    assert not told(pd.Series([], dtype=float))
