"""What is said of declarations that came before: how many, since when, whether any."""

from features.aggregates import Aggregate
from models.risk.grounds import usual
from models.risk.grounds.case import Case, Said
from models.risk.grounds.ground import Member
from models.risk.grounds.words import Words, length, money, period, subject
from models.wording import percent

# Whether the enterprise declared the rest of the key before.
FIRSTS = {
    ("enterprise",): Words("商品", "goods"),
    ("enterprise", "hs4"): Words("此类商品", "such goods"),
    ("enterprise", "origin"): Words("该产地的商品", "goods of this origin"),
    ("enterprise", "manufacturer"): Words("该生产商的商品", "goods of this manufacturer"),
}


def said(case: Case, member: Member) -> Said:
    """Return what a feature of earlier declarations says."""
    aggregate, number = member.aggregate, case.number(member)
    assert aggregate is not None
    of, when = subject(aggregate.key), period(aggregate.window)
    if aggregate.how == "days_since" and number is not None:
        compared, ago = usual.since(case, member.name, days=number), length(number)
        zh = f"{of.zh}上次申报距今{ago.zh}{compared.zh}"
        en = f"the last declared line of {of.en} was {ago.en} ago{compared.en}"
        return Said(zh, en, case.facts(aggregate))
    if aggregate.how == "sum" and number:
        worth = money(number)
        en = f"{worth.en} declared in all for {of.en} {when.en}"
        return Said(f"{of.zh}{when.zh}申报货值共{worth.zh}", en, case.facts(aggregate))
    return _counted(case, aggregate)


def _counted(case: Case, aggregate: Aggregate) -> Said:
    lines = Aggregate("declaration", aggregate.key, "count", None, aggregate.window)
    of, when, past = subject(lines.key), period(lines.window), usual.past(case, lines)
    if not past.now:
        return Said(f"{of.zh}{when.zh}没有申报", f"no declared lines of {of.en} {when.en}")
    compared, number = usual.times(past, unit="项"), f"{past.now:,}"
    zh = f"{of.zh}{when.zh}申报{number}项{compared.zh}"
    en = f"{number} declared line{'' if past.now == 1 else 's'} of {of.en} {when.en}{compared.en}"
    return Said(zh, en, case.facts(lines))


def first(case: Case, member: Member) -> Said:
    """Return what the enterprise declares for the first time, or declared before."""
    aggregate = member.aggregate
    assert aggregate is not None
    what = FIRSTS.get(aggregate.key) or subject(aggregate.key)
    if case.number(member) == 1:
        return Said(
            f"该企业首次申报{what.zh}", f"this enterprise declares {what.en} for the first time"
        )
    zh, en = f"该企业此前申报过{what.zh}", f"this enterprise declared {what.en} before"
    return Said(zh, en, case.facts(aggregate))


def wording(case: Case, member: Member) -> Said:
    """Return how often goods of this name were declared under this heading."""
    share, aggregate = case.number(member), member.aggregate
    assert aggregate is not None
    if share is None:
        return Said(
            "此前没有申报过品名相近的商品", "no goods of a similar name were declared before"
        )
    en = f"{percent(share)} of goods of a similar name were declared under this heading"
    return Said(f"品名相近的商品此前{percent(share)}申报在本品目", en, case.facts(aggregate))
