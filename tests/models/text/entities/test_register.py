"""A linker from tables: enterprises by their names and aliases, brands from columns and files."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from features.errors import Invalid
from models.text.entities import register
from models.text.entities.makes import Make
from models.text.entities.names import Meaning

RECEIVED = datetime(2024, 5, 1, tzinfo=UTC)
ENTERPRISES = pd.DataFrame(
    {
        "enterprise_id": ["E1", "E2", "E3"],
        "name": ["海城市华宝乐食品有限公司", None, "山城市星火玩具有限公司"],
        "aliases": ["华宝小铺，乐宝", None, None],
    }
)


def test_reports_are_linked_to_the_tables() -> None:
    linker = register.linker(ENTERPRISES, makes=register.told(["海岚", None, "海岚"]))
    found = linker.read("海岚水壶，乐宝小店和星火玩具公司都不理", received_at=RECEIVED)
    told = {one.kind: one.value for one in found}
    assert told["brand"] == "海岚"
    assert [one.value for one in found if one.kind == "enterprise"] == ["E1", "E3"]


def test_a_registry_needs_no_aliases_and_may_be_empty() -> None:
    plain = ENTERPRISES.drop(columns="aliases")
    own = {"水晶壶": (Meaning("goods", "7013"),)}
    linker = register.linker(plain, makes=(), tariff=own)
    assert [e.value for e in linker.read("星火玩具公司", received_at=RECEIVED)] == ["E3"]
    assert [e.value for e in linker.read("水晶壶", received_at=RECEIVED)] == ["7013"]
    assert register.linker(plain.head(0), makes=()).read("乐宝", received_at=RECEIVED) == ()


def test_what_is_no_brand_is_left_out() -> None:
    assert register.told(["无", "N/A", "手机", "A", 3, float("nan"), " 海岚 "]) == (Make("海岚"),)


def test_makes_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "makes.csv"
    path.write_text("brand,aliases,models\n海岚,Hailan、海岚牌,K1；K2\n,x,\n远行,,\n")
    assert register.load(path) == (Make("海岚", ("Hailan", "海岚牌"), ("K1", "K2")), Make("远行"))


def test_a_wrong_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="does not exist"):
        register.load(tmp_path / "no.csv")
    (tmp_path / "other.csv").write_text("name\n海岚\n")
    with pytest.raises(Invalid, match="no column brand"):
        register.load(tmp_path / "other.csv")
