"""Study: the Korea Customs Service's synthetic declarations as exchange tables.

Source: Jeong et al., arXiv 2208.02484 (MIT). The data were synthesised by CTGAN; its generator
nearly fixes the label by a joint key of declared codes, so the study tests schema, speed, encodings
and budgeted selection, not skill at company history.
"""

from pathlib import Path

import pandas as pd

from features.errors import NotFound
from pipelines.studies.study import Study

COLUMNS = {
    "Declaration ID": "declaration_id",
    "Importer ID": "enterprise_id",
    "Seller ID": "manufacturer_id",
    "HS6 Code": "hs_code",
    "Country of Departure": "departure",
    "Country of Origin": "origin",
    "Office ID": "port",
    "Process Type": "trade_mode",
    "Net Mass": "net_weight_kg",
    "Import Type": "x_import_type",
    "Import Use": "x_import_use",
    "Payment Type": "x_payment_type",
    "Mode of Transport": "x_transport",
    "Declarant ID": "x_declarant",
    "Courier ID": "x_courier",
    "Tax Rate": "x_tax_rate",
    "Tax Type": "x_tax_type",
    "Country of Origin Indicator": "x_origin_mark",
}
CODES = ["Import Type", "Import Use", "Payment Type", "Mode of Transport", "Office ID"]
# Precision at the top 5 % and 10 % of the test quarter (Table 3, mean of 5 seeds).
PUBLISHED: list[dict[str, object]] = [
    {"model": "LightGBM", "precision_at_5pct": 0.762, "precision_at_10pct": 0.641},
    {"model": "XGBoost", "precision_at_5pct": 0.675, "precision_at_10pct": 0.579},
    {"model": "CatBoost", "precision_at_5pct": 0.621, "precision_at_10pct": 0.520},
    {"model": "Random Forest", "precision_at_5pct": 0.364, "precision_at_10pct": 0.339},
]
KEYS = (
    "departure",
    "x_tax_type",
    "x_declarant",
    "hs6+departure+origin",
    "hs6+departure+origin+x_tax_rate+x_tax_type",
)
ZONE = "Asia/Seoul"


def tables(directory: Path) -> dict[str, pd.DataFrame]:
    """Return declarations and inspections from every CSV file of the folder."""
    files = sorted(directory.glob("*.csv*"))
    if not files:
        raise NotFound(f"no CSV files in {directory}; point --data at the customs_kcs folder")
    codes = dict.fromkeys([*CODES, "HS6 Code", "Declaration ID"], "string")
    rows = pd.concat([pd.read_csv(f, dtype=codes) for f in files], ignore_index=True)
    moments = pd.to_datetime(rows["Date"]).dt.tz_localize(ZONE)
    declared = rows.rename(columns=COLUMNS)[list(COLUMNS.values())]
    goods = rows["HS6 Code"].str.zfill(6)
    # A declaration number recurs in other periods; with its day it names one line.
    ids = rows["Declaration ID"] + "-" + rows["Date"].str.replace("-", "")
    declarations = declared.assign(
        declaration_id=ids,
        declared_at=moments,
        hs_code=goods,
        # A zero weight or price is one that was not told.
        net_weight_kg=rows["Net Mass"].where(rows["Net Mass"] > 0),
        value_cny=rows["Item Price"].where(rows["Item Price"] > 0).round(2),
    )
    return {
        "declarations": declarations,
        "inspections": pd.DataFrame(
            {
                "declaration_id": ids,
                "inspected_at": moments,
                "outcome": rows["Fraud"].map({0: "pass", 1: "fail"}),
            }
        ),
    }


STUDY = Study(
    name="customs",
    doc="Synthesised declarations of the Korea Customs Service: which lines are fraud.",
    folder="risk/customs_kcs",
    tables=tables,
    zone=ZONE,
    test_from="2021-04-01",
    test_until="2021-06-30",
    keys=KEYS,
    published=PUBLISHED,
    shown=("precision_at_5pct", "precision_at_10pct"),
    caveat=(
        "CTGAN-synthesised: the generator nearly fixes the label by the joint key of declared "
        "codes, so this tests schema, speed, encodings and budgeted selection, not skill at "
        "company history"
    ),
)
