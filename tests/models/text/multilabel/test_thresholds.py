"""Thresholds: what is best for each label, and never no label."""

import numpy as np

from models.text.multilabel.thresholds import best, chosen, margins


def test_thresholds_follow_what_is_best_for_each_label() -> None:
    truth = np.array([[True, True], [False, True], [True, False], [False, True]])
    told = np.array([[0.9, 0.44], [0.46, 0.9], [0.8, 0.1], [0.46, 0.44]])
    found = best(told, truth)
    assert chosen(margins(told, found)).tolist() == truth.tolist()
    assert found[1] < found[0]


def test_the_nearest_to_its_threshold_is_chosen_below_every_one() -> None:
    told = np.array([[0.1, 0.2]])
    assert chosen(margins(told, np.array([0.9, 0.9]))).tolist() == [[False, True]]
    assert chosen(margins(told, np.array([0.2, 0.9]))).tolist() == [[True, False]]


def test_no_text_has_nothing_chosen() -> None:
    assert chosen(np.empty((0, 2))).shape == (0, 2)
