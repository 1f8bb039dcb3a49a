"""A history holds what is on record of an enterprise, in the order in which it became known."""

import pandas as pd

from features import memory
from features.history import history
from tests.worlds import patterned

COLUMNS = ["kind", "happened_at", "known_at", "told"]


def test_a_history_holds_the_facts_of_one_enterprise_in_order() -> None:
    world = patterned(120)
    tables = world.tables()
    firm = str(tables["declarations"]["enterprise_id"].iloc[0])
    found = history(tables, firm)
    assert list(found) == COLUMNS
    assert found["known_at"].is_monotonic_increasing
    assert (found["happened_at"] <= found["known_at"]).all()
    own = tables["declarations"].query("enterprise_id == @firm")
    inspected = tables["inspections"]["declaration_id"].isin(own["declaration_id"]).sum()
    counts = found["kind"].value_counts()
    assert counts["declaration"] == len(own)
    assert counts.get("inspection", 0) == inspected


def test_an_unknown_enterprise_has_no_history() -> None:
    found = history(patterned(20).tables(), "nobody")
    assert list(found) == COLUMNS
    assert not len(found)


def test_tables_that_are_not_there_hold_nothing() -> None:
    declared = {"declarations": patterned(20).tables()["declarations"]}
    firm = str(declared["declarations"]["enterprise_id"].iloc[0])
    assert set(history(declared, firm)["kind"]) == {"declaration"}
    nothing = {"declarations": memory.frame("declarations", [])}
    assert isinstance(history(nothing, firm), pd.DataFrame)
