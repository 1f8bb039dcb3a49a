"""What is said of an enterprise's standing, and of the warnings in force."""

from models.risk.grounds.case import Case, Said
from models.risk.grounds.ground import Member
from models.risk.grounds.words import Words, length, subject

GRADES = {4: "A", 3: "B", 2: "C", 1: "D"}
LEVELS = {4: "Ⅰ", 3: "Ⅱ", 2: "Ⅲ", 1: "Ⅳ"}
LISTED = {
    1: Words("该企业在红名单上", "this enterprise is on the red list"),
    -1: Words("该企业在黑名单上", "this enterprise is on the black list"),
}
UNLISTED = Words("该企业未列入红黑名单", "this enterprise is on no red or black list")
UNGRADED = Words("该企业没有信用等级记录", "no credit grade of this enterprise is on record")


def credit(case: Case, member: Member) -> Said:
    """Return the enterprise's credit grade, or its listing."""
    aggregate, number = member.aggregate, case.number(member)
    assert aggregate is not None
    if aggregate.measure == "listed":
        return Said(*(UNLISTED if number is None else LISTED.get(int(number), UNLISTED)))
    grade = None if number is None else GRADES.get(int(number))
    if grade is None:
        return Said(*UNGRADED)
    return Said(f"该企业信用等级为{grade}级", f"this enterprise has credit grade {grade}")


def age(case: Case, member: Member) -> Said:
    """Return for how long the enterprise has been registered."""
    days = case.number(member)
    if days is None:
        return Said("该企业没有注册日期记录", "no registration of this enterprise is on record")
    told = length(max(days, 0))
    return Said(f"该企业注册{told.zh}", f"this enterprise was registered {told.en} ago")


def warnings(case: Case, member: Member) -> Said:
    """Return the warnings in force, and the gravest level among them."""
    aggregate = member.aggregate
    assert aggregate is not None
    facts, of = case.facts(aggregate), subject(aggregate.key)
    if not len(facts):
        return Said(f"{of.zh}没有有效预警", f"no warning about {of.en} is in force")
    gravest = LEVELS.get(max(fact.measure("grade") for fact in facts), "")
    one, number = len(facts) == 1, f"{len(facts):,}"
    zh = f"{of.zh}有{number}项预警生效中，{'' if one else '最高'}为{gravest}级"
    en = f"{number} warning{' is' if one else 's are'} in force about {of.en}, "
    return Said(zh, f"{en}{'' if one else 'at most '}level {gravest}", facts)
