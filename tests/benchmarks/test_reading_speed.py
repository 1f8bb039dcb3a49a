"""How fast texts are normalised, masked and cut into words, beside jieba's pace on the same texts.

One process, one core, CPU time, the best of a few runs without the garbage collector; the ratio to
jieba holds on any machine. Real texts join the generated ones where ``$YUJING_DATA`` has them.
"""

from collections.abc import Callable, Sequence
from functools import partial

import jieba
import numpy as np
import pandas as pd
import pytest

from models.text.normalize import normalize_all
from models.text.privacy import mask
from models.text.segment import pieces
from tests.benchmarks.labelled import ROOT
from tests.benchmarks.readings import cpu_seconds, show
from tests.benchmarks.test_annotate_speed import written

pytestmark = pytest.mark.benchmark
RUNS, MOST = 4, 500
REAL = {
    "car complaints": ("car_complaints/complaints_2020.csv", "desc"),
    "hotline tickets": ("hotline_12345/tickets.csv.gz", "text"),
    "messages": ("gov_messages/messages.csv.gz", "留言详情"),
    "messages, first 130": ("gov_messages/messages.csv.gz", "留言详情"),
}


def texts() -> dict[str, list[str]]:
    """Return the sets that are here; of each a sample of at most ``MOST`` texts."""
    found = {"generated": written()[:MOST]}
    for name, (file, column) in REAL.items():
        if (ROOT / file).exists():
            own = pd.read_csv(ROOT / file, dtype=str)[column].dropna()
            some = own.sample(min(MOST, len(own)), random_state=0)
            found[name] = list(some.str[:130] if "130" in name else some)
    return found


def measured(own: Sequence[str]) -> dict[str, float]:
    """Microseconds a text takes in each step, and how often the three fit into jieba's time."""
    normal = normalize_all(own)
    steps: dict[str, Callable[[], object]] = {
        "jieba": lambda: [jieba.lcut(text) for text in own],
        "mask": lambda: [mask(text) for text in own],
        "normalise": partial(normalize_all, own),
        "segment": lambda: [pieces(text) for text in normal],
    }
    took = {name: cpu_seconds(run, runs=RUNS) / len(own) * 1e6 for name, run in steps.items()}
    return {
        "characters": float(np.mean([len(text) for text in own])),
        **took,
        "times jieba": took["jieba"] / (took["mask"] + took["normalise"] + took["segment"]),
    }


def test_reading_is_faster_than_jieba_cuts() -> None:
    jieba.lcut("热水壶")
    rows = {name: measured(own) for name, own in texts().items()}
    show("Masking, normalising, segmenting: microseconds a text", rows)
    assert rows["generated"]["times jieba"] > 5
