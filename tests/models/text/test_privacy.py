from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.identifiers import credit_code_check_digit
from models.text.privacy import is_bank_card, is_identity, mask

CASES = Path(__file__).parents[2] / "data"
PIECES = st.sampled_from(
    [
        "电话",
        "13812345678",
        "姓名：",
        "王小明",
        "先生",
        "路",
        "12号",
        "3栋",
        "501室",
        "@",
        "a.cn",
        "京A",
        "12345",
    ]
)


def lines(name: str) -> list[str]:
    text = (CASES / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@pytest.mark.parametrize("line", lines("privacy_masked.txt"))
def test_personal_data_becomes_a_token(line: str) -> None:
    written, _, kept = line.partition(" → ")
    assert mask(written) == kept


@pytest.mark.parametrize("line", lines("privacy_kept.txt"))
def test_what_only_looks_personal_stays(line: str) -> None:
    assert mask(line) == line


@given(st.lists(st.one_of(PIECES, st.text(max_size=6))).map("".join))
def test_masking_twice_changes_nothing(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_no_mobile_number_survives(number: str) -> None:
    assert number not in mask(f"请拨{number}联系我")


@given(st.from_regex(r"9[1-3]350100[0-9A-HJ-NPQRTUWXY]{9}", fullmatch=True))
def test_credit_codes_stay(body: str) -> None:
    code = body + credit_code_check_digit(body)
    assert mask(f"企业{code}投诉") == f"企业{code}投诉"


@given(st.from_regex(r"(0[1-9]|[1-9][0-9])[0-9]{8}", fullmatch=True))
def test_ten_digit_hs_codes_stay(code: str) -> None:
    assert mask(f"归类{code}有误") == f"归类{code}有误"


@pytest.mark.parametrize(
    "number", ["110105194912310021", "110105194913310020", "91350100M000100Y43"]
)
def test_identity_numbers_need_their_check_digit(number: str) -> None:
    assert not is_identity(number)


def test_cards_need_luhn() -> None:
    assert is_bank_card("4111111111111111")
    assert not is_bank_card("4111111111111112")
