"""The linker: names to values, ambiguity kept, forms read, and places always the original's."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.judgements import Entity
from models.text.entities.firms import Firm, Firms
from models.text.entities.linker import Linker
from models.text.entities.makes import Make

RECEIVED = datetime(2024, 5, 1, 4, tzinfo=UTC)  # a Wednesday at noon in Shanghai
MAKES = (
    Make("海岚", aliases=("Hailan",)),
    Make("远行汽车", models=("远行A4", "远行A4L", "飞驰3 昂首", "T-GO探路", "锋行经典")),
    Make("远行（进口）", models=("山峰（进口）",)),
    Make("一行-远行", models=("山峰", "Q5")),
)
FIRMS = Firms(
    (
        Firm("E1", "海城市华宝乐食品有限公司"),
        Firm("E2", "北京星火玩具有限公司", aliases=("星火乐园", "小星火")),
        Firm("E3", "上海星火玩具有限公司"),
        Firm("E4", "山城市河谷谷物加工机械有限公司"),
    )
)
LINKER = Linker(MAKES, FIRMS)


def read(text: str) -> list[Entity]:
    return list(LINKER.read(text, received_at=RECEIVED))


def told(text: str, kind: str) -> list[tuple[str, str | None]]:
    return [(one.words, one.value) for one in read(text) if one.kind == kind]


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("海岚电热水壶", "海岚", "海岚"),
        ("海 嵐的壶", "海 嵐", "海岚"),
        ("买的ＨａｉＬａｎ插座", "ＨａｉＬａｎ", "海岚"),
        ("hailan2插座", None, None),
        ("a hailand b", None, None),
    ],
)
def test_brands(text: str, words: str | None, value: str | None) -> None:
    assert told(text, "brand") == ([(words, value)] if words else [])


@pytest.mark.parametrize(
    ("text", "model", "brand"),
    [
        ("远行A4L漏油", "远行A4L", "远行汽车"),
        ("远行 a4 l漏油", "远行A4L", "远行汽车"),
        ("远行A4异响", "远行A4", "远行汽车"),
        ("我的昂首异响", "飞驰3 昂首", "远行汽车"),
        ("探路轮胎开裂", "T-GO探路", "远行汽车"),
        ("锋行转向沉重", "锋行经典", "远行汽车"),
        ("一行远行山峰漏油", "山峰", "一行-远行"),
        ("进口远行山峰漏油", "山峰（进口）", "远行（进口）"),
    ],
)
def test_models_and_the_brand_they_imply(text: str, model: str, brand: str) -> None:
    assert [value for _, value in told(text, "model")] == [model]
    assert LINKER.linked(read(text))["brand"] == brand


def test_a_longer_model_is_not_cut() -> None:
    assert told("远行A45和Q50", "model") == []


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("買了電熱水壺", "電熱水壺", "8516"),
        ("婴儿配方奶粉结块", "婴儿配方奶粉", "1901"),
        ("儿童玩具车掉漆", "玩具车", "9503"),
        ("牛奶巧克力发霉", "巧克力", "1806"),
        ("电动自行车起火", "电动自行车", "8711"),
        ("热水器漏水", "热水器", None),
        ("手机号被泄露", None, None),
    ],
)
def test_goods_and_their_heading(text: str, words: str | None, value: str | None) -> None:
    assert told(text, "goods") == ([(words, value)] if words else [])


def test_an_open_heading_keeps_its_candidates() -> None:
    (found,) = [one for one in read("热水器漏水") if one.kind == "goods"]
    assert sorted(one.value for one in found.candidates) == ["8419", "8516"]
    assert found.confidence < 0.5


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("海城市华宝乐食品有限公司不理", "海城市华宝乐食品有限公司", "E1"),
        ("找华宝乐食品售后", "华宝乐食品", "E1"),
        ("找小星火售后", "小星火", "E2"),
        ("上海星火玩具有限公司不理", "上海星火玩具有限公司", "E3"),
        ("星火玩具公司不理", "星火玩具公司", None),
        ("河谷谷务加工机械有限公司不理", "河谷谷务加工机械有限公司", "E4"),
        ("海城市华宝果食品有限公司不理", None, None),
        ("别的什么科技有限公司不理", None, None),
    ],
)
def test_enterprises(text: str, words: str | None, value: str | None) -> None:
    assert told(text, "enterprise") == ([(words, value)] if words else [])


def test_a_shared_short_name_stays_open_with_all_it_may_mean() -> None:
    (found,) = [one for one in read("星火玩具公司不理") if one.kind == "enterprise"]
    assert {one.value for one in found.candidates} == {"E2", "E3"}
    assert LINKER.linked([found])["enterprise_id"] is None


@pytest.mark.parametrize(
    "text", ["韩国产的壶", "韓國進口面膜", "原产国：韩国", "产自韩国", "Made in Korea"]
)
def test_origins(text: str) -> None:
    assert [value for _, value in told(text, "origin")] == ["KR"]
    assert LINKER.linked(read(text))["origin"] == "KR"


@pytest.mark.parametrize("text", ["在韩国旅游", "出口到韩国的货", "Korean food, Korea"])
def test_places_that_are_only_spoken_of(text: str) -> None:
    assert told(text, "origin") == []
    assert [value for _, value in told(text, "region")] == ["KR"]


@pytest.mark.parametrize("text", ["苏丹红超标", "荷兰豆发霉", "今日本人购买", "吃韩国料理"])
def test_names_that_are_no_place(text: str) -> None:
    assert [one for one in read(text) if one.kind in ("origin", "region")] == []


def test_two_origins_are_none() -> None:
    assert LINKER.linked(read("韩国产的壶和日本产的杯"))["origin"] is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("批号：20240101-A", "20240101-A"),
        ("生产批次 b12/03", "B12/03"),
        ("ＬＯＴ ＮＯ．Ｘ９９１２", "X9912"),
        ("这批次产品", None),
        ("pilot 2024", None),
    ],
)
def test_lots(text: str, code: str | None) -> None:
    assert [value for _, value in told(text, "lot")] == ([code] if code else [])
    assert told(text, "date") == []


def test_what_a_report_is_about() -> None:
    text = "海岚电热水壶冒烟\n海岚这款电热水壶是韩国产的，找华宝乐食品不理"
    assert LINKER.linked(read(text)) == {
        "brand": "海岚",
        "goods_name": "电热水壶",
        "hs_code": "8516",
        "enterprise_id": "E1",
        "origin": "KR",
    }


def test_goods_are_called_by_one_spelling() -> None:
    names = [LINKER.linked(read(text))["goods_name"] for text in ("電熱水壺冒煙", "电 热水壶冒烟")]
    assert names == ["电热水壶", "电热水壶"]


def test_of_nothing_nothing_is_told() -> None:
    assert set(LINKER.linked(()).values()) == {None}
    assert LINKER.read("", received_at=RECEIVED) == ()


def test_a_linker_that_was_told_no_names_still_reads() -> None:
    found = Linker().read("韩国产电热水壶，某某贸易有限公司", received_at=RECEIVED)
    assert [one.kind for one in found] == ["origin", "goods"]


def test_the_version_is_that_of_the_names() -> None:
    assert Linker(MAKES, FIRMS).version == LINKER.version
    assert Linker(MAKES).version != LINKER.version != Linker(MAKES[1:], FIRMS).version


def test_the_order_of_names_changes_nothing() -> None:
    turned = Linker(
        tuple(Make(m.brand, m.aliases[::-1], m.models[::-1]) for m in MAKES[::-1]),
        Firms(FIRMS.listed[::-1]),
    )
    assert turned.version == LINKER.version
    for text in ("山峰漏油", "远行A4L和飞驰3 昂首", "星火玩具公司不理", "河谷谷务加工机械有限公司"):
        assert turned.read(text, received_at=RECEIVED) == tuple(read(text))


WORDS = re.findall(
    "[^、]+",
    "海岚、远行A4L、Q5、電熱水壺、热水器、韩国、产、进口、批号、20240315、昨天、3月15日、3万元、￥１９９、两千块"
    "、US$20、华宝乐食品、有限公司、㎏、İ、一、万、2024年、13月45日、-、海 嵐、\u200b、\n、 ",
)


@given(st.lists(st.sampled_from(WORDS), max_size=14).map("".join))
def test_places_slice_to_the_words_and_every_entity_may_be_stored(text: str) -> None:
    found = read(text)
    for one in found:
        assert text[one.start : one.end] == one.words != ""
        assert Entity.model_validate(one.model_dump()) == one
        assert one.kind != "amount" or one.value is None or int(one.value) >= 0
    assert [one.start for one in found] == sorted(one.start for one in found)


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=6).map("".join), max_size=6))
def test_many_readings_are_read_as_each_is(texts: list[str]) -> None:
    moments = [RECEIVED - timedelta(days=i) for i in range(len(texts))]
    each = zip(texts, moments, strict=True)
    alone = [LINKER.read(text, received_at=moment) for text, moment in each]
    assert LINKER.read_all(texts, received_at=moments) == alone
