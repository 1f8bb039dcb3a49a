import re
import subprocess
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text.normalize import aligned, normalize, normalize_all, places, places_all

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


PLAIN = re.compile(
    r"(?:https?://|www\.)[a-z0-9._~:/?#@&=%+-]+|[0-9]{7,}|[ ]*\n[ \n]*|[ ]{2,}"
)  # what is squeezed, without any cleverness
HAN = re.compile("[\u4e00-\u9fff]+")


def squeezed(match: re.Match[str]) -> str:
    found = match.group()
    if found.isspace():
        return "\n" if "\n" in found else " "
    return "〔号码〕" if found[0].isdigit() else "〔网址〕"


TW2S = opencc.OpenCC("tw2s")


def convert(text: str) -> str:
    converted: str = TW2S.convert(text)
    return converted


@given(st.text("hw:/.tps w0123456789 \n", max_size=40))
def test_what_is_squeezed_is_found_as_a_plain_search_finds_it(text: str) -> None:
    assert normalize(text) == PLAIN.sub(squeezed, text).strip(" \n")


@given(st.lists(RAGGED, max_size=6))
def test_many_texts_become_what_each_becomes(texts: list[str]) -> None:
    assert normalize_all(texts) == [normalize(text) for text in texts]


def test_a_separator_in_a_text_joins_nothing() -> None:
    assert normalize_all(["Ａ\ue000Ｂ", "Ｃ"]) == ["a\ue000b", "c"]


@given(
    st.text("什怎这那多要么没好甚不沈船坏布反覆瞭解后後著名火乾隆年间台臺", min_size=1, max_size=8)
)
def test_a_text_that_seems_simplified_is_what_opencc_leaves(text: str) -> None:
    assert normalize(text) == convert(text)
    assert normalize_all([text, text]) == [convert(text)] * 2


def test_every_phrase_of_the_dictionary_is_simplified() -> None:
    own = Path(opencc.__file__).parent / "clib"
    program = own / "bin" / "opencc_dict"
    if not program.exists():
        pytest.skip("this OpenCC comes without the program that lists its dictionaries")
    for name in ("TSPhrases", "TSCharacters", "TWVariantsRev", "TWVariantsRevPhrases"):
        source = own / "share" / "opencc" / f"{name}.ocd2"
        listed = subprocess.run(
            [program, "-i", source, "-o", "/dev/stdout", "-f", "ocd2", "-t", "text"],
            capture_output=True,
            text=True,
            check=True,
        )
        phrases = [line.split("\t")[0] for line in listed.stdout.splitlines() if "\t" in line]
        plain = [p for p in phrases if HAN.fullmatch(p) and len(convert(p)) == len(p)]
        assert len(plain) > 30
        assert normalize_all(plain) == [convert(phrase) for phrase in plain]


@given(st.lists(RAGGED, max_size=6))
def test_places_in_many_texts_are_those_in_each(texts: list[str]) -> None:
    normals = normalize_all(texts)
    told = [tuple(map(list, found)) for found in places_all(texts, normals)]
    each = zip(texts, normals, strict=True)
    assert told == [tuple(map(list, places(text, normal))) for text, normal in each]
