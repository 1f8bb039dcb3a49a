"""What is said of the line itself: its amounts, its price, its season, and what it leaves out."""

from features import moments
from features.moments import CIVIL
from models.risk.grounds import usual
from models.risk.grounds.case import Case, Said
from models.risk.grounds.ground import Member
from models.risk.grounds.words import NOTHING, Words, column, extra, money, rounded

WEEKDAYS = "一二三四五六日"
KILOGRAM = "kilogram_value_log"
AMOUNTS = {True: "net_weight_kg", False: "quantity"}


def undeclared(case: Case, name: str) -> Said:
    """Return that the line leaves an exchange column out, or tells too little of it."""
    what = column(name)
    if case.declared(name) is None:
        return Said(f"未申报{what.zh}", f"no {what.en} is declared")
    return Said(f"{what.zh}申报不完整", f"the {what.en} is not fully declared")


def size(case: Case, member: Member) -> Said:
    """Return the declared value, quantity or weight."""
    if member.name == "declaration_value_log":
        return _value(case, case.declared("value_fen"))
    if member.name == "declaration_weight_log":
        return _plain(
            case.declared("net_weight_kg"), Words("净重", "net weight"), unit=Words("千克", " kg")
        )
    told = case.declared("unit")
    unit = NOTHING if told is None else Words(str(told), f" {told}")
    return _plain(case.declared("quantity"), Words("数量", "quantity"), unit=unit)


def _value(case: Case, fen: object) -> Said:
    if not isinstance(fen, int | float):
        return Said("未申报货值", "no value is declared")
    compared = usual.value(case, float(fen))
    worth = money(float(fen))
    return Said(f"申报货值{worth.zh}{compared.zh}", f"declared value {worth.en}{compared.en}")


def _plain(told: object, what: Words, *, unit: Words) -> Said:
    if not isinstance(told, int | float):
        return Said(f"未申报{what.zh}", f"no {what.en} is declared")
    number = rounded(float(told))
    return Said(f"申报{what.zh}{number}{unit.zh}", f"declared {what.en} {number}{unit.en}")


def price(case: Case, member: Member) -> Said:
    """Return the declared price beside what such goods usually cost."""
    aggregate, number = member.aggregate, case.number(member)
    by_weight = KILOGRAM in (member.name if aggregate is None else aggregate.measure or "")
    worth, amount = (case.declared(c) for c in ("value_fen", AMOUNTS[by_weight]))
    what = Words("每千克价格", "price per kg") if by_weight else Words("单价", "unit price")
    if not isinstance(worth, int | float) or not isinstance(amount, int | float) or amount <= 0:
        zh = f"申报内容不足以算出{what.zh}"
        return Said(zh, f"too little is declared to work out the {what.en}")
    each = money(worth / amount)
    if aggregate is None:
        compared = usual.declared(case, member.name, number=number)
    else:
        compared = usual.price(number, of=aggregate.key)
    zh, en = f"申报{what.zh}{each.zh}{compared.zh}", f"declared {what.en} {each.en}{compared.en}"
    return Said(zh, en, None if aggregate is None else case.facts(aggregate))


def season(case: Case, _: Member) -> Said:
    """Return the month and the weekday of the declaration."""
    when = moments.moment(int(case.questions.declared[case.row])).astimezone(CIVIL)
    zh = f"于{when.month}月、周{WEEKDAYS[when.weekday()]}申报"
    return Said(zh, f"declared in {when:%B}, on a {when:%A}")


def own(case: Case, member: Member) -> Said:
    """Return a number that the agency itself adds to declarations."""
    what, number = extra(member.name), case.number(member)
    if number is None:
        return Said(f"未填写{what.zh}", f"{what.en} is not told")
    told = rounded(number)
    return Said(f"申报的{what.zh}为{told}", f"declared {what.en} is {told}")
