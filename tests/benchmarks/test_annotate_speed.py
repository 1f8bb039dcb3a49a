"""How fast a complaint is annotated, on one core, beside jieba's pace on the same texts.

The texts are generated: sentences of complaints put together by chance, 90 characters or so. Real
complaints and tickets join them where ``$YUJING_DATA`` has them. Times
are of this process's CPU, the best of a few runs, without the garbage collector (as ``timeit`` has
it); the ratio to jieba holds on any machine.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import jieba
import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from features.records import Report
from models.text.annotate import lexicon_only, trained
from models.text.linear import RECIPES, LinearClassifier
from models.text.normalize import normalize
from models.text.prepared import Prepared
from models.text.taxonomy import load
from tests.benchmarks.labelled import ROOT
from tests.benchmarks.readings import cpu_seconds, show
from tests.benchmarks.test_entities_speed import LINKER

pytestmark = pytest.mark.benchmark
TEXTS, RUNS = 2_000, 5
GOODS = ["电热水壶", "儿童餐椅", "奶粉", "汽车座椅", "插排", "面膜", "扫地机器人", "钢化玻璃锅盖"]
OPENINGS = ["我上个月在网上买了一台", "本人于三月五日购买", "家里老人用的", "朋友送的", "超市买的"]
EVENTS = [
    "使用不到一周就突然冒烟，外壳发烫",
    "第二天发现漏电，孩子被电到送医检查",
    "包装上没有中文标签，气味刺鼻",
    "里面有异物，疑似变质，全家拉肚子",
    "支架断裂，差点摔倒，幸好没有受伤",
    "做工粗糙，掉漆开裂，和宣传完全不符",
    "一直好好的，没有发现问题，只是噪音大",
]
FILLERS = [
    "平时上班比较忙，一直放在阳台上没怎么管，",
    "当时看评价有几千条就下单了，等了四天才收到，",
    "上周末家里来客人的时候拿出来用，",
    "前后打过三次电话，每次都说会有人回复，",
    "按照包装盒上写的步骤一步一步做的，",
]
ENDINGS = [
    "联系客服多次都推诿，要求退款并赔偿损失。",
    "商家态度恶劣，拒绝退货，请依法查处！",
    "希望有关部门召回，给个说法。",
    "非常失望，再也不会买了。",
    "物流很快，服务态度不错，总体比较满意。",
    "小区物业也不管，路灯还不亮，请尽快解决。",
]
Run = Callable[[], object]


def written(seed: int = 0) -> list[str]:
    rng = np.random.default_rng(seed)
    parts = (OPENINGS, GOODS, ["，"], FILLERS, EVENTS, ["。"], FILLERS, ENDINGS)
    return ["".join(str(rng.choice(own)) for own in parts) for _ in range(TEXTS)]


def classifier(texts: list[str], classes: list[str]) -> LinearClassifier:
    """Return a classifier of what is said at the end, by the largest recipe."""
    labels = [
        classes[next(i for i, end in enumerate(ENDINGS) if text.endswith(end)) % len(classes)]
        for text in texts
    ]
    return LinearClassifier(recipes=RECIPES[-1:]).fit(Prepared.of(map(normalize, texts)), labels)


def pace(run: Run, *, texts: int) -> float:
    """Texts in a second of CPU time, the best of some runs."""
    return texts / cpu_seconds(run, runs=RUNS)


def cut(texts: list[str]) -> None:
    for text in texts:
        jieba.lcut(text)


def reports(texts: list[str]) -> list[Report]:
    known = datetime(2024, 3, 1, tzinfo=UTC)
    return [
        Report(report_id=str(i), channel="12315", received_at=known, known_at=known, text=text)
        for i, text in enumerate(texts)
    ]


def real() -> dict[str, list[str]]:
    """Return complaints and tickets that are here, as many as were generated at most."""
    files = {
        "car complaints": ("car_complaints/complaints_2020.csv", "desc"),
        "hotline tickets": ("hotline_12345/tickets.csv.gz", "text"),
    }
    return {
        name: list(pd.read_csv(ROOT / file, dtype=str)[column].dropna()[:TEXTS])
        for name, (file, column) in files.items()
        if (ROOT / file).exists()
    }


def test_annotating_complaints() -> None:
    texts, taxonomy = written(), load()
    category = classifier(texts, ["quality", "safety", "service"])
    sentiment = classifier(texts, ["negative", "neutral", "positive"])
    both = {"category": category, "sentiment": sentiment}
    annotators = {
        "rules only": trained(taxonomy, {}),
        "lexicon: rules and shipped linker": lexicon_only(taxonomy),
        "rules and one classifier": trained(taxonomy, {"category": category}),
        "and two classifiers": trained(taxonomy, both),
        "and the linker": trained(taxonomy, both, linker=LINKER),
    }
    jieba.lcut(texts[0])
    for name, own in {"generated": texts, **real()}.items():
        with threadpool_limits(limits=1):
            yardstick = pace(partial(cut, own), texts=len(own))
            told = reports(own)
            paces = {
                kind: pace(partial(annotator.annotate, told), texts=len(own))
                for kind, annotator in annotators.items()
            }
        length = float(np.mean([len(text) for text in own]))
        show(
            f"Annotating {len(own):,} texts of {length:.0f} characters, {name}",
            {
                kind: {"texts/s": own_pace, "times jieba": own_pace / yardstick}
                for kind, own_pace in {"jieba.lcut": yardstick, **paces}.items()
            },
        )
        assert paces["and the linker"] > yardstick / 5  # it reads all, jieba only cuts
