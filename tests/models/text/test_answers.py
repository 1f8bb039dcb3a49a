"""Answers count as scikit-learn counts, for one label and for several."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score
from sklearn.preprocessing import MultiLabelBinarizer

from models.text.answers import Answers, bucket, slices

LABEL = st.sampled_from("abcd")
MANY = st.lists(LABEL, min_size=1, unique=True).map(tuple)


def answers(truth: list[tuple[str, ...]], predicted: list[tuple[str, ...]]) -> Answers:
    return Answers(truth, predicted, [tuple(0.5 for _ in own) for own in predicted])


@given(st.lists(st.tuples(LABEL, LABEL), min_size=1))
def test_one_label_counts_as_scikit_learn_does(pairs: list[tuple[str, str]]) -> None:
    truth, predicted = zip(*pairs, strict=True)
    found = answers([(t,) for t in truth], [(p,) for p in predicted]).metrics()
    assert found["accuracy"] == pytest.approx(accuracy_score(truth, predicted))
    assert found["micro_f1"] == pytest.approx(found["accuracy"])
    macro = f1_score(truth, predicted, average="macro", zero_division=0)
    assert found["macro_f1"] == pytest.approx(macro)


@given(st.lists(st.tuples(MANY, MANY), min_size=1))
def test_several_labels_count_as_scikit_learn_does(
    pairs: list[tuple[tuple[str, ...], tuple[str, ...]]],
) -> None:
    truth, predicted = ([list(own) for own in part] for part in zip(*pairs, strict=True))
    binary = MultiLabelBinarizer().fit([*truth, *predicted])
    t, p = binary.transform(truth), binary.transform(predicted)
    found = answers(*map(list, zip(*pairs, strict=True))).metrics()
    assert found["accuracy"] == pytest.approx((t == p).all(axis=1).mean())
    assert found["micro_f1"] == pytest.approx(f1_score(t, p, average="micro"))
    assert found["macro_f1"] == pytest.approx(f1_score(t, p, average="macro", zero_division=0))


def test_a_class_that_no_answer_names_counts_as_zero() -> None:
    assert answers([("a",), ("new",)], [("a",), ("a",)]).f1 == {"a": pytest.approx(2 / 3), "new": 0}


def test_calibration_is_of_every_label_that_was_given() -> None:
    found = Answers([("a",), ("b", "c")], [("a",), ("b", "d")], [(1.0,), (1.0, 0.0)])
    assert found.metrics()["ece"] == pytest.approx(0)


def test_the_worst_are_wrong_and_the_surest_first() -> None:
    found = Answers(
        [("a",)] * 4, [("b",), ("a",), ("b",), ("b",)], [(0.6,), (1.0,), (0.9,), (0.6,)]
    )
    assert found.worst(2) == [2, 0]
    assert found.worst(9) == [2, 0, 3]


def test_nothing_has_no_metrics() -> None:
    assert all(np.isnan(value) for value in answers([], []).metrics().values())


def test_slices_part_the_texts_and_follow_the_length() -> None:
    lengths = [bucket(n) for n in (5, 600, 30, 20)]
    found = slices(answers([("a",)] * 4, [("a",), ("b",), ("a",), ("b",)]), {"length": lengths})
    assert found["slice"].tolist() == ["0-20", "21-50", "501-"]
    assert found["rows"].tolist() == [2, 1, 1]
    assert found["accuracy"].tolist() == [0.5, 1.0, 0.0]
