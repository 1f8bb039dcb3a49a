"""Chicago: a visit becomes a line, its critical violations the failure, a place a shared cell."""

import os
from pathlib import Path

import pandas as pd
import pytest

from features.errors import NotFound
from pipelines.studies import chicago

SHARED = Path(os.environ.get("YUJING_DATA", "../shared/data")) / "risk" / "inspections_chicago"
VISITS = pd.DataFrame(
    {
        "Inspection_ID": [1.0, 2.0, 3.0, 4.0, 5.0],
        "Inspection_Date": pd.to_datetime(
            ["2014-09-02", "2013-01-05", "2014-10-31", "2014-09-10", "2013-02-01"]
        ),
        "License": [11.0, 11.0, 12.0, 13.0, 14.0],
        "Address": ["1 FIRST ST ", "1 FIRST ST ", "2 SECOND ST", "3 THIRD ST", "4 FOURTH ST"],
        "DBA_Name": ["Corner #12", "CORNER #7", "Deli", "Deli", "Other"],
        "Facility_Type": ["Restaurant"] * 5,
        "Risk": ["Risk 1 (High)"] * 5,
        "Latitude": [41.8812, 41.8812, None, 41.9, 41.9],
        "Longitude": [-87.6311, -87.6311, -87.6, -87.6, -87.6],
        "criticalCount": [2.0, 0.0, 1.0, 0.0, 0.0],
        "seriousCount": [0.0] * 5,
        "minorCount": [1.0] * 5,
        "fail_flag": [1.0, 0.0, 0.0, 0.0, 0.0],
    }
)
RETAIL = "Retail Food Establishment"
BUSINESS = pd.DataFrame(
    {
        "Inspection_ID": VISITS["Inspection_ID"],
        "LICENSE_DESCRIPTION": [RETAIL, RETAIL, RETAIL, RETAIL, "Tavern"],
        "LATITUDE": 41.0,
        "LONGITUDE": -87.0,
        "ageAtInspection": 2.5,
        **dict.fromkeys(chicago.LICENCES, 0.0),
    }
)
COMPLAINTS = pd.DataFrame(
    {
        "Service_Request_Number": ["13-1", "13-2"],
        "Creation_Date": pd.to_datetime(["2013-05-01", "2013-05-02"]),
        "What_is_the_Nature_of_this_Code_Violation": ["Dumpster overflow ", ""],
        "Latitude": [41.8813, None],
        "Longitude": [-87.6312, None],
    }
)


@pytest.fixture
def made(tmp_path: Path) -> dict[str, pd.DataFrame]:
    VISITS.to_parquet(tmp_path / "inspections.parquet")
    BUSINESS.to_parquet(tmp_path / "business_features.parquet")
    COMPLAINTS.to_parquet(tmp_path / "sanitation_complaints.parquet")
    teams = pd.DataFrame({"inspectionID": [1.0, 3.0], "sanitarian": ["green", "blue"]})
    teams.to_parquet(tmp_path / "inspectors.parquet")
    published = VISITS.loc[[0, 2], ["Inspection_ID"]]
    published.to_parquet(tmp_path / "published_model_table.parquet")
    return chicago.tables(tmp_path)


def test_within_the_test_only_published_rows_and_only_retail_food(
    made: dict[str, pd.DataFrame],
) -> None:
    assert list(made["declarations"]["declaration_id"]) == ["2", "1", "3"]
    assert list(made["inspections"]["outcome"]) == ["pass", "fail", "fail"]
    assert str(made["declarations"]["declared_at"][0].tzinfo) == chicago.ZONE


def test_a_complaint_and_a_visit_nearby_share_their_cells(
    made: dict[str, pd.DataFrame],
) -> None:
    visit, told = made["declarations"].iloc[0], made["reports"].iloc[0]
    assert (visit["x_near"], visit["x_around"]) == (told["x_near"], told["x_around"])
    assert made["declarations"]["x_near"].isna().tolist() == [False, False, True]
    assert pd.isna(made["reports"]["x_near"][1])
    assert made["reports"]["category"].tolist() == ["Dumpster overflow", "not stated"]


def test_branches_of_a_chain_share_its_name(made: dict[str, pd.DataFrame]) -> None:
    assert made["declarations"]["x_chain"].tolist()[:2] == ["CORNER", "CORNER"]


def test_nothing_found_at_the_visit_is_declared(made: dict[str, pd.DataFrame]) -> None:
    assert not {"x_critical", "x_serious", "x_minor", "x_not_passed", "outcome"} & set(
        made["declarations"]
    )


def test_the_team_that_went_is_told_apart(made: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    told = made["declarations"].set_index("declaration_id")["x_inspector"]
    assert told.dropna().to_dict() == {"1": "green", "3": "blue"}
    assert chicago.STUDY.tells_more(made)
    planned = chicago.STUDY.planned(made)
    assert "x_inspector" not in planned["declarations"]
    assert not chicago.STUDY.tells_more(planned)
    (tmp_path / "inspectors.parquet").unlink()
    assert not chicago.STUDY.tells_more(chicago.tables(tmp_path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"inspections\.parquet does not exist"):
        chicago.tables(tmp_path)


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not here")
def test_the_test_has_the_published_rows_and_failures() -> None:
    made = chicago.tables(SHARED)
    days = made["declarations"]["declared_at"].dt.strftime("%Y-%m-%d")
    tested = days.between(chicago.TEST_FROM, chicago.TEST_UNTIL)
    assert tested.sum() == 1_637
    outcomes = made["inspections"].set_index("declaration_id")["outcome"]
    ids = made["declarations"].loc[tested, "declaration_id"]
    assert (outcomes.reindex(ids) == "fail").sum() == 258
