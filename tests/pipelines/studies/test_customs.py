"""Customs: each row becomes one line and one outcome, dated in Seoul, codes as texts."""

import os
from pathlib import Path

import pandas as pd
import pytest

from features.errors import NotFound
from pipelines.studies import customs

SHARED = Path(os.environ.get("YUJING_DATA", "../shared/data")) / "risk" / "customs_kcs"
ROW = {
    "Declaration ID": "00012",
    "Date": "2021-04-01",
    "Office ID": "040",
    "Process Type": "B",
    "Import Type": "11",
    "Import Use": "21",
    "Payment Type": "11",
    "Mode of Transport": "10",
    "Declarant ID": "DEC1",
    "Importer ID": "IMP1",
    "Seller ID": "SEL1",
    "Courier ID": None,
    "HS6 Code": "30231",
    "Country of Departure": "IT",
    "Country of Origin": "RO",
    "Tax Rate": 8.0,
    "Tax Type": "A",
    "Country of Origin Indicator": "G",
    "Net Mass": 1.5,
    "Item Price": 1248.704,
    "Fraud": 0,
}
ROWS = [ROW, {**ROW, "Declaration ID": "7", "Fraud": 1}, {**ROW, "Date": "2021-06-30"}]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    pd.DataFrame(ROWS[:2]).to_csv(tmp_path / "train.csv.gz", index=False)
    pd.DataFrame(ROWS[2:]).to_csv(tmp_path / "test.csv", index=False)
    return tmp_path


def test_codes_keep_their_zeros_and_a_number_that_recurs_is_another_line(directory: Path) -> None:
    lines = customs.tables(directory)["declarations"]
    assert len(lines) == 3
    assert lines["declaration_id"].is_unique
    assert set(lines["hs_code"]) == {"030231"}
    assert set(lines["port"]) == {"040"}
    assert set(lines["value_cny"]) == {1248.7}


def test_a_weight_or_price_of_zero_was_not_told(tmp_path: Path) -> None:
    rows = [{**ROW, "Net Mass": 0.0, "Item Price": 0.0}]
    pd.DataFrame(rows).to_csv(tmp_path / "test.csv", index=False)
    (line,) = customs.tables(tmp_path)["declarations"].to_dict("records")
    assert pd.isna(line["net_weight_kg"])
    assert pd.isna(line["value_cny"])


def test_outcomes_and_moments(directory: Path) -> None:
    made = customs.tables(directory)
    found = made["inspections"].set_index("declaration_id")["outcome"]
    assert sorted(found) == ["fail", "pass", "pass"]
    assert {str(moment) for moment in made["declarations"]["declared_at"]} == {
        "2021-04-01 00:00:00+09:00",
        "2021-06-30 00:00:00+09:00",
    }


def test_no_outcome_is_among_what_is_declared(directory: Path) -> None:
    lines = customs.tables(directory)["declarations"]
    assert not {"Fraud", "outcome", "Critical Fraud"} & set(lines)


def test_a_folder_without_files_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no CSV files"):
        customs.tables(tmp_path)


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not here")
def test_the_test_quarter_has_the_published_rows() -> None:
    made = customs.tables(SHARED)
    days = made["declarations"]["declared_at"].dt.strftime("%Y-%m-%d")
    assert days.between(customs.STUDY.test_from, customs.STUDY.test_until).sum() == 8_481
    assert made["declarations"]["declaration_id"].is_unique
    assert len(made["inspections"]) == len(made["declarations"]) == 54_000
