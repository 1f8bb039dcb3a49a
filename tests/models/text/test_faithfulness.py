"""Evidence that the answer hangs on is told from evidence that it does not hang on."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text.classifier import Reading, Share
from models.text.faithfulness import Faithfulness, Span, alone, faithfulness, without
from models.text.linear import LinearClassifier, Recipe
from models.text.prepared import Prepared

GOODS = ["电热水壶", "充电宝", "电饭煲", "吹风机", "电暖器", "电风扇", "台灯", "插座"]
TELLS = {"fire": "起火", "shock": "漏电"}
TEXTS = [f"昨天家里的{g}使用时{w}，请尽快处理" for g in GOODS for w in TELLS.values()]
LABELS = [label for _ in GOODS for label in TELLS]
RECIPE = Recipe(2, 1, 1.0, balanced=False, ratios=False)


@pytest.fixture(scope="module")
def fitted() -> LinearClassifier:
    return LinearClassifier(recipes=(RECIPE,)).fit(Prepared.of(TEXTS), LABELS)


class Misleading(LinearClassifier):
    """Answers rightly, and shows the same indifferent words whatever the answer."""

    def read(self, X: Prepared, *, limit: int) -> Reading:
        probabilities, _ = super().read(X, limit=limit)
        shown = [[Share(0, 2, 1.0), Share(2, 4, 1.0), Share(4, 5, 0.5)][:limit] for _ in X.texts]
        return probabilities, shown


def test_deleting_what_decides_moves_the_answer(fitted: LinearClassifier) -> None:
    found = faithfulness(fitted, TEXTS, seed=0)
    assert found.texts == len(TEXTS)
    assert found.evidence_drop > 0.2
    assert abs(found.random_drop) < 0.1
    assert found.moved_more > 0.9
    assert found.evidence_alone_drop < found.random_alone_drop


def test_indifferent_words_are_found_out() -> None:
    model = Misleading(recipes=(RECIPE,)).fit(Prepared.of(TEXTS), LABELS)
    found = faithfulness(model, TEXTS, seed=0)
    assert found.texts == len(TEXTS)
    assert abs(found.evidence_drop) < 0.1


def test_the_same_seed_draws_the_same_words(fitted: LinearClassifier) -> None:
    assert faithfulness(fitted, TEXTS, seed=3) == faithfulness(fitted, TEXTS, seed=3)


def test_a_text_without_other_words_is_left_out(fitted: LinearClassifier) -> None:
    assert faithfulness(fitted, [*TEXTS[:2], "起火", "", "。"], seed=0).texts == 2


def test_no_text_has_no_measure(fitted: LinearClassifier) -> None:
    found: Faithfulness = faithfulness(fitted, [], seed=0)
    assert found.texts == 0
    assert all(np.isnan(v) for k, v in dataclasses.asdict(found).items() if k != "texts")


@given(st.text(min_size=1, max_size=30), st.data())
def test_what_is_deleted_and_what_is_kept_make_the_text(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    span = Span(start, data.draw(st.integers(start + 1, len(text))))
    assert without(text, [span]) == text[:start] + text[span.end :]
    assert alone(text, [span]) == text[start : span.end]
