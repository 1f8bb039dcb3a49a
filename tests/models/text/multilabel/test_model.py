"""Several labels for one text: learned, thresholded, saved, and never none."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.exceptions import NotFittedError

from features.errors import Invalid, NotReady
from models.text.encoder.session import Encoder
from models.text.linear import LinearClassifier
from models.text.multilabel.model import MultiLabel
from models.text.prepared import Prepared
from models.text.singlelabel import SingleLabel

WORDS = {"fire": "起火冒烟", "noise": "异响很大", "price": "价格太贵"}
GOODS = ["电热水壶", "充电宝", "电饭煲", "吹风机", "电暖器", "电风扇", "台灯", "插座"]
SETS = [("fire",), ("noise",), ("price",), ("fire", "noise"), ("noise", "price")]
TEXTS = [g + "，".join(WORDS[k] for k in own) for g in GOODS for own in SETS]
TRUTH = [own for _ in GOODS for own in SETS]


@pytest.fixture(scope="module")
def fitted() -> MultiLabel:
    return MultiLabel().fit(Prepared.of(TEXTS), TRUTH)


def test_each_text_gets_its_labels(fitted: MultiLabel) -> None:
    names, sure = fitted.answer(Prepared.of(["洗衣机起火冒烟，异响很大", "洗衣机价格太贵"]))
    assert names == [("fire", "noise"), ("price",)]
    assert [len(own) for own in sure] == [2, 1]
    thresholds = dict(zip(fitted.targets_.labels, fitted.quick_.thresholds, strict=True))
    pairs = [pair for own in zip(names, sure, strict=True) for pair in zip(*own, strict=True)]
    assert all(probability >= thresholds[name] for name, probability in pairs)


def test_a_text_that_says_nothing_still_gets_a_label(fitted: MultiLabel) -> None:
    names, _ = fitted.answer(Prepared.of(["", "量子"]))
    assert all(names)


def test_no_text_gives_no_answer(fitted: MultiLabel) -> None:
    assert fitted.answer(Prepared.of([])) == ([], [])


def test_the_same_seed_learns_the_same(fitted: MultiLabel) -> None:
    assert MultiLabel().fit(Prepared.of(TEXTS), TRUTH).version == fitted.version


def test_what_is_saved_answers_alike(fitted: MultiLabel, tmp_path: Path) -> None:
    fitted.save(tmp_path)
    again = MultiLabel.load(tmp_path)
    assert again.version == fitted.version
    assert again.answer(Prepared.of(TEXTS)) == fitted.answer(Prepared.of(TEXTS))


def test_a_label_of_one_text_is_learned_of_by_no_machine() -> None:
    made = MultiLabel().fit(Prepared.of([*TEXTS, "冰箱有异味"]), [*TRUTH, ("smell",)])
    names, _ = made.answer(Prepared.of(TEXTS))
    assert ("smell" in made.targets_.labels, any("smell" in own for own in names)) == (True, False)


@pytest.mark.parametrize("loss", [None, 0.0, 1.0])
def test_with_an_encoder_it_is_saved_whole(
    loss: float | None, encoder_folder: Path, tmp_path: Path
) -> None:
    made = MultiLabel(Encoder.load(encoder_folder), loss=loss).fit(Prepared.of(TEXTS), TRUTH)
    names, sure = made.answer(Prepared.of(TEXTS))
    assert names == TRUTH
    made.save(tmp_path)
    again = MultiLabel.load(tmp_path)
    assert again.version == made.version
    assert again.answer(Prepared.of(TEXTS)) == (names, sure)
    alone = [again.answer(Prepared.of([text])) for text in TEXTS[:5]]
    assert [(n, s) for (n,), (s,) in alone] == list(zip(names[:5], sure[:5], strict=True))


def test_a_cascade_that_may_lose_all_never_asks(fitted: MultiLabel, encoder_folder: Path) -> None:
    encoder = Encoder.load(encoder_folder)
    cascade = MultiLabel(encoder, loss=1.0).fit(Prepared.of(TEXTS), TRUTH)
    always = MultiLabel(encoder).fit(Prepared.of(TEXTS), TRUTH)
    assert (cascade.threshold_, always.threshold_) == (0.0, np.inf)
    assert cascade.answer(Prepared.of(TEXTS)) == fitted.answer(Prepared.of(TEXTS))


def test_one_label_cannot_be_learned() -> None:
    with pytest.raises(Invalid, match=r"labels \['a'\]"):
        MultiLabel().fit(Prepared.of(TEXTS[:4]), [("a",)] * 4)


def test_unfitted_it_does_not_answer() -> None:
    with pytest.raises(NotFittedError):
        MultiLabel().answer(Prepared.of(TEXTS[:1]))


def test_a_single_label_is_the_most_probable_class() -> None:
    texts, labels = TEXTS[:3] * 4, [(own[0],) for own in TRUTH[:3]] * 4
    single = SingleLabel(LinearClassifier()).fit(Prepared.of(texts), labels)
    names, sure = single.answer(Prepared.of(texts[:3]))
    assert names == labels[:3]
    assert sure == [
        (p,) for p in single.classifier.predict_proba(Prepared.of(texts[:3])).max(axis=1)
    ]


def test_a_model_whose_encoder_is_gone_says_so(encoder_folder: Path, tmp_path: Path) -> None:
    MultiLabel(Encoder.load(encoder_folder)).fit(Prepared.of(TEXTS), TRUTH).save(tmp_path)
    (tmp_path / "model.onnx").unlink()
    with pytest.raises(NotReady, match="make encoder"):
        MultiLabel.load(tmp_path)
