from pathlib import Path

import numpy as np
import pytest

from features.errors import NotReady
from models.text import recipes
from models.text.encoder.cascade import CascadeClassifier, threshold
from models.text.encoder.session import Encoder
from models.text.encoder.stacked import EncoderClassifier
from models.text.linear import prepare

FIRES = ["电水壶起火", "插座漏电冒烟", "水壶冒烟", "插座起火", "电水壶漏电"]
FOODS = ["饼干发霉", "奶粉有虫", "饼干有虫", "奶粉发霉", "饼干发霉有虫"]
LABELS = ["fire"] * 5 + ["food"] * 5
TEXTS = [*FIRES, *FOODS, "", "完全没有见过的话"]


def test_a_missing_encoder_says_how_to_build_it(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match="make encoder"):
        Encoder.load(tmp_path)


def test_a_study_takes_the_encoder_where_it_is_built(encoder_folder: Path, tmp_path: Path) -> None:
    assert recipes.best_there(encoder_folder) == "encoder"
    assert recipes.best_there(tmp_path) == "linear"


def test_a_text_has_the_same_features_alone_and_among_others(encoder_folder: Path) -> None:
    encoder = Encoder.load(encoder_folder)
    together = encoder.embed(TEXTS)
    assert together.shape == (len(TEXTS), 4 * 12)
    assert np.isfinite(together).all()
    assert np.array_equal(together, np.concatenate([encoder.embed([text]) for text in TEXTS]))
    assert len({row.tobytes() for row in together}) > 8
    assert encoder.embed([]).shape == (0, 48)


@pytest.mark.parametrize("model", ["encoder", "cascade", "tuned"])
def test_a_classifier_saved_and_loaded_answers_the_same(
    model: recipes.Model, encoder_folder: Path, tmp_path: Path
) -> None:
    fitted = recipes.classifier(model, seed=0, encoder=encoder_folder).fit(
        prepare(FIRES + FOODS), LABELS
    )
    answers = fitted.predict_proba(prepare(TEXTS))
    assert np.allclose(answers.sum(axis=1), 1)
    assert list(fitted.classes_[answers[:10].argmax(axis=1)]) == LABELS
    recipes.save(fitted, tmp_path / "model")
    loaded = recipes.load(tmp_path / "model", model)
    assert loaded.version == fitted.version
    assert recipes.kind(loaded) == model
    assert np.array_equal(loaded.predict_proba(prepare(TEXTS)), answers)
    assert fitted.predict_proba(prepare([])).shape == (0, 2)


@pytest.mark.parametrize("model", ["encoder", "cascade", "tuned"])
def test_one_text_equals_the_batch(model: recipes.Model, encoder_folder: Path) -> None:
    fitted = recipes.classifier(model, seed=0, encoder=encoder_folder).fit(
        prepare(FIRES + FOODS), LABELS
    )
    alone = np.vstack([fitted.predict_proba(prepare([text])) for text in TEXTS])
    assert np.array_equal(alone, fitted.predict_proba(prepare(TEXTS)))


def test_the_words_left_out_are_told(encoder_folder: Path) -> None:
    fitted = EncoderClassifier(Encoder.load(encoder_folder)).fit(prepare(FIRES + FOODS), LABELS)
    answers, told = fitted.read(prepare(["插座起火", ""]), limit=2)
    assert np.array_equal(answers, fitted.predict_proba(prepare(["插座起火", ""])))
    assert {"插座起火"[s.start : s.end] for s in told[0]} == {"插座", "起火"}
    assert told[1] == []


def test_remembered_features_are_the_same(encoder_folder: Path) -> None:
    remembering, forgetting = (Encoder.load(encoder_folder, remembered=n) for n in (3, 0))
    first = remembering.embed([*FIRES, FIRES[0]])
    assert np.array_equal(first, forgetting.embed([*FIRES, FIRES[0]]))
    assert np.array_equal(remembering.embed([*FOODS, *FIRES]), forgetting.embed([*FOODS, *FIRES]))


def test_the_cascade_asks_no_more_often_than_the_loss_allows() -> None:
    sure = np.linspace(0.5, 0.99, 50)
    right, better = np.arange(50) >= 10, np.full(50, fill_value=True)  # the least sure are wrong
    at, passed = threshold(sure, right=right, better=better, loss=0.0)
    assert (round(passed, 2), bool(sure[9] < at <= sure[10])) == (0.2, True)
    assert threshold(sure, right=right, better=better, loss=0.1)[1] == 0.1
    assert threshold(sure, right=better, better=better, loss=0.0) == (0.0, 0.0)
    assert threshold(sure, right=~better, better=better, loss=0.0) == (np.inf, 1.0)


def test_a_cascade_that_never_asks_is_the_linear_model(encoder_folder: Path) -> None:
    cascade = CascadeClassifier(EncoderClassifier(Encoder.load(encoder_folder)), loss=1.0)
    cascade.fit(prepare(FIRES + FOODS), LABELS)
    X = prepare(TEXTS)
    assert cascade.passed_ == 0
    assert np.array_equal(cascade.predict_proba(X), cascade.stacked.linear_.predict_proba(X))
