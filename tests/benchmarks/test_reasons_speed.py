"""What reasons cost a line, beside its features and its likelihood."""

import time

import numpy as np
import pytest

from features import build
from models.risk.assess import assess
from models.risk.matrix import load
from models.risk.reasons import reasons
from tests.benchmarks.readings import show
from tests.models.conftest import Trained, trained  # noqa: F401
from tests.worlds import at

pytestmark = pytest.mark.benchmark
ROUNDS = 10


def test_reasons_cost_less_than_what_they_explain(trained: Trained) -> None:  # noqa: F811
    model, index, matrix = trained.model, trained.index(), load("port")
    model.warm()
    took = []
    for line in [*trained.world.of("declarations")[-40:]] * ROUNDS:
        start = time.thread_time()
        asked = build.asking([line], model.features, as_of=at(900))  # type: ignore[list-item]
        rows = build.answer(asked, model.features, facts=index)
        found = assess(model, rows, matrix=matrix)
        middle = time.thread_time()
        reasons(model, rows, assessment=found, questions=asked, index=index)
        took.append((middle - start, time.thread_time() - middle))
    micro = np.array(took) * 1e6
    shown = {
        name: {f"p{q} us": float(np.percentile(some, q)) for q in (50, 95)}
        for name, some in zip(("features, likelihood", "reasons"), micro.T, strict=True)
    }
    show(f"One line of {len(model.features.names)} features, by CPU", shown)
    assert np.median(micro[:, 1]) < np.median(micro[:, 0])
