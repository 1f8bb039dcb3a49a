import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text.normalize import aligned, normalize

RAGGED = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(list("电熱水壺ＡＢ１２ 　\n\u200b㎏①…，http://w.cn/1234567")),
    )
)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("", ""),
        ("  \n ", ""),
        ("ＡＢＣ１２３", "abc123"),
        ("電熱水壺著火", "电热水壶着火"),
        ("著名品牌", "著名品牌"),
        ("乾隆年間", "乾隆年间"),
        ("冒\u200b烟\ufeff", "冒烟"),
        ("标题\r\n\n 正文", "标题\n正文"),
        ("見https://example.com/a?b=1，起火", "见〔网址〕,起火"),
        ("ＨＴＴＰ：／／ＥＸＡＭＰＬＥ．ＣＯＭ", "〔网址〕"),
        ("订单2024030112345号", "订单〔号码〕号"),
        ("重2㎏", "重2kg"),
    ],
)
def test_one_spelling(written: str, normal: str) -> None:
    assert normalize(written) == normal


@given(RAGGED)
def test_the_aligned_text_is_the_normal_one(text: str) -> None:
    assert aligned(text).text == normalize(text)


@given(RAGGED)
def test_every_character_has_a_place_in_order(text: str) -> None:
    found = aligned(text)
    assert len(found.starts) == len(found.ends) == len(found.text)
    assert list(found.starts) == sorted(found.starts)
    assert all(0 <= a < b <= len(text) for a, b in zip(found.starts, found.ends, strict=True))


@given(st.text("电水壶起火ab12，。 \n"))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalize(normalize(text)) == normalize(text)


def test_a_stretch_is_found_where_it_was_written() -> None:
    written = "見 http://example.com/x　　電熱水壺\u200b冒煙"
    found = aligned(written)
    start = found.text.index("水壶冒烟")
    first, last = found.original(start, start + 4)
    assert written[first:last] == "水壺\u200b冒煙"
