"""A report prints what was asked for, and beside it what was published."""

import json

import pandas as pd
import pytest

from features.errors import Invalid
from features.moments import CIVIL
from pipelines.backtest import Asked
from pipelines.ingest import Ingested
from pipelines.load import Loaded
from pipelines.report import report
from pipelines.studies.customs import STUDY

Tables = dict[str, pd.DataFrame]
ASKED = Asked(test_from="2025-01-01", test_until="2025-06-30", keys="departure")


@pytest.fixture
def loaded(tables: Tables, quick: None) -> Loaded:
    assert quick is None
    return Loaded(tables, Ingested({}, (), (), ()))


def test_a_study_stands_beside_the_published_rows(
    loaded: Loaded, capsys: pytest.CaptureFixture[str]
) -> None:
    report(loaded, ASKED, zone=CIVIL, as_json=True, published=STUDY)
    said = capsys.readouterr().out
    assert "CatBoost" in said
    assert "CTGAN-synthesised" in said
    assert json.loads(said.splitlines()[-1])["n"] > 0


def test_without_json_the_last_line_is_for_people(
    loaded: Loaded, capsys: pytest.CaptureFixture[str]
) -> None:
    report(loaded, ASKED, zone=CIVIL, as_json=False)
    said = capsys.readouterr().out
    assert "{" not in said
    assert "2024-12-31 16:00" in said


def test_wrong_keys_are_refused_before_anything_is_printed(
    loaded: Loaded, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Invalid, match="unknown key"):
        report(loaded, Asked(keys="nope"), zone=CIVIL, as_json=True)
    assert capsys.readouterr().out == ""


def test_each_fold_is_a_row_and_the_last_is_as_asked(
    loaded: Loaded, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = Asked(test_from="2025-04-01", test_until="2025-06-30", folds=2)
    report(loaded, asked, zone=CIVIL, as_json=True)
    said = capsys.readouterr().out
    assert "2024-12-30" in said
    both = json.loads(said.splitlines()[-1])
    report(loaded, Asked(test_from="2025-04-01", test_until="2025-06-30"), zone=CIVIL, as_json=True)
    alone = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert both["auc"] == alone["auc"]
