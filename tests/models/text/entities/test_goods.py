"""The shipped tables of goods and countries hold what they should; wrong files are told."""

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from features.errors import Invalid
from models.text.entities import countries, goods
from models.text.entities.linker import Linker

SHARED = Path(os.environ.get("YUJING_DATA", "../shared/data")) / "text" / "customs_codes"


def codes(name: str) -> set[str]:
    return {meaning.value for meaning in goods.shipped()[name]}


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("玩具", "9503"),
        ("充电器", "8504"),
        ("化妆品", "3304"),
        ("婴儿奶粉", "1901"),
        ("葡萄酒", "2204"),
    ],
)
def test_common_goods(name: str, heading: str) -> None:
    assert codes(name) == {heading}


def test_what_may_be_two_things_stays_so() -> None:
    assert codes("剃须刀") == {"8212", "8510"}


def test_the_shipped_tables_are_of_a_useful_size() -> None:
    assert len(goods.shipped()) > 1000
    assert len({m.value for m in countries.shipped().meanings["日本"]}) == 1


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data")
def test_countries_are_those_of_iso_3166() -> None:
    with (SHARED / "iso3166_zh.csv").open(encoding="utf-8-sig") as file:
        told = {row["name_zh"]: row["alpha2"] for row in csv.DictReader(file)}
    own = countries.shipped().meanings
    shared = [name for name in told if name in own]
    assert len(shared) > 100
    assert {name: own[name][0].value for name in shared} == {name: told[name] for name in shared}


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/data")
def test_headings_are_those_of_the_tariff() -> None:
    lines = (SHARED / "cn_hs10_codes_2018.csv").read_text(encoding="utf-8-sig").split()
    tariff = {line[:4] for line in lines}
    own = {m.value for meanings in goods.shipped().values() for m in meanings} - {""}
    assert own - tariff == {"2404", "8806"}  # new in the Harmonized System of 2022


def test_the_agencys_tariff_comes_before_the_shipped_table(tmp_path: Path) -> None:
    path = tmp_path / "tariff.csv"
    path.write_text("hs_code,name\n8516101000,电热水壶；自动水瓶(家用)\n9506.99,水壶架、其他\n")
    own = goods.tariff(path)
    assert {name: meanings[0].value for name, meanings in own.items()} == {
        "电热水壶": "8516",
        "自动水瓶": "8516",
        "水壶架": "9506",
    }
    both = goods.preferred(own, goods.shipped())
    linker = Linker(goods=both)
    assert linker.version != Linker().version


WRONG: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "no file": (goods.load, "", "does not exist"),
    "no YAML": (goods.load, "a: [", "is not YAML"),
    "a list": (goods.load, "- 1", "holds no keys"),
    "no headings": (goods.load, "words: {}", "has no 'headings'"),
    "a bare number": (goods.load, "headings: {0401: {words: [奶]}}", "four digits in quotes"),
    "no words": (goods.load, 'headings: {"0401": {zh: 奶}}', "list of words"),
    "no tariff column": (goods.tariff, "hs_code\n8516\n", "lacks \\['name'\\]"),
    "no tariff code": (goods.tariff, "hs_code,name\n85,壶\n", "line 2: hs_code '85'"),
    "no country code": (countries.load, "countries: {xx: [某国]}", "two capital letters"),
    "no cues": (countries.load, "countries: {XX: [某国]}", "need 'origin_before'"),
}


@pytest.mark.parametrize("door", WRONG)
def test_wrong_files_are_told(tmp_path: Path, door: str) -> None:
    load, content, message = WRONG[door]
    path = tmp_path / "file"
    if content:
        path.write_text(content)
    with pytest.raises(Invalid, match=message):
        load(path)
