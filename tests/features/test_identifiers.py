import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from features import identifiers
from features.errors import Invalid
from features.identifiers import CREDIT_CODE_ALPHABET, country, enterprise_id, hs_code

letters = st.sampled_from(CREDIT_CODE_ALPHABET)
provinces = st.sampled_from(["10", "11", "15", "21", "31", "37", "44", "53", "65", "71", "82"])


@st.composite
def credit_codes(draw: st.DrawFn) -> str:
    head = "".join(draw(st.lists(st.sampled_from("159AGNY"), min_size=2, max_size=2)))
    division = draw(provinces) + f"{draw(st.integers(0, 9999)):04d}"
    body = head + division + "".join(draw(st.lists(letters, min_size=9, max_size=9)))
    return body + identifiers.credit_code_check_digit(body)


@given(credit_codes())
def test_a_credit_code_is_its_own_canonical_form(code: str) -> None:
    assert enterprise_id(f" {code.lower()}\t") == code


@given(credit_codes(), st.integers(0, 17), st.characters(codec="utf-8"))
@example("19100000000000000R", 0, "ß")  # whose capitals are two letters
def test_any_single_changed_character_of_a_credit_code_is_refused(
    code: str, place: int, character: str
) -> None:
    changed = code[:place] + character + code[place + 1 :]
    assume(changed.strip().upper() != code)
    assume(len(changed.strip()) == 18)
    with pytest.raises(Invalid):
        enterprise_id(changed)


@given(credit_codes(), st.integers(0, 17))
def test_a_missing_character_of_a_credit_code_is_refused(code: str, place: int) -> None:
    shorter = code[:place] + code[place + 1 :]
    assume(identifiers.LOOKS_LIKE_CREDIT_CODE.match(shorter))
    with pytest.raises(Invalid, match="18 characters"):
        enterprise_id(shorter)


@given(credit_codes(), st.integers(0, 16))
def test_two_neighbours_that_change_places_are_refused(code: str, place: int) -> None:
    changed = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assume(changed != code)
    assume(identifiers.LOOKS_LIKE_CREDIT_CODE.match(changed))
    with pytest.raises(Invalid, match="check digit"):
        enterprise_id(changed)


@pytest.mark.parametrize("name", ["E1", "DE811907980", "5493001KJTIIGC8Y1R12", "企业-7", "a" * 64])
def test_other_identifiers_pass_as_they_are(name: str) -> None:
    assert enterprise_id(f" {name} ") == name


@pytest.mark.parametrize("name", ["", "  ", "a b", "a\nb", "a\x00b", "a" * 65, "a\u200bb"])
def test_what_is_no_identifier_is_refused_with_its_value(name: str) -> None:
    with pytest.raises(Invalid, match="no identifier; give 1 to 64") as refused:
        enterprise_id(name)
    assert repr(name) in str(refused.value)


@given(
    st.integers(1, 99),
    st.sampled_from([2, 4, 6, 8, 11]),
    st.integers(0, 10**11 - 1),
    st.sampled_from(["", ".", " "]),
)
def test_an_hs_code_becomes_its_digits(chapter: int, rest: int, number: int, mark: str) -> None:
    digits = f"{chapter:02d}" + f"{number:011d}"[:rest]
    written = mark.join(digits[i : i + 2] for i in range(0, len(digits), 2))
    assert hs_code(written) == digits
    assert hs_code(digits) == digits


@given(st.integers(0, 20).filter(lambda length: length not in identifiers.HS_LENGTHS))
def test_an_hs_code_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(Invalid, match="keep a leading zero"):
        hs_code("8" * length)


@pytest.mark.parametrize("code", ["0016", "85A6", "８５１６", "85-16", "-8516", "8516²"])
def test_an_hs_code_is_ascii_digits_of_a_chapter(code: str) -> None:
    with pytest.raises(Invalid, match="not an HS code"):
        hs_code(code)


@pytest.mark.parametrize(("written", "code"), [("vn", "VN"), (" CHN ", "CHN"), ("502", "502")])
def test_a_country_has_letters_or_customs_digits(written: str, code: str) -> None:
    assert country(written) == code


@pytest.mark.parametrize(
    "written", ["", "V", "Viet Nam", "越南", "V1", "50", "5022", "ß", "５０２"]
)
def test_a_country_by_name_is_refused(written: str) -> None:
    with pytest.raises(Invalid, match="not a country code"):
        country(written)
