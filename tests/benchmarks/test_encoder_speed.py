"""How fast each text model answers, on invented complaints of 67 characters on average.

The cascade is asked with the threshold that passes on 8 in 100 texts, whatever it was trained on:
what the threshold loses is measured on real sets by `yujing study text --model cascade`.
"""

from time import perf_counter

import numpy as np
import pytest

from models.text import recipes
from models.text.classifier import Classifier
from models.text.encoder.cascade import CascadeClassifier
from models.text.encoder.stacked import EncoderClassifier
from models.text.encoder.tuned import TunedClassifier
from models.text.linear import LinearClassifier, Recipe, prepare
from tests.benchmarks import readings

pytestmark = pytest.mark.benchmark
GOODS = ("电热水壶", "儿童推车", "婴儿奶粉", "充电宝", "进口牛排", "不粘锅", "电动滑板车", "护肤霜")
FAULTS = (
    "冒烟还闻到焦味",
    "轮子突然脱落",
    "里面发现异物",
    "没有中文标签",
    "鼓包发烫",
    "用了三天就坏",
)
ENDS = ("客服一直不回复", "要求退款并赔偿", "希望有关部门查处", "孩子差点受伤", "发票和照片都在")
TEXTS, LENGTH, PASSED = 400, 67, 0.08


def complaints(count: int) -> tuple[list[str], list[str]]:
    """Return invented complaints and their classes."""
    chance, texts, labels = np.random.default_rng(0), [], []
    for _ in range(count):
        fault = int(chance.integers(len(FAULTS)))
        parts = [f"本人网购的{chance.choice(GOODS)}{FAULTS[fault]}"]
        while sum(map(len, parts)) < chance.normal(LENGTH, 15) - 8:
            parts.append(f"{chance.choice(GOODS)[:2]}{chance.choice(ENDS)}{chance.integers(99)}")
        texts.append("，".join(parts))
        labels.append(str(fault % 2))
    return texts, labels


def pace(model: Classifier, texts: list[str]) -> float:
    """Return texts a second, the best of two."""
    best = 0.0
    for _ in range(2):
        begun = perf_counter()
        model.predict_proba(prepare(texts))
        best = max(best, len(texts) / (perf_counter() - begun))
    return best


def test_each_model_answers_in_its_time() -> None:
    if not (recipes.ENCODER / "model.onnx").is_file():
        pytest.skip("no encoder is built: make encoder")
    texts, labels = complaints(TEXTS)
    encoder = recipes.classifier("encoder", seed=0)
    assert isinstance(encoder, EncoderClassifier)
    encoder.encoder._memory.clear()
    encoder.fit(prepare(texts[:60]), labels[:60])
    cascade = CascadeClassifier(encoder)
    cascade.classes_ = encoder.classes_
    sure = encoder.linear_.predict_proba(prepare(texts)).max(axis=1)
    cascade.threshold_ = float(np.quantile(sure, PASSED))
    tuned = TunedClassifier(encoder).fit(prepare(texts[:60]), labels[:60])
    linear = LinearClassifier(recipes=(Recipe(3, 2, 1.0, balanced=False, ratios=True),))
    paces = {
        "linear": pace(linear.fit(prepare(texts), labels), texts),
        "cascade, 8 % passed on": _forgetting(cascade, encoder, texts),
        "encoder": _forgetting(encoder, encoder, texts),
        "tuned": _forgetting(tuned, encoder, texts),
    }
    rows = {
        name: {"texts/s": own, "times encoder": own / paces["encoder"]}
        for name, own in paces.items()
    }
    readings.show(f"text models, {np.mean([len(t) for t in texts]):.0f} characters", rows)
    assert paces["linear"] > paces["encoder"]


def _forgetting(model: Classifier, encoder: EncoderClassifier, texts: list[str]) -> float:
    """Return the pace of a model whose encoder remembers nothing."""
    remembered = encoder.encoder
    encoder.encoder = type(remembered).load(remembered.directory)
    found = pace(model, texts)
    encoder.encoder = remembered
    return found
