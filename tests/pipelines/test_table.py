"""The risk table holds what was known of each line then, and how it turned out."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from features import build, catalog, memory
from features.records import Declaration
from features.store import Store
from pipelines import table as step
from pipelines.table import Table, table
from tests.pipelines.conftest import UNTIL

Tables = dict[str, pd.DataFrame]


def made(tables: Tables) -> Table:
    return table(tables, catalog.standard(tables))


def test_one_row_for_each_inspected_line_in_time(tables: Tables) -> None:
    found = made(tables)
    assert found.declared_at.is_monotonic_increasing
    assert found.declarations["declaration_id"].is_unique
    assert set(found.declarations["declaration_id"]) == set(tables["inspections"]["declaration_id"])
    assert len(found.rows.numbers) == len(found.labels) == len(found.declarations)


def test_features_equal_those_of_a_store_that_knew_no_more(small: Store, tables: Tables) -> None:
    """Each row again, asked of a store that ends at the line's own moment."""
    found = made(tables)
    features = found.rows.features
    for row in np.linspace(20, len(found.labels) - 1, 6).astype(int):
        moment = found.declared_at.iloc[row].to_pydatetime()
        line = small.find("declarations", found.declarations["declaration_id"].iloc[row])
        assert isinstance(line, Declaration)
        past = {name: small.frame(name, known_before=moment) for name in memory.tables(features)}
        index = memory.recall(past, features, text_version=None)
        questions = build.asking([line], features, as_of=moment)
        alone = build.answer(questions, features, facts=index)
        assert alone.numbers[0].tobytes() == found.rows.numbers[row].tobytes()


def test_labels_are_the_outcomes(tables: Tables) -> None:
    found = made(tables)
    outcome = tables["inspections"].drop_duplicates("declaration_id").set_index("declaration_id")
    told = outcome["outcome"].reindex(found.declarations["declaration_id"]) == "fail"
    assert found.labels["failed"].tolist() == told.tolist()
    assert 0 < found.labels["failed"].sum() < len(found.labels)


def test_labels_known_later_than_a_cut_are_left_out(tables: Tables) -> None:
    cut = UNTIL - timedelta(days=300)
    found = table(tables, catalog.standard(tables), known_before=cut)
    assert (found.labels["known_at"] < pd.Timestamp(cut)).all()
    assert 0 < len(found.labels) < len(made(tables).labels)


def test_rows_can_be_taken(tables: Tables) -> None:
    found = made(tables)
    chosen = found.labels["failed"].to_numpy(bool)
    some = found.take(chosen)
    assert some.labels["failed"].all()
    assert len(some.rows.numbers) == chosen.sum() == len(some.declarations)
    assert some.rows.numbers.tobytes() == found.rows.numbers[chosen].tobytes()
    assert all(len(values) == chosen.sum() for values in some.rows.categories.values())


def test_a_written_table_reads_back(tables: Tables, tmp_path: Path) -> None:
    found = made(tables)
    step.write(found, tmp_path / "deep" / "risk.parquet")
    back = pd.read_parquet(tmp_path / "deep" / "risk.parquet")
    names = list(found.rows.features.names)
    ends = [*found.rows.features.categories, "failed", "known_at", "propensity"]
    assert list(back.columns) == ["declaration_id", "declared_at", *names, *ends]
    assert back["failed"].tolist() == found.labels["failed"].tolist()
    assert step.counts(found)["rows"] == len(back)


def test_an_empty_store_gives_an_empty_table(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'empty.db'}")
    tables = step.read(store)
    store.close()
    found = made(tables)
    step.write(found, tmp_path / "none.parquet")
    assert len(pd.read_parquet(tmp_path / "none.parquet")) == 0
    assert step.counts(found)["fail_rate"] == 0
