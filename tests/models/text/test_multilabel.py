"""Several labels for one text: learned, thresholded, saved, and never none."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from features.errors import Invalid
from models.text.linear import LinearClassifier, Recipe
from models.text.multilabel import MultiLabel, best_thresholds, chosen
from models.text.prepared import Prepared
from models.text.singlelabel import SingleLabel

WORDS = {"fire": "起火冒烟", "noise": "异响很大", "price": "价格太贵"}
GOODS = ["电热水壶", "充电宝", "电饭煲", "吹风机", "电暖器", "电风扇", "台灯", "插座"]
SETS = [("fire",), ("noise",), ("price",), ("fire", "noise"), ("noise", "price")]
TEXTS = [g + "，".join(WORDS[k] for k in own) for g in GOODS for own in SETS]
TRUTH = [own for _ in GOODS for own in SETS]


def model(seed: int = 0) -> MultiLabel:
    recipe = Recipe(2, 1, 1.0, balanced=False, ratios=False)
    return MultiLabel(LinearClassifier(recipes=(recipe,), seed=seed), seed=seed)


@pytest.fixture(scope="module")
def fitted() -> MultiLabel:
    return model().fit(Prepared.of(TEXTS), TRUTH)


def test_each_text_gets_its_labels(fitted: MultiLabel) -> None:
    names, sure = fitted.answer(Prepared.of(["洗衣机起火冒烟，异响很大", "洗衣机价格太贵"]))
    assert names == [("fire", "noise"), ("price",)]
    assert [len(own) for own in sure] == [2, 1]
    thresholds = dict(zip(fitted.labels_, fitted.thresholds_, strict=True))
    pairs = [pair for own in zip(names, sure, strict=True) for pair in zip(*own, strict=True)]
    assert all(probability >= thresholds[name] for name, probability in pairs)


def test_a_text_that_says_nothing_still_gets_a_label(fitted: MultiLabel) -> None:
    names, _ = fitted.answer(Prepared.of(["", "量子"]))
    assert all(names)


def test_no_text_gives_no_answer(fitted: MultiLabel) -> None:
    assert fitted.answer(Prepared.of([])) == ([], [])


def test_the_same_seed_learns_the_same(fitted: MultiLabel) -> None:
    assert model().fit(Prepared.of(TEXTS), TRUTH).version == fitted.version


def test_what_is_saved_answers_alike(fitted: MultiLabel, tmp_path: Path) -> None:
    fitted.save(tmp_path)
    again = MultiLabel.load(tmp_path, "linear")
    assert again.version == fitted.version
    assert again.answer(Prepared.of(TEXTS)) == fitted.answer(Prepared.of(TEXTS))


def test_a_rare_label_is_answered_by_its_frequency(tmp_path: Path) -> None:
    made = model().fit(Prepared.of([*TEXTS, "冰箱有异味"]), [*TRUTH, ("smell",)])
    column = list(made.labels_).index("smell")
    probabilities = made.predict_proba(Prepared.of(TEXTS[:3]))[:, column]
    assert probabilities.tolist() == pytest.approx([1 / (len(TEXTS) + 1)] * 3)
    made.save(tmp_path)
    assert MultiLabel.load(tmp_path, "linear").version == made.version


def test_one_label_cannot_be_learned() -> None:
    with pytest.raises(Invalid, match=r"labels \['a'\]"):
        model().fit(Prepared.of(TEXTS[:4]), [("a",)] * 4)


def test_unfitted_it_does_not_answer() -> None:
    with pytest.raises(NotFittedError):
        model().answer(Prepared.of(TEXTS[:1]))


def test_thresholds_follow_what_is_best_for_each_label() -> None:
    truth = np.array([[True, True], [False, True], [True, False], [False, True]])
    told = np.array([[0.9, 0.44], [0.46, 0.9], [0.8, 0.1], [0.46, 0.44]])
    best = best_thresholds(told, truth)
    assert chosen(told, best).tolist() == truth.tolist()
    assert best[1] < best[0]


def test_the_nearest_to_its_threshold_is_chosen_below_every_one() -> None:
    assert chosen(np.array([[0.1, 0.2]]), np.array([0.9, 0.9])).tolist() == [[False, True]]
    assert chosen(np.array([[0.1, 0.2]]), np.array([0.2, 0.9])).tolist() == [[True, False]]


def test_no_text_has_nothing_chosen() -> None:
    assert chosen(np.empty((0, 2)), np.array([0.5, 0.5])).shape == (0, 2)


def test_a_single_label_is_the_most_probable_class() -> None:
    texts, labels = TEXTS[:3] * 4, [(own[0],) for own in TRUTH[:3]] * 4
    single = SingleLabel(LinearClassifier()).fit(Prepared.of(texts), labels)
    names, sure = single.answer(Prepared.of(texts[:3]))
    assert names == labels[:3]
    assert sure == [
        (p,) for p in single.classifier.predict_proba(Prepared.of(texts[:3])).max(axis=1)
    ]
