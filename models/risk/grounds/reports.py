"""What is said of reports: how many there were of what, about whom, beside what is usual.

They are called complaints (投诉) where all of them, and those they are compared with, came by a
channel of complaints, else reports (风险信息).
"""

from dataclasses import replace
from typing import NamedTuple

from features.aggregates import CATEGORY_LABELS, HALF_LIVES, HAZARD_LABELS, Aggregate
from features.evidence import Asked
from features.measures import CATEGORY, HAZARD
from models.risk.grounds import usual
from models.risk.grounds.case import Case, Said, count
from models.risk.grounds.ground import Member
from models.risk.grounds.usual import Past
from models.risk.grounds.words import Words, extra, length, period, rounded, subject
from models.wording import percent

ONCE = "_once"
RECENT = 90  # days back to which a latest report is told with its number


class Noun(NamedTuple):
    """Reports or complaints, and the word by which they are counted in Chinese."""

    zh: str
    en: str
    unit: str


REPORT, COMPLAINT = Noun("风险信息", "report", "条"), Noun("投诉", "complaint", "起")
KINDS = {
    "": Words("{}", "{}"),
    "relevant": Words("质量安全{}", "quality and safety {}"),
    "severe": Words("涉及严重伤害的{}", "{} of serious harm"),
    "hazardous": Words("指明危害的{}", "{} naming a hazard"),
    "negative": Words("负面{}", "negative {}"),
    "grave": Words(
        "来自实验室、境外通报或伤害事故渠道的{}",
        "{} from laboratories, notices abroad or accidents",
    ),
    "repeated": Words("内容重复的{}", "{} repeating an earlier one"),
    "flood": Words("疑似刷帖的{}", "{} suspected of flooding"),
}
LABELLED = ((HAZARD, HAZARD_LABELS), (CATEGORY, CATEGORY_LABELS))
MEANT = {"severity": "relevant", "credibility": "relevant"}  # whose grades they are


def said(case: Case, member: Member) -> Said:
    """Return what a feature of reports, or of what was read in them, says."""
    aggregate = member.aggregate
    assert aggregate is not None
    if member.formula == "per_declaration":
        return _per_declaration(case, aggregate)
    number = case.number(member)
    if aggregate.how == "days_since" and number is not None:
        return _latest(case, member, days=number)
    if aggregate.how in ("mean", "rate") and number is not None:
        return _average(case, aggregate, number=number)
    window = aggregate.window
    if aggregate.how == "decayed_sum" and window is not None:
        window *= HALF_LIVES
    return _counted(case, count(_meant(aggregate), window=window))


def _meant(aggregate: Aggregate) -> Aggregate:
    """Return an aggregate of the reports whose grades it is of."""
    name, once, _ = (aggregate.measure or "").partition(ONCE)
    return replace(aggregate, measure=MEANT[name] + once) if name in MEANT else aggregate


def _counted(case: Case, aggregate: Aggregate) -> Said:
    facts, past = case.facts(aggregate), usual.past(case, aggregate)
    number = past.now or len(facts)
    complaints = 0 < number == len(facts) and facts.are_complaints
    kind = COMPLAINT if complaints and _were_complaints(case, aggregate, past=past) else REPORT
    noun = _noun(aggregate.measure, kind, number=number)
    of, when = subject(aggregate.key), period(aggregate.window)
    if not number:
        return Said(f"{of.zh}{when.zh}没有{noun.zh}", f"no {noun.en} about {of.en} {when.en}")
    compared = usual.times(past, unit=noun.unit)
    zh = f"{of.zh}{when.zh}{noun.zh}{number:,}{noun.unit}{compared.zh}"
    en = f"{number:,} {noun.en} about {of.en} {when.en}{compared.en}"
    return Said(zh, en, facts)


def _were_complaints(case: Case, aggregate: Aggregate, *, past: Past) -> bool:
    """Return whether what a count is compared with came as complaints too."""
    if not past.before or past.window is None:
        return True
    whole = case.facts(count(aggregate, window=past.window + usual.BEFORE))
    return len(whole) == past.now + past.before and whole.are_complaints


def _noun(measure: str | None, noun: Noun, *, number: int) -> Noun:
    name = (measure or "").removesuffix(ONCE)
    en = noun.en if number == 1 else f"{noun.en}s"
    for prefix, labels in LABELLED:
        if name.startswith(prefix):
            label, of = _label(name.removeprefix(prefix), labels), "类" if noun is REPORT else ""
            return Noun(f"{label.zh}{of}{noun.zh}", f"{label.en} {en}", noun.unit)
    kind = KINDS.get(name, KINDS[""])
    return Noun(kind.zh.format(noun.zh), kind.en.format(en), noun.unit)


def _label(code: str, labels: dict[str, tuple[str, str]]) -> Words:
    """Return what a hazard or a category is called; one of the agency's own in its own words."""
    if code not in labels:
        return extra(code)
    zh, en = labels[code]
    return Words(zh.partition("（")[0], en)


def _latest(case: Case, member: Member, *, days: float) -> Said:
    aggregate = member.aggregate
    assert aggregate is not None
    of, ago = subject(aggregate.key), length(days)
    if days < RECENT:
        whole = _counted(case, count(aggregate, window=RECENT))
        zh, en = f"，最近的距今{ago.zh}", f", the last {ago.en} ago"
        return Said(f"{whole.zh}{zh}", f"{whole.en}{en}", whole.facts)
    facts = case.facts(aggregate)
    kind = COMPLAINT if facts.are_complaints else REPORT
    noun = _noun(aggregate.measure, kind, number=1)
    compared = usual.since(case, member.name, days=days)
    zh = f"{of.zh}最近一{noun.unit}{noun.zh}距今{ago.zh}{compared.zh}"
    en = f"the last {noun.en} about {of.en} came {ago.en} ago{compared.en}"
    return Said(zh, en, facts)


def _average(case: Case, aggregate: Aggregate, *, number: float) -> Said:
    of, when = subject(aggregate.key), period(aggregate.window)
    name = (aggregate.measure or "").removesuffix(ONCE)
    if name == "severity":
        grade = rounded(number)
        zh = f"{of.zh}{when.zh}质量安全风险信息的伤害程度平均{grade}（最高4）"
        en = f"reports about {of.en} {when.en} have a mean severity of {grade} out of 4"
    else:
        one, share = _noun(aggregate.measure, REPORT, number=2), percent(number)
        zh = f"{of.zh}{when.zh}{share}的风险信息为{one.zh}"
        en = f"{share} of reports about {of.en} {when.en} are {one.en}"
    return Said(zh, en, case.facts(aggregate))


def _per_declaration(case: Case, aggregate: Aggregate) -> Said:
    """Say how many reports came on how many declared lines."""
    zh, en, facts = _counted(case, aggregate)
    lines = int(case.tally(Asked("declaration", [aggregate.key], [aggregate.window]))[0, 0, 0])
    if lines <= 0:
        return Said(zh, en, facts)
    return Said(f"{zh}（同期申报{lines:,}项）", f"{en} (on {lines:,} declared lines)", facts)
