from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from features.identifiers import enterprise_id
from pipelines.world.tables import places

if TYPE_CHECKING:
    from tests.pipelines.world.conftest import Simulated


def test_credit_codes_are_valid_and_one_per_firm(simulated: Simulated) -> None:
    firms = simulated.enterprises
    assert firms["enterprise_id"].nunique() == 300
    assert all(enterprise_id(code) == code for code in firms["enterprise_id"])
    assert firms["enterprise_id"].str.fullmatch(r"91\d{6}Y0Y\w{7}").all()
    assert firms.groupby("enterprise_id")["name"].nunique().max() == 1
    assert firms["name"].nunique() == 300
    assert set(firms["region"]) <= set(places().districts)


def test_credit_changes_are_new_facts_with_later_known_at(simulated: Simulated) -> None:
    versions = simulated.enterprises.groupby("enterprise_id")
    assert 1.3 < versions.size().mean() < 1.8
    assert not simulated.enterprises.duplicated(["enterprise_id", "known_at"]).any()
    assert versions["credit_grade"].nunique().max() > 1
    assert set(simulated.enterprises["listed"].dropna()) == {"red", "black"}
    assert (simulated.enterprises["known_at"] >= simulated.enterprises["registered_at"]).all()


def test_firms_trade_only_after_they_are_registered(simulated: Simulated) -> None:
    born = simulated.enterprises.groupby("enterprise_id")["registered_at"].min()
    declared = simulated.declarations
    assert (declared["declared_at"].to_numpy() > born[declared["enterprise_id"]].to_numpy()).all()


def test_worse_grades_fail_more(simulated: Simulated) -> None:
    lots = simulated.declarations.merge(simulated.lots, on="declaration_id")
    newest = simulated.enterprises.drop_duplicates("enterprise_id", keep="last")
    graded = lots.merge(newest[["enterprise_id", "credit_grade"]], on="enterprise_id")
    rates = graded.groupby("credit_grade")["would_fail"].mean()
    good, bad = rates["A"], pd.Series(rates)[["C", "D"]].mean()
    assert bad > good
