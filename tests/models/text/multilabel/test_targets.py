"""Targets: labels first, then the parts that joint labels share."""

import numpy as np

from models.text.multilabel.targets import Targets

JOINT = Targets(("brakes|angry", "brakes|calm", "price|angry"))


def test_joint_labels_are_learned_by_their_parts_too() -> None:
    found = JOINT.matrix([("brakes|angry",), ("brakes|calm", "price|angry"), ()])
    assert found.astype(int).tolist() == [
        [1, 0, 0, 1, 0, 1, 0],  # brakes, angry
        [0, 1, 1, 1, 1, 1, 1],  # brakes, price, angry, calm
        [0, 0, 0, 0, 0, 0, 0],
    ]


def test_each_view_says_a_score_of_each_label() -> None:
    scores = np.arange(7.0)[None]
    assert JOINT.seen(scores).tolist() == [[[0, 1, 2]], [[3, 3, 4]], [[5, 6, 5]]]


def test_labels_of_one_part_or_of_unlike_parts_have_one_view() -> None:
    for labels in (("fire", "noise"), ("fire|bad", "noise")):
        assert Targets(labels).matrix([labels]).tolist() == [[True, True]]
        assert Targets(labels).seen(np.zeros((4, 2))).shape == (1, 4, 2)
