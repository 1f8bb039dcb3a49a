import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.identifiers import credit_code_check_digit
from models.text.personal.names import Titles
from models.text.personal.numbers import (
    IDENTITY_CHECKS,
    IDENTITY_WEIGHTS,
    is_bank_card,
    is_identity,
)
from models.text.privacy import FAMILIES, mask
from tests.models.text.personal import SETS, TOKENS, Line, impersonal, personal, recall

LEAST_RECALL = 0.99
MOST_FALSE = 0.01  # share of near misses in which anything is masked
UNTOUCHED = {"code", "batch"}
PERSONAL = [line for half in SETS for line in personal(half)]
NEAR_MISSES = [line for half in SETS for line in impersonal(half)]
PIECES = st.sampled_from(
    [line.written for line in PERSONAL]
    + [
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
    ]
)
RAGGED = st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=6).map("".join)
WIDE = str.maketrans(string.digits, "０１２３４５６７８９")
MOBILE = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)
AROUND = st.sampled_from(["请拨{}联系我", "{}", "手机：{}。", "我是{}，", "({})", "打{}、"])


def wrong(lines: list[Line]) -> list[str]:
    return [f"{line.written} → {mask(line.written)}" for line in lines if not line.is_right]


@pytest.mark.parametrize("own", SETS)
@pytest.mark.parametrize("kind", TOKENS)
def test_personal_data_of_each_kind_becomes_a_token(own: str, kind: str) -> None:
    lines = [line for line in personal(own) if line.kind == kind]
    right, count = recall(lines)[kind]
    assert right / count >= LEAST_RECALL, wrong(lines)


def test_there_are_hundreds_of_lines() -> None:
    assert len(PERSONAL) >= 400
    assert len(NEAR_MISSES) >= 350
    assert len({line.written for line in PERSONAL + NEAR_MISSES}) == len(PERSONAL + NEAR_MISSES)


@pytest.mark.parametrize("own", SETS)
def test_batch_numbers_and_codes_are_untouched(own: str) -> None:
    lines = [line for line in impersonal(own) if line.kind in UNTOUCHED]
    assert lines
    assert wrong(lines) == []


def test_what_only_looks_personal_stays() -> None:
    assert len(wrong(NEAR_MISSES)) / len(NEAR_MISSES) <= MOST_FALSE, wrong(NEAR_MISSES)


def unhurried(text: str) -> str:
    """Mask by every rule, whatever its trigger, until nothing changes."""
    masked = text
    for family in FAMILIES:
        for rule in () if isinstance(family, Titles) else family.rules:
            masked = rule.pattern.sub(rule.replacement, masked)
        masked = family.mask(masked) if isinstance(family, Titles) else masked
    return masked if masked == text else unhurried(masked)


@pytest.mark.parametrize("line", PERSONAL + NEAR_MISSES, ids=lambda line: line.written)
def test_triggers_miss_nothing(line: Line) -> None:
    assert mask(line.written) == unhurried(line.written)


@given(RAGGED)
def test_triggers_miss_nothing_in_ragged_texts(text: str) -> None:
    assert mask(text) == unhurried(text)


@given(RAGGED)
def test_masking_twice_changes_nothing(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(
    MOBILE, AROUND, st.sampled_from(["", " ", "-"]), st.sampled_from(["", "+86", "86 ", "(+86)"])
)
def test_no_mobile_number_survives(number: str, around: str, gap: str, country: str) -> None:
    spelt = f"{country}{number[:3]}{gap}{number[3:7]}{gap}{number[7:]}"
    assert mask(around.format(spelt)) == around.format("〔电话〕")
    assert mask(around.format(spelt.translate(WIDE))) == around.format("〔电话〕")


@given(
    st.sampled_from(["010", "021", "0591", "0755"]),
    st.from_regex(r"[2-8][0-9]{7}", fullmatch=True),
    st.sampled_from(["{}-{}", "({}){}", "（{}）{}", "{} {}", "{}{}", "{}-{}-12", "{}-{}转12"]),
)
def test_no_land_line_survives(area: str, number: str, written: str) -> None:
    assert mask(f"座机{written.format(area, number)}。") == "座机〔电话〕。"


@given(
    st.dates(min_value=date(1930, 1, 1), max_value=date(2029, 12, 31)),
    st.integers(0, 999),
    st.sampled_from(["", " ", "-"]),
)
def test_no_identity_number_survives(born: date, order: int, gap: str) -> None:
    body = f"350102{born:%Y%m%d}{order:03}"
    check = IDENTITY_CHECKS[
        sum(int(d) * w for d, w in zip(body, IDENTITY_WEIGHTS, strict=True)) % 11
    ]
    assert is_identity(body + check)
    assert mask(f"我{body[:6]}{gap}{body[6:14]}{gap}{body[14:]}{check}投诉") == "我〔证件号〕投诉"


@given(st.from_regex(r"62[0-9]{13,16}", fullmatch=True), st.sampled_from(["", " ", "-"]))
def test_no_bank_card_survives(body: str, gap: str) -> None:
    number = next(body + d for d in string.digits if is_bank_card(body + d))
    if gap:
        number = (number + "0" * 16)[:16]
        number = next(number[:15] + d for d in string.digits if is_bank_card(number[:15] + d))
        number = gap.join(number[i : i + 4] for i in range(0, 16, 4))
    assert mask(f"扣款{number}两次") == "扣款〔银行卡〕两次"


@given(st.from_regex(r"9[1-3]350100[0-9A-HJ-NPQRTUWXY]{9}", fullmatch=True))
def test_credit_codes_stay(body: str) -> None:
    code = body + credit_code_check_digit(body)
    assert mask(f"企业{code}投诉") == f"企业{code}投诉"


@given(
    st.from_regex(r"(0[1-9]|[1-9][0-9])[0-9]{8}", fullmatch=True),
    st.sampled_from(["归类{}有误", "HS编码：{}", "{}", "电话投诉{}", "税号{}；改{}"]),
)
def test_hs_codes_stay(code: str, around: str) -> None:
    c = code
    ways = [c, c[:8], c[:6], c[:4], c.translate(WIDE), f"{c[:4]}.{c[4:6]}.{c[6:8]}.{c[8:]}"]
    ways += [f"{c[:4]}.{c[4:]}", f"{c[:4]} {c[4:6]} {c[6:8]} {c[8:]}", f"{c[:4]} {c[4:8]} {c[8:]}"]
    for way in ways:
        text = around.format(way, way)
        assert mask(text) == text


@given(
    st.sampled_from(["批号", "批号：", "生产批号", "批次号 ", "Lot No. ", "LOT:", "batch "]),
    st.from_regex(r"[A-Z]{0,2}[0-9]{4,19}[A-Z]?", fullmatch=True),
)
def test_batch_numbers_stay(cue: str, number: str) -> None:
    assert mask(f"{cue}{number}，已过期") == f"{cue}{number}，已过期"


@pytest.mark.parametrize(
    "number", ["110105194912310021", "110105194913310020", "91350100M000100Y43"]
)
def test_identity_numbers_need_their_check_digit(number: str) -> None:
    assert not is_identity(number)


def test_cards_need_luhn() -> None:
    assert is_bank_card("4111111111111111")
    assert not is_bank_card("4111111111111112")


def test_a_text_without_anything_stays_the_same_object() -> None:
    text = "热水壶冒烟"
    assert mask(text) is text
    assert mask("") == ""


LONG = [
    "1-",
    "0 ",
    "a@",
    "a.",
    "@a.",
    "王",
    "王先生",
    "路1号",
    "姓名： ",
    "QQ ",
    "京A1",
    "+86",
    "〔",
]


@pytest.mark.parametrize("piece", LONG)
def test_a_long_text_takes_no_longer_by_the_character(piece: str) -> None:
    # What takes the square of the length would take minutes here.
    text = f"a@b{piece * 40_000}"
    assert mask(mask(text)) == mask(text)
