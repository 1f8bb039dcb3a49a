from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from rich.console import Console

from features.errors import NotFound
from models.text.annotate import lexicon_only
from models.text.taxonomy import load
from pipelines.studies.complaints import car_reports, complaints, show, ticket_reports

ANNOTATOR = lexicon_only(load())
TICKETS = pd.DataFrame(
    {
        "id": ["1", "2"],
        "date": ["2019-08-05", "2019-08-06"],
        "title": ["电热水壶冒烟", ""],
        "text": ["外壳漏电，联系13812345678", "小区路灯不亮"],
    }
)
CARS = pd.DataFrame(
    {
        "id": ["7", "8"],
        "brand": ["甲牌", "乙牌"],
        "car_model": ["一号", "二号"],
        "desc": ["行驶中刹车失灵", "经销商态度恶劣"],
        "problem": ["E1,", "I1,"],
        "datetime": ["2020/6/8", "2020/6/9"],
    }
)
CODES = pd.DataFrame(
    {
        "code": ["E1", "I1"],
        "system_name": ["制动系统", "服务态度"],
        "kind": ["质量", "服务"],
        "problem": ["刹车失灵", "态度蛮横"],
    }
)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    (tmp_path / "hotline_12345").mkdir()
    (tmp_path / "car_complaints").mkdir()
    TICKETS.to_csv(tmp_path / "hotline_12345" / "tickets.csv.gz", index=False)
    CARS.to_csv(tmp_path / "car_complaints" / "complaints_2020.csv", index=False)
    CODES.to_csv(tmp_path / "car_complaints" / "problem_codes.csv", index=False)
    return tmp_path


def test_tickets_are_masked_and_dated_in_shanghai() -> None:
    first, second = ticket_reports(TICKETS)
    assert "13812345678" not in first.text
    assert first.received_at == datetime(2019, 8, 4, 16, tzinfo=UTC)
    assert second.title is None


def test_cars_keep_brand_and_model() -> None:
    first = car_reports(CARS)[0]
    assert (first.brand, first.goods_name, first.channel) == ("甲牌", "一号", "portal")


def test_counts_and_agreement(directory: Path) -> None:
    tickets, cars = complaints(directory, annotator=ANNOTATOR)
    assert (tickets.reports, tickets.relevant) == (2, 1)
    assert tickets.hazards == {"fire": 1, "electric_shock": 1}
    assert cars.hazards == {"mechanical": 1}
    assert [(a.both, a.coded_only, a.read_only, a.neither) for a in cars.agreement] == [
        (1, 0, 0, 1)
    ] * 3


def test_what_is_shown_has_examples(directory: Path) -> None:
    console = Console(record=True, width=120)
    show(complaints(directory, annotator=ANNOTATOR), console)
    shown = console.export_text()
    assert "行驶中刹车失灵" in shown
    assert "rough" in shown


def test_a_missing_set_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"tickets\.csv\.gz"):
        complaints(tmp_path, annotator=ANNOTATOR)
