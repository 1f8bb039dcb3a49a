"""Words: how subjects, windows and amounts are said in a sentence, in Chinese and in English."""

from functools import cache
from typing import NamedTuple

from features.keys import Key
from features.measures import EXTRA


class Words(NamedTuple):
    """The same in Chinese and in English."""

    zh: str
    en: str


NOTHING = Words("", "")
FIRMS = {
    "enterprise": Words("该企业", "this enterprise"),
    "manufacturer": Words("该生产商", "this manufacturer"),
}
GOODS = {
    "hs2": Words("同章商品", "goods of this chapter"),
    "hs4": Words("同类商品", "such goods"),
    "hs6": Words("同类商品（同子目）", "such goods (same subheading)"),
    "hs8": Words("同类商品（同税目）", "such goods (same tariff line)"),
    "hs_code": Words("同类商品（同HS编码）", "such goods (same HS code)"),
}
NARROWED = {
    "brand": Words("该品牌", "of this brand"),
    "goods_name": Words("同品名", "of this name"),
    "goods_noun": Words("同类品名", "with names that end alike"),
    "origin": Words("同产地", "of this origin"),
    "departure": Words("同启运地", "from this country of departure"),
    "port": Words("本口岸", "at this port"),
    "trade_mode": Words("同贸易方式", "under this trade mode"),
    "unit": Words("同计量单位", "declared in this unit"),
    "region": Words("同地区", "of this region"),
}
ALL = Words("全部商品", "all goods")
COLUMNS = {
    "hs_code": Words("HS编码", "HS code"),
    "enterprise_id": Words("企业", "enterprise"),
    "manufacturer_id": Words("生产商", "manufacturer"),
    "brand": Words("品牌", "brand"),
    "goods_name": Words("商品名称", "goods name"),
    "origin": Words("原产地", "origin"),
    "departure": Words("启运地", "country of departure"),
    "port": Words("口岸", "port"),
    "trade_mode": Words("贸易方式", "trade mode"),
    "unit": Words("计量单位", "unit"),
    "region": Words("地区", "region"),
}
PERIODS = {
    None: Words("历来", "on record"),
    180: Words("近半年", "in the last six months"),
    365: Words("近一年", "in the last year"),
    730: Words("近两年", "in the last two years"),
}
YEAR, MONTH = 365.25, 365.25 / 12
TWO_YEARS = 700  # days from which one says two years


@cache
def subject(key: Key) -> Words:
    """Return whose facts they are.

    >>> subject(("origin", "hs4")), subject(("enterprise",))
    (Words(zh='同产地同类商品', en='such goods of this origin'),
     Words(zh='该企业', en='this enterprise'))
    """
    if not key:
        return ALL
    if len(key) == 1 and key[0] in FIRMS:
        return FIRMS[key[0]]
    goods = next((GOODS[part] for part in key if part in GOODS), Words("商品", "goods"))
    narrowed = [_narrowed(part) for part in key if part not in GOODS]
    noun, _, level = goods.en.partition(" (")
    tail = f" ({level}" if level else ""
    return Words(
        "".join(n.zh for n in narrowed) + goods.zh,
        " ".join([noun, *(n.en for n in narrowed)]) + tail,
    )


def _narrowed(part: str) -> Words:
    if part in FIRMS:
        return Words(FIRMS[part].zh, f"of {FIRMS[part].en}")
    name = extra(part)
    return NARROWED.get(part, Words(f"{name.zh}相同的", f"with the same {name.en}"))


def column(name: str) -> Words:
    """Return what an exchange column is called."""
    return COLUMNS.get(name) or extra(name)


def extra(name: str) -> Words:
    """Return what an agency's own column is called: by its name, in quotation marks.

    >>> extra("x_cold_chain").en
    '“cold chain”'
    """
    told = f"“{name.removeprefix(EXTRA).replace('_', ' ')}”"
    return Words(told, told)


def period(days: int | None) -> Words:
    """Return a window before the moment of the question; ``None`` is all the past."""
    return PERIODS.get(days) or Words(f"近{days}天", f"in the last {days} days")


def length(days: float) -> Words:
    """Return a length of time, of two months in months and of two years in years.

    >>> length(0.4).zh, length(45).zh, length(300).en, length(730).zh, length(4000).en
    ('不到1天', '45天', '10 months', '两年', '11 years')
    """
    if days < 1:
        return Words("不到1天", "less than a day")
    if days < 2 * MONTH:
        return Words(f"{days:.0f}天", f"{days:.0f} day{'s' if round(days) != 1 else ''}")
    if days < TWO_YEARS:
        return Words(f"{days / MONTH:.0f}个月", f"{days / MONTH:.0f} months")
    years = round(days / YEAR)
    return Words("两年" if years == 2 else f"{years}年", f"{years if years > 2 else 'two'} years")


def money(fen: float) -> Words:
    """Return an amount of money.

    >>> money(8_400_050), money(93_000_000_000).zh
    (Words(zh='8.4万元', en='CNY 84,000'), '9.3亿元')
    """
    yuan = fen / 100
    for unit, name in ((1e8, "亿元"), (1e4, "万元")):
        if yuan >= unit:
            return Words(f"{rounded(yuan / unit)}{name}", f"CNY {rounded(yuan)}")
    return Words(f"{rounded(yuan)}元", f"CNY {rounded(yuan)}")


def rounded(number: float) -> str:
    """Return a number with three digits that count, never as a power of ten.

    >>> rounded(84000.5), rounded(1234567), rounded(0.0123)
    ('84,000', '1,230,000', '0.0123')
    """
    if abs(number) < 1000:
        return f"{number:.3g}"
    return f"{float(f'{number:.3g}'):,.0f}"


def counted(number: float, noun: str) -> str:
    """Return a count with its English noun.

    >>> counted(1, "fire report"), counted(1200, "inspection")
    ('1 fire report', '1,200 inspections')
    """
    return f"{number:,.0f} {noun}{'' if number == 1 else 's'}"
