"""Every estimator keeps the contract; a new one is tested by adding it to ``ESTIMATORS``."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from features.errors import Invalid, NotReady
from models.text.artifacts import Artifact, load
from models.text.linear import LinearClassifier, Recipe, prepare
from models.text.prepared import Prepared

FIRES = ["电热水壶起火", "插座漏电冒烟", "充电器着火了", "电饭煲冒烟烧焦"]
FOODS = ["饼干发霉变质", "奶粉里有虫", "牛肉过期发臭", "罐头胀袋有异味"]
X, Y = prepare(FIRES + FOODS), ["safety"] * 4 + ["food"] * 4
OTHER_X, OTHER_Y = prepare(FOODS + FIRES), ["food"] * 4 + ["burn"] * 4
UNSEEN = prepare(["qwertz", "", "包装上没有中文标签"])
Check = Callable[[LinearClassifier], None]


def fitted(estimator: LinearClassifier, X: Prepared = X, y: list[str] = Y) -> LinearClassifier:
    model: LinearClassifier = clone(estimator).fit(X, y)
    return model


def clones_without_what_was_learned(estimator: LinearClassifier) -> None:
    copy = clone(fitted(estimator))
    assert copy.get_params() == estimator.get_params()
    assert not hasattr(copy, "classes_")


def forgets_an_earlier_fit(estimator: LinearClassifier) -> None:
    again = fitted(estimator, OTHER_X, OTHER_Y).fit(X, Y)
    assert again.version == fitted(estimator).version


def refuses_before_fit(estimator: LinearClassifier) -> None:
    with pytest.raises(NotFittedError):
        clone(estimator).predict_proba(X)


def same_seed_same_result(estimator: LinearClassifier) -> None:
    first, second = fitted(estimator), fitted(estimator)
    assert first.version == second.version
    assert np.array_equal(first.predict_proba(X), second.predict_proba(X))


def answers_nothing_for_nothing(estimator: LinearClassifier) -> None:
    assert fitted(estimator).predict_proba(prepare([])).shape == (0, 2)


def one_row_equals_the_batch(estimator: LinearClassifier) -> None:
    model = fitted(estimator)
    rows = np.vstack([model.predict_proba(X.take([i])) for i in range(len(X))])
    assert np.array_equal(rows, model.predict_proba(X))


def unseen_words_get_probabilities(estimator: LinearClassifier) -> None:
    assert np.isfinite(fitted(estimator).predict_proba(UNSEEN)).all()


def probabilities_sum_to_one(estimator: LinearClassifier) -> None:
    probabilities = fitted(estimator).predict_proba(prepare([*X.texts, *UNSEEN.texts]))
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert (probabilities >= 0).all()


def learns_what_it_was_shown(estimator: LinearClassifier) -> None:
    assert list(fitted(estimator).predict(X)) == Y


@pytest.mark.parametrize(
    ("rows", "match"), [(0, "at least two"), (4, "at least two"), (5, "one text")]
)
def test_too_few_classes_are_invalid(rows: int, match: str) -> None:
    with pytest.raises(Invalid, match=match):
        LinearClassifier().fit(X.take(range(rows)), Y[:rows])


CHECKS: list[Check] = [
    clones_without_what_was_learned,
    forgets_an_earlier_fit,
    refuses_before_fit,
    same_seed_same_result,
    answers_nothing_for_nothing,
    one_row_equals_the_batch,
    unseen_words_get_probabilities,
    probabilities_sum_to_one,
    learns_what_it_was_shown,
]
ONE = Recipe(3, 2, 1.0, balanced=False, ratios=True)
ESTIMATORS = [LinearClassifier(), LinearClassifier(recipes=(ONE,), seed=7)]


@pytest.mark.parametrize("estimator", ESTIMATORS, ids=str)
@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_estimator(estimator: LinearClassifier, check: Check) -> None:
    check(estimator)


def test_saved_and_loaded_answers_the_same(tmp_path: Path) -> None:
    artifact = Artifact("category", fitted(LinearClassifier()), rows=8, lexicon="abc")
    artifact.save(tmp_path)
    loaded = load(tmp_path, lexicon="abc")
    assert loaded.manifest == artifact.manifest
    assert np.array_equal(loaded.classifier.predict_proba(X), artifact.classifier.predict_proba(X))


def test_another_lexicon_is_refused_with_the_difference(tmp_path: Path) -> None:
    Artifact("category", fitted(LinearClassifier()), rows=8, lexicon="abc").save(tmp_path)
    with pytest.raises(NotReady, match=r"abc.*xyz"):
        load(tmp_path, lexicon="xyz")


def test_an_exchanged_model_is_refused(tmp_path: Path) -> None:
    artifact = Artifact("category", fitted(LinearClassifier()), rows=8, lexicon="abc")
    artifact.save(tmp_path / "a")
    Artifact("category", fitted(LinearClassifier(), OTHER_X, OTHER_Y), rows=8, lexicon="abc").save(
        tmp_path / "b"
    )
    (tmp_path / "b" / "linear.npz").replace(tmp_path / "a" / "linear.npz")
    with pytest.raises(NotReady, match="fetch it again"):
        load(tmp_path / "a", lexicon="abc")


def test_a_missing_model_is_not_ready(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="does not exist"):
        load(tmp_path, lexicon="abc")
