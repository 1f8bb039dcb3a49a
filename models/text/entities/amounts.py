"""Amounts of money: ￥199, 3万元, 两千块, 1.2万 after a word of paying; in whole fen.

Other currencies are told and not converted: their value stays open.
"""

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from models.text.entities import numerals
from models.text.entities.scan import scan

FOREIGN = {
    name: code
    for code, names in {
        "USD": "美元 美金 usd us$ $",
        "EUR": "欧元 eur €",
        "JPY": "日元 日币 jpy",
        "KRW": "韩元 韩币 krw",
        "HKD": "港币 港元 hkd hk$",
        "GBP": "英镑 gbp £",
        "AUD": "澳元 澳币 aud",
        "CAD": "加元 cad",
        "TWD": "新台币 台币",
        "RUB": "卢布",
        "THB": "泰铢",
        "SGD": "新元 sgd",
    }.items()
    for name in names.split()
}
OWN = ("人民币", "rmb", "cny", "¥")
NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
HAN = r"[零〇一二两三四五六七八九十百千]{1,9}"
BEFORE = "|".join(map(re.escape, sorted((*FOREIGN, *OWN), key=len, reverse=True)))
AFTER = "|".join(re.escape(name) for name in FOREIGN if len(name) > 1)
MORE = r"[一二三四五六七八九\d](?![\d.]|[^\W元块])(?<=[千万亿].)"  # 2万5
MONEY = re.compile(
    rf"(?:(?P<sign>{BEFORE})[ :]?(?=[\d零一二两三四五六七八九十]))?"
    rf"(?P<number>{NUMBER}|{HAN})[ 多余来几]?(?P<scale>[百千]?万|亿|千)?(?P<more>{MORE})?"
    rf"[ 多余来]?(?P<unit>{AFTER}|元人民币|人民币|圆|元|块钱|块|rmb)?"
)
SIGNS = "".join(sorted({name[0] for name in (*FOREIGN, *OWN)}))
FIGURES = "0-9零〇一二两三四五六七八九十百千"
INSIDE = "".join(sorted({c for name in (*FOREIGN, *OWN) for c in name})) + "多余来几万亿圆元块:., "
# What may begin an amount, before what may go on with it: most 一 of a text begin none.
STARTS = re.compile(f"[{re.escape(SIGNS)}{FIGURES}](?=[{re.escape(INSIDE)}{FIGURES}])")
PAYING = re.compile(
    r"(?:赔偿|赔付|赔|退款|退|花费|花|付款|付|价格|售价|总价|单价|货款|损失|充值|转账|支付|金额|罚款"
    r"|定金|押金|订金|费用|共计|合计|收费|收了?)[了我你是为约近:共要款 ]{0,3}$"
)
SCALES = {"千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8, None: 1}
LARGEST = Decimal(10) ** 15


class Amount(NamedTuple):
    """An amount of money: its place, its fen, or what it is in another currency."""

    start: int
    end: int
    fen: int | None
    foreign: str | None


def amounts(text: str) -> Iterator[Amount]:
    """Yield the amounts in a text of one spelling (``spelling.same_length``), in order."""
    for found in scan(text, STARTS, form=MONEY):
        sign, unit = found["sign"], found["unit"]
        if not sign and ((not unit and not _is_paid(text, found)) or _is_piece(text, found)):
            continue
        told = _value(found)
        if told is not None:
            yield _amount(found, told, currency=FOREIGN.get(unit or "") or FOREIGN.get(sign or ""))


def _is_piece(text: str, found: re.Match[str]) -> bool:
    """Return whether 一块 counts a piece of something that is named next, as of 石头."""
    if found["unit"] != "块" or found["scale"] or len(found["number"]) > 1:
        return False
    return "一" <= text[found.end() : found.end() + 1] <= "鿿"


def _is_paid(text: str, found: re.Match[str]) -> bool:
    """Return whether a bare 1.2万 follows a word of paying and counts nothing else."""
    if not found["scale"] or re.match(r"[一-鿿a-z]", text[found.end() : found.end() + 1]):
        return False
    return PAYING.search(text[max(0, found.start() - 8) : found.start()]) is not None


def _value(found: re.Match[str]) -> Decimal | None:
    number = found["number"]
    try:
        value = Decimal(number.replace(",", ""))
    except InvalidOperation:
        told = numerals.number(number)
        if told is None:
            return None
        value = Decimal(told)
    scale = SCALES[found["scale"]]
    more = numerals.number(found["more"]) if found["more"] else 0
    value = value * scale + Decimal(more or 0) * scale / 10
    return value if value < LARGEST else None


def _amount(found: re.Match[str], value: Decimal, *, currency: str | None) -> Amount:
    end = found.start() + len(found[0].rstrip())
    if currency is None:
        return Amount(found.start(), end, int(value * 100), None)
    return Amount(found.start(), end, None, f"{currency} {value:f}")
