"""Study: the City of Chicago's food inspections and 311 complaints as exchange tables.

A canvass inspection is a declaration of an establishment, its critical violations are the failure,
a located 311 complaint is a report, and place is a grid cell that both share. The weather of the
day and everything found at the visit itself stay outside, and so does the team that went: a plan
cannot know them. What the team would add is told beside it.
Source: github.com/Chicago/food-inspections-evaluation (2015).
"""

from pathlib import Path

import numpy as np
import pandas as pd

from features.errors import NotFound
from pipelines.studies.study import Study

ZONE = "America/Chicago"
PUBLISHED: list[dict[str, object]] = [
    {"model": "business as usual", "days_earlier": 0.0, "first_half_share": 0.547},
    {"model": "published ridge (2015)", "days_earlier": 7.44, "first_half_share": 0.69},
    {"model": "published XGBoost", "auc": 0.679, "days_earlier": 7.79, "first_half_share": 0.682},
    {
        "model": "its features, no inspector, logistic",
        "auc": 0.572,
        "days_earlier": 2.3,
        "first_half_share": 0.57,
    },
    {
        "model": "its features, no inspector, LightGBM",
        "auc": 0.598,
        "days_earlier": 3.6,
        "first_half_share": 0.62,
    },
    {"model": "oracle", "auc": 1.0, "days_earlier": 24.06, "first_half_share": 1.0},
]
KEYS = (
    *("x_address", "x_near", "x_around", "x_chain", "x_facility", "x_near+x_facility"),
    # Teams find different things by kind of place and by district.
    *("x_inspector+x_facility", "x_inspector+x_around"),
)
TEST_FROM, TEST_UNTIL = "2014-09-02", "2014-10-31"
NEAR, AROUND = 0.005, 0.02  # degrees of latitude: about 550 m and 2.2 km
LICENCES = {
    "consumption_on_premises_incidental_activity": "x_premises",
    "tobacco": "x_tobacco",
    "package_goods": "x_package_goods",
    "outdoor_patio": "x_patio",
    "public_place_of_amusement": "x_amusement",
    "limited_business_license": "x_limited",
    "childrens_services_facility_license": "x_children",
    "tavern": "x_tavern",
    "regulated_business_license": "x_regulated",
    "filling_station": "x_filling_station",
    "caterers_liquor_license": "x_caterer",
    "mobile_food_license": "x_mobile",
}


def tables(directory: Path) -> dict[str, pd.DataFrame]:
    """Return declarations, inspections and reports from the folder's Parquet files."""
    visits = _visits(directory)
    ids = visits["Inspection_ID"].astype("int64").astype("string")
    moments = visits["Inspection_Date"].dt.tz_localize(ZONE)
    declarations = _declarations(visits).assign(
        declaration_id=ids, declared_at=moments, x_inspector=_inspectors(visits, directory)
    )
    return {
        "declarations": declarations,
        "inspections": _inspections(visits).assign(declaration_id=ids, inspected_at=moments),
        "reports": _reports(_read(directory, "sanitation_complaints")),
    }


def _read(directory: Path, name: str) -> pd.DataFrame:
    path = directory / f"{name}.parquet"
    if not path.exists():
        raise NotFound(f"{path} does not exist; point --data at the inspections_chicago folder")
    return pd.read_parquet(path)


def _visits(directory: Path) -> pd.DataFrame:
    """Return the retail food inspections with their business, and the published rows of its test.

    Within the published period only the rows of the published table are kept, so that the test is
    on exactly its rows; outside it, every retail food inspection is.
    """
    visits = _read(directory, "inspections").merge(
        _read(directory, "business_features").drop(columns=["LATITUDE", "LONGITUDE"]),
        on="Inspection_ID",
    )
    retail = visits[visits["LICENSE_DESCRIPTION"] == "Retail Food Establishment"]
    published = retail["Inspection_ID"].isin(
        _read(directory, "published_model_table")["Inspection_ID"]
    )
    tested = retail["Inspection_Date"].between(TEST_FROM, TEST_UNTIL)
    return (
        retail[published | ~tested]
        .sort_values("Inspection_Date", kind="stable")
        .reset_index(drop=True)
    )


def _declarations(visits: pd.DataFrame) -> pd.DataFrame:
    licences = visits[list(LICENCES)].rename(columns=LICENCES)
    return licences.assign(
        enterprise_id=visits["License"].astype("int64").astype("string"),
        x_address=visits["Address"].str.strip(),
        x_near=_cell(visits["Latitude"], visits["Longitude"], size=NEAR),
        x_around=_cell(visits["Latitude"], visits["Longitude"], size=AROUND),
        x_chain=visits["DBA_Name"].str.upper().str.replace(r"[^A-Z& ]", "", regex=True).str.strip(),
        x_facility=visits["Facility_Type"],
        x_risk=visits["Risk"].str.extract(r"(\d)")[0].astype(float),
        x_age_years=visits["ageAtInspection"],
    )


def _inspectors(visits: pd.DataFrame, directory: Path) -> pd.Series:
    """Return the colour of the team that went; missing where, or if, the city does not tell."""
    if not (directory / "inspectors.parquet").exists():
        return pd.Series(None, visits.index, object)
    told = _read(directory, "inspectors").drop_duplicates("inspectionID")
    return visits["Inspection_ID"].map(told.set_index("inspectionID")["sanitarian"])


def _inspections(visits: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "outcome": np.where(visits["criticalCount"] >= 1, "fail", "pass"),
            "x_critical": visits["criticalCount"],
            "x_serious": visits["seriousCount"],
            "x_minor": visits["minorCount"],
            "x_not_passed": visits["fail_flag"],
        }
    )


def _reports(complaints: pd.DataFrame) -> pd.DataFrame:
    nature = complaints["What_is_the_Nature_of_this_Code_Violation"].str.strip()
    nature = nature.where(nature.str.len() > 0, "not stated")
    return pd.DataFrame(
        {
            "report_id": complaints["Service_Request_Number"],
            "channel": "12345",
            "received_at": complaints["Creation_Date"].dt.tz_localize(ZONE),
            "text": "311 sanitation complaint: " + nature,
            "category": nature,
            "x_near": _cell(complaints["Latitude"], complaints["Longitude"], size=NEAR),
            "x_around": _cell(complaints["Latitude"], complaints["Longitude"], size=AROUND),
        }
    )


def _cell(latitude: pd.Series, longitude: pd.Series, *, size: float) -> pd.Series:
    """Return the grid cell of each place as text, missing where the place is."""
    row = np.floor(latitude / size)
    # A degree of longitude is shorter than one of latitude, by the cosine of Chicago's 41.85.
    column = np.floor(longitude * np.cos(np.radians(41.85)) / size)
    cell = row.astype("Int64").astype("string") + "/" + column.astype("Int64").astype("string")
    known: pd.Series = cell.where(latitude.notna() & longitude.notna())
    return known


STUDY = Study(
    name="chicago",
    doc="Food inspections and 311 complaints of Chicago: which visits find critical violations.",
    folder="risk/inspections_chicago",
    tables=tables,
    zone=ZONE,
    test_from=TEST_FROM,
    test_until=TEST_UNTIL,
    keys=KEYS,
    published=PUBLISHED,
    shown=("auc", "days_earlier", "first_half_share"),
    caveat=(
        "frozen at the start of the test, without the inspector: "
        "who inspects is unknown when a visit is planned"
    ),
    unplanned=("x_inspector",),
)
