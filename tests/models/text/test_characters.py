"""Characters as numbers: there and back, and looked up once each."""

from hypothesis import given
from hypothesis import strategies as st

from models.text.characters import Lookup, decode, encode


@given(st.text(st.characters()))
def test_a_text_comes_back_as_it_was(text: str) -> None:
    assert len(encode(text)) == len(text)
    assert decode(encode(text)) == text


def test_each_character_is_worked_out_once() -> None:
    met: list[int] = []

    def meet(code: int) -> int:
        met.append(code)
        return code + 1

    lookup = Lookup(meet)
    assert decode(lookup.of(encode("abca"))) == "bcdb"
    assert decode(lookup.of(encode("ca"))) == "db"
    assert sorted(met) == [ord("a"), ord("b"), ord("c")]
    assert len(lookup.of(encode(""))) == 0
