"""Days, amounts and numerals, read by their form."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.text.entities import amounts as money
from models.text.entities import days as dates
from models.text.entities.amounts import amounts
from models.text.entities.days import days
from models.text.entities.numerals import number
from models.text.entities.scan import scan
from models.text.entities.spelling import same_length

RECEIVED = datetime(2024, 5, 1, 4, tzinfo=UTC)  # a Wednesday at noon in Shanghai


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2024年3月15日", "2024-03-15"),
        ("2024-03-15", "2024-03-15"),
        ("２０２４/3/5", "2024-03-05"),
        ("2024.3.15", "2024-03-15"),
        ("20240315", "2024-03-15"),
        ("二〇二四年三月十五日", "2024-03-15"),
        ("去年12月3号", "2023-12-03"),
        ("2023年12月", "2023-12"),
        ("3月15日", "2024-03-15"),
        ("12月3日", "2023-12-03"),
        ("2月29日", "2024-02-29"),
        ("今天", "2024-05-01"),
        ("昨晚", "2024-04-30"),
        ("大前天", "2024-04-28"),
        ("三天前", "2024-04-28"),
        ("两周前", "2024-04-17"),
        ("3个月前", "2024-02"),
        ("上周五", "2024-04-26"),
        ("上个月20号", "2024-04-20"),
    ],
)
def test_days(text: str, iso: str) -> None:
    found = list(days(same_length(f"在{text}买的"), received_at=RECEIVED))
    assert [(one.start, one.end, one.iso) for one in found] == [(1, 1 + len(text), iso)]


@pytest.mark.parametrize(
    "text",
    ["2024年13月40日", "2月30日", "120240315", "A20240315", "3.15晚会", "9999999天前", "行号"],
)
def test_what_is_no_day(text: str) -> None:
    assert list(days(same_length(text), received_at=RECEIVED)) == []


def test_a_day_is_that_of_shanghai() -> None:
    late = datetime(2024, 4, 30, 17, tzinfo=UTC)  # one at night of 1 May there
    assert [one.iso for one in days("今天", received_at=late)] == ["2024-05-01"]


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("3万元", 3_000_000),
        ("1,299.5元", 129_950),
        ("￥199", 19_900),
        ("¥３９９．００", 39_900),
        ("两千块", 200_000),
        ("三千五百元", 350_000),
        ("2万5元", 2_500_000),
        ("3千块", 300_000),
        ("1.2亿元", 12_000_000_000),
        ("5块钱", 500),
        ("RMB 88", 8_800),
    ],
)
def test_amounts(text: str, fen: int) -> None:
    found = list(amounts(same_length(f"用{text}，")))
    assert [(one.start, one.end, one.fen) for one in found] == [(1, 1 + len(text), fen)]


def test_a_bare_number_is_money_after_a_word_of_paying_only() -> None:
    assert [one.fen for one in amounts("退了1.2万")] == [1_200_000]
    assert list(amounts("行驶了1.2万公里，卖出1.2万台，1.2万")) == []


@pytest.mark.parametrize("text", ["一块石头", "一块手表", "元旦", "万一", "3.5千克", "第5块玻璃"])
def test_what_is_no_amount(text: str) -> None:
    assert list(amounts(text)) == []


@pytest.mark.parametrize(
    ("text", "foreign"), [("20美元", "USD 20"), ("US$20", "USD 20"), ("€1,500", "EUR 1500")]
)
def test_other_money_is_told_and_not_converted(text: str, foreign: str) -> None:
    assert [(one.fen, one.foreign) for one in amounts(text.lower())] == [(None, foreign)]


@pytest.mark.parametrize(
    ("text", "value"),
    [("十", 10), ("二十", 20), ("一百零五", 105), ("一千零五十", 1050), ("三千五", 3500), ("5", 5)],
)
def test_numerals(text: str, value: int) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["", "千百", "百", "十百", "五五十", "买"])
def test_what_is_no_number(text: str) -> None:
    assert number(text) is None


FIGURES = (
    "0、1、2、20、2024、20240301、3、13、一、二、两、三、十、〇、零、半、百、千、万、几、多、,、."
)
SIGNS = "-、/、:、$、us$、¥、€、元、块、块钱、美元、人民币、台币、rmb、花了、投诉、的、号、x、 "
UNITS = "年、月、天、日、周、星期、礼拜、个、前、上、上上、这、本、今、昨、去、大、当、晚、早"
PIECES = st.sampled_from("、".join((FIGURES, SIGNS, UNITS)).split("、"))


@given(st.lists(PIECES, max_size=10).map("".join))
@settings(max_examples=500)
def test_nothing_begins_where_it_is_not_looked_for(text: str) -> None:
    anywhere = re.compile("(?s).")
    for starts, form in ((dates.STARTS, dates.FORM), (money.STARTS, money.MONEY)):
        broad = [m.span() for m in scan(text, anywhere, form=form) if len(m[0]) > 1]
        assert [m.span() for m in scan(text, starts, form=form) if len(m[0]) > 1] == broad
