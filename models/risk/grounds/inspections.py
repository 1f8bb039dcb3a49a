"""What is said of inspections: how many there were, how many failed, and how many usually do."""

from collections.abc import Sequence
from dataclasses import dataclass

from features.aggregates import Aggregate
from features.contrasts import parents
from features.evidence import Asked
from features.keys import Key
from features.measures import EXTRA
from models.risk.grounds import usual
from models.risk.grounds.case import Case, Said
from models.risk.grounds.ground import Member
from models.risk.grounds.words import NOTHING, Words, extra, length, period, rounded, subject
from models.wording import percent

RECENT = 180  # days back to which a latest failure is told with its number
MEASURES = (None, "fail", "severe_fail")
FEW = 10  # inspections, with fewer no percentage is told


@dataclass(frozen=True)
class Seen:
    """What inspections under a key showed over a window."""

    key: Key
    window: int | None
    number: int
    failed: int
    severely: int


def said(case: Case, member: Member) -> Said:
    """Return what a feature of inspections says; of all the past where its window shows none."""
    aggregate, number = member.aggregate, case.number(member)
    assert aggregate is not None
    if aggregate.how == "days_since" and number is not None:
        return _latest(case, member, days=number)
    if (aggregate.measure or "").startswith(EXTRA) and number is not None:
        return _measured(case, aggregate, number=number)
    if member.formula == "shrunk_rate":
        return _leant(case, _levels(case, aggregate.key, windows=[aggregate.window])[0])
    windows = list(dict.fromkeys((aggregate.window, None)))
    levels = _levels(case, aggregate.key, windows=windows)
    own, *coarser = next((of for of in levels if of[0].number), levels[-1])
    return _shown(case, own, beside=coarser)


def _levels(case: Case, key: Key, *, windows: Sequence[int | None]) -> list[list[Seen]]:
    """Return for each window what was seen under a key, and under the coarser ones."""
    keys = parents(key)
    told = case.tally(Asked("inspection", keys, windows, MEASURES)).clip(0).tolist()
    return [
        [Seen(level, window, *told[k][w]) for k, level in enumerate(keys)]
        for w, window in enumerate(windows)
    ]


def _leant(case: Case, levels: Sequence[Seen]) -> Said:
    """Say what failed under a key; where nothing did, also what failed of the goods it leans on."""
    own = _shown(case, levels[0], beside=levels[1:])
    coarser = next((n for n, level in enumerate(levels) if level.failed), 0)
    if not coarser:
        return own
    other = _shown(case, levels[coarser], beside=levels[coarser + 1 :])
    return Said(f"{own.zh}；{other.zh}", f"{own.en}; {other.en}", other.facts)


def _shown(case: Case, seen: Seen, *, beside: Sequence[Seen], last: Words = NOTHING) -> Said:
    """Say what inspections showed, beside what the next coarser goods show.

    last: what is said of the last failure.
    """
    of, when, number = subject(seen.key), period(seen.window), f"{seen.number:,}"
    if not seen.number:
        return Said(f"{of.zh}{when.zh}没有查验记录", f"no inspections of {of.en} {when.en}")
    facts = case.facts(
        Aggregate("inspection", seen.key, "count", "fail" if seen.failed else None, seen.window)
    )
    if not seen.failed:
        en = f"{number} inspected of {of.en} {when.en}, none failed"
        return Said(f"{of.zh}{when.zh}查验{number}批，全部合格", en, facts)
    part, compared, failed = _part(seen), _compared(seen, beside), f"{seen.failed:,}"
    zh = f"{of.zh}{when.zh}查验{number}批，不合格{failed}批{part.zh}{last.zh}{compared.zh}"
    en = f"{number} inspected of {of.en} {when.en}, {failed} failed{part.en}{last.en}{compared.en}"
    return Said(zh, en, facts)


def _compared(seen: Seen, beside: Sequence[Seen]) -> Words:
    if not beside:
        return NOTHING
    coarser, share = beside[0], seen.failed / seen.number
    return usual.rate(share, failed=coarser.failed, number=coarser.number, of=coarser.key)


def _part(seen: Seen) -> Words:
    """Return which part failed, and how many of them badly, in brackets; nothing of few."""
    share = [percent(seen.failed / seen.number)] if seen.number >= FEW else []
    zh, en = [*share], [*share]
    if seen.severely:
        every, several = seen.severely == seen.failed, seen.failed > 1
        number = f"{seen.severely:,}"
        zh.append(("均为严重" if several else "严重") if every else f"其中严重{number}批")
        en.append(("all seriously" if several else "seriously") if every else f"{number} seriously")
    return Words(f"（{'，'.join(zh)}）", f" ({', '.join(en)})") if zh else NOTHING


def _latest(case: Case, member: Member, *, days: float) -> Said:
    aggregate = member.aggregate
    assert aggregate is not None
    of, ago, failed = subject(aggregate.key), length(days), aggregate.measure == "fail"
    if failed and days < RECENT:
        (levels,) = _levels(case, aggregate.key, windows=[RECENT])
        last = Words(f"，最近一次距今{ago.zh}", f", the last {ago.en} ago")
        return _shown(case, levels[0], beside=levels[1:], last=last)
    compared = usual.since(case, member.name, days=days)
    zh = f"{of.zh}最近一次查验{'不合格' if failed else ''}距今{ago.zh}{compared.zh}"
    en = f"the last {'failed ' if failed else ''}inspection of {of.en} was {ago.en} ago"
    return Said(zh, f"{en}{compared.en}", case.facts(aggregate))


def _measured(case: Case, aggregate: Aggregate, *, number: float) -> Said:
    of, what = subject(aggregate.key), extra(aggregate.measure or "")
    when, told = period(aggregate.window), rounded(number)
    zh = f"{of.zh}{when.zh}查验的{what.zh}平均为{told}"
    en = f"inspections of {of.en} {when.en} have a mean {what.en} of {told}"
    return Said(zh, en, case.facts(aggregate))
