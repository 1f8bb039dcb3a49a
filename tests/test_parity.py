"""Both doors believe the same of every line, to the last bit."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from features import build, memory
from features.records import Declaration
from features.store import Store
from models import judge
from models.risk.assess import assess
from models.risk.matrix import load
from models.risk.reasons import reasons
from tests.models.conftest import Trained, trained  # noqa: F401
from tests.worlds import VERSION


@pytest.fixture
def tables(trained: Trained, tmp_path: Path) -> Iterator[dict[str, pd.DataFrame]]:  # noqa: F811
    store = Store.open(f"sqlite:///{tmp_path / 'facts.db'}")
    for records in trained.world.records.values():
        store.append(records)
    yield {name: store.frame(name) for name in trained.world.records}
    store.close()


def test_bulk_and_online_are_equal(
    trained: Trained,  # noqa: F811
    tables: dict[str, pd.DataFrame],
) -> None:
    model, matrix = trained.model, load("port")
    lines = [d for d in trained.world.of("declarations")[::50] if isinstance(d, Declaration)]
    ids = [line.declaration_id for line in lines]
    frame = tables["declarations"].set_index("declaration_id", drop=False).loc[ids]
    kinds = memory.kinds(tables, model.features, text_version=VERSION)
    rows = build.build(build.asked(frame, model.features), model.features, kinds=kinds)
    bulk = assess(model, rows, matrix=matrix)
    index = memory.recall(tables, model.features, text_version=VERSION)
    for row, line in enumerate(lines):
        (online,) = judge.judge(
            [line], model=model, matrix=matrix, index=index, as_of=line.declared_at
        )
        assert online.likelihood == bulk.likelihood[row]
        assert online.interval == (bulk.low[row], bulk.high[row], bulk.known[row])
        assert online.severity == bulk.severity[row]
        assert online.level == bulk.level[row]
        alone = replace(bulk, contributions=bulk.contributions[[row]])
        (told,) = reasons(
            model,
            rows.take(np.array([row])),
            assessment=alone,
            questions=build.asking([line], model.features, as_of=line.declared_at),
            index=index,
        )
        assert online.reasons == told
    assert len(np.unique(bulk.likelihood)) > 10
