"""What is published of a day's draw after the day, and the checks that anyone can make of it.

The checks need the file alone: no store, and no secret but the one that the file reveals. What a
file alone cannot tell is whether a line was left out; who declared it looks for it there.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal, NamedTuple

from pydantic import AwareDatetime, Field, StringConstraints

from features import moments
from features.fields import Probability
from features.reasons import Lane
from features.records import Part
from models.inspection.draws import draw, inspectors
from models.inspection.draws.inspectors import Job
from models.inspection.draws.roster import Kind, Roster, parse

FORMAT: Literal["yujing-draw/1"] = "yujing-draw/1"
FEW = 5  # faults that a check names
TOLERANCE = 1e-9  # of a chance: others may add in another order
ALGORITHM = {
    "zh": "当日密钥的 SHA-256 为事前公布的承诺。商品项的号码：以密钥（32 字节）对 declaration_id"
    "（UTF-8）作 HMAC-SHA256，取前 8 字节为大端整数，右移 11 位，除以 2 的 53 次方；"
    "号码小于 inclusion_probability 即查验，否则放行。查验人员的号码：对 inspector 一词、"
    "一个字节 FF、declaration_id 三者相连作同样计算；各人概率按 inspector_id 的顺序首尾相接，"
    "号码落在谁的区间即派谁。概率为九成按剩余工时、一成在可派人员中平分；均无剩余工时则平分。"
    "派员次序：assigned_at、decided_at、declaration_id。",
    "en": "The SHA-256 of the day's secret is the commitment that was published before. A line's "
    "number: HMAC-SHA256 with the secret (32 bytes) of the declaration_id (UTF-8), its first 8 "
    "bytes as a big-endian integer, shifted right by 11 bits, divided by 2 to the 53rd; the line "
    "is inspected where that is below its inclusion_probability, else released. The number of its "
    "inspector: the same of the word inspector, a byte FF and the declaration_id; the chances "
    "stand side by side in the order of inspector_id, and whose the number falls on is sent. "
    "Chances go by the hours left in nine tenths and are equal among the eligible in one tenth; "
    "all equal where no hours are left. Order of assignments: assigned_at, decided_at, "
    "declaration_id.",
}
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Number = Annotated[float, Field(ge=0, lt=1)]


@dataclass(frozen=True, slots=True)
class Line:
    """A decision as it is published; a day may have a million, so it is no record."""

    declaration_id: str
    decision_id: str
    decided_at: AwareDatetime
    inclusion_probability: Probability
    draw: Number
    lane: Lane


class Goods(NamedTuple):
    """What decides who may inspect a line; told only where a roster is published too."""

    port: str | None
    hs_code: str | None
    enterprise_id: str
    manufacturer_id: str | None


@dataclass(frozen=True, slots=True)
class Sent:
    """An assignment as it is published."""

    decision_id: str
    declaration_id: str
    assigned_at: AwareDatetime
    inspector_id: str | None
    draw: Number
    chances: dict[str, Probability]
    hours: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    roster_version: str
    reason: str | None = None
    goods: Goods | None = None


@dataclass(frozen=True, slots=True)
class RosterFile:
    """A roster's own text, from which its hash and its entries follow."""

    kind: Kind
    text: str


class Published(Part):
    """Everything of a day's draw; ``committed_at`` is when a plan first carried the commitment."""

    format: Literal["yujing-draw/1"]
    day: date
    commitment: Hash
    committed_at: AwareDatetime | None
    published_at: AwareDatetime
    algorithm: dict[str, str]
    secret: Hash
    rosters: tuple[RosterFile, ...]
    decisions: tuple[Line, ...]
    assignments: tuple[Sent, ...]


class Noted(NamedTuple):
    """What somebody wrote down before the day; ``None`` where he did not."""

    commitment: str | None = None
    roster_sha256: str | None = None


NOTHING = Noted()


@dataclass(frozen=True)
class Check:
    """A check in both languages: of how many things, how many failed, and the first of these."""

    zh: str
    en: str
    count: int
    failed: int
    faults: tuple[str, ...]


def checks(
    file: Published, noted: Noted = NOTHING, *, tell: Callable[[float], None] = lambda _: None
) -> list[Check]:
    """Return every check of a file. A count of 0 says that there was nothing to check.

    tell: is told the share done, 0 to 1. ``Invalid`` where a roster in the file cannot be read.
    """
    secret = bytes.fromhex(file.secret)
    rosters = [parse(r.text, r.kind, name="roster in the file") for r in file.rosters]
    known = {roster.version: roster for roster in rosters}
    drawn = {line.decision_id: line for line in file.decisions if line.lane != "release"}
    numbered = _told(file.decisions, tell)
    sent = file.assignments
    return [
        _check(("承诺", "commitment"), _commitment(file, noted)),
        _check(("承诺在先", "commitment before the first decision"), _before(file, noted)),
        _check(("当日决定", "decided on that day"), _of_day(file)),
        _check(("商品项号码", "numbers of lines"), (_number(line, secret) for line in numbered)),
        _check(("通道与号码相符", "lane agrees with the number"), map(_lane, file.decisions)),
        _check(("每项只决定一次", "each line decided once"), _once(file.decisions)),
        _check(("每个查验项派员一次", "each drawn line assigned once"), _assigned(sent, drawn)),
        _check(("人员号码", "numbers of inspectors"), (_number(one, secret) for one in sent)),
        _check(("抽中的人员", "who was drawn"), map(_who, sent)),
        _check(("花名册", "rosters"), _rosters(file, known, noted=noted)),
        _check(("人员概率", "chances of inspectors"), _chances(file, known, drawn=drawn)),
    ]


def _check(name: tuple[str, str], findings: Iterable[str | None]) -> Check:
    """Return a check of findings, each ``None`` or what is wrong."""
    found = list(findings)
    faults = [fault for fault in found if fault is not None]
    return Check(*name, len(found), len(faults), tuple(faults[:FEW]))


def _told(lines: Sequence[Line], tell: Callable[[float], None]) -> Iterator[Line]:
    step = max(len(lines) // 100, 1)
    for place, line in enumerate(lines):
        if place % step == 0:
            tell(place / len(lines))
        yield line


def _differs(name: str, found: object, *, right: object) -> str | None:
    return None if found == right else f"{name}: {found}，应为 should be {right}"


def _commitment(file: Published, noted: Noted) -> Iterator[str | None]:
    right = draw.commitment(bytes.fromhex(file.secret))
    yield _differs("文件中的承诺 commitment of the file", file.commitment, right=right)
    if noted.commitment is not None:
        yield _differs("事先记下的承诺 commitment noted before", noted.commitment, right=right)


def _before(file: Published, noted: Noted) -> Iterator[str | None]:
    if not file.decisions:
        return
    first, at = min(line.decided_at for line in file.decisions), file.committed_at
    if at is None:
        unknown = (
            "没有计划载有承诺，也未给出事先记下的承诺 no plan carried it, and none was noted before"
        )
        yield unknown if noted.commitment is None else None
    elif at > first:
        late = "承诺晚于首条指令 the commitment came after the first decision"
        yield f"{late}: {at.isoformat()} > {first.isoformat()}"
    else:
        yield None


def _of_day(file: Published) -> Iterator[str | None]:
    day = file.day.isoformat()
    start, end = moments.start(day, "day"), moments.end(day, "day")
    for line in file.decisions:
        if start <= line.decided_at < end:
            yield None
        else:
            yield f"{line.decision_id}: {line.decided_at.isoformat()} 不在当日 is not on {day}"


def _number(one: Line | Sent, secret: bytes) -> str | None:
    number = draw.draw if isinstance(one, Line) else draw.inspector
    return _differs(one.decision_id, one.draw, right=number(secret, one.declaration_id))


def _lane(line: Line) -> str | None:
    drawn = line.draw < line.inclusion_probability
    if drawn == (line.lane != "release"):
        return None
    right = "应查验 should be inspected" if drawn else "应放行 should be released"
    sign = "<" if drawn else "≥"
    return (
        f"{line.decision_id}: {line.lane}，{line.draw} {sign} {line.inclusion_probability}，{right}"
    )


def _once(lines: Sequence[Line]) -> Iterator[str | None]:
    times = Counter(line.declaration_id for line in lines)
    decisions = Counter(line.decision_id for line in lines)
    for line in lines:
        if times[line.declaration_id] == decisions[line.decision_id] == 1:
            yield None
        else:
            yield f"{line.decision_id}: 重复 the line or the decision is there more than once"


def _assigned(sent: Sequence[Sent], drawn: Mapping[str, Line]) -> Iterator[str | None]:
    """Return a finding for each drawn line and each assignment; none where none was made.

    A line for which nobody was found may be drawn again with another roster, until somebody is.
    """
    found = Counter(one.decision_id for one in sent if one.inspector_id is not None)
    tried = {one.decision_id for one in sent}
    for name in drawn if sent else ():
        times = found[name] or int(name in tried)
        yield _differs(f"{name} 派员次数 assignments", times, right=1)
    for one in sent:
        line = drawn.get(one.decision_id)
        fits = line is not None and line.declaration_id == one.declaration_id
        yield None if fits else f"{one.decision_id}: 并非查验项却派员 assigned, but no drawn line"


def _who(one: Sent) -> str | None:
    whole = math.fsum(one.chances.values())
    if one.chances and not math.isclose(whole, 1, abs_tol=TOLERANCE):
        return _differs(f"{one.decision_id} 概率之和 sum of chances", whole, right=1)
    right = inspectors.drawn(one.chances, one.draw)
    return _differs(one.decision_id, one.inspector_id, right=right)


def _rosters(file: Published, known: Mapping[str, Roster], *, noted: Noted) -> Iterator[str | None]:
    told, before = {roster.sha256 for roster in known.values()}, {noted.roster_sha256} - {None}
    if before:
        for one in sorted(told - before):
            yield f"{one}: 事先未记下 this roster was not noted before"
        for other in before:
            yield None if other in told else f"{other}: 不在文件中 this roster is not in the file"
    for version in sorted({sent.roster_version for sent in file.assignments} if known else ()):
        yield None if version in known else f"{version}: 不在文件中 this roster is not in the file"


def _chances(
    file: Published, known: Mapping[str, Roster], *, drawn: Mapping[str, Line]
) -> Iterator[str | None]:
    """Return a finding for each assignment of a drawn line whose roster the file has."""
    done: Counter[str] = Counter()
    for line, one in _in_order(file.assignments, drawn):
        if one.roster_version in known:
            roster = known[one.roster_version]
            yield _chance(line, one, roster=roster, day=file.day, done=done)
        inspectors.count(done, one.inspector_id, hours=one.hours)


def _in_order(sent: Iterable[Sent], drawn: Mapping[str, Line]) -> list[tuple[Line, Sent]]:
    """Return assignments with their lines in the order in which they were made."""
    pairs = [(drawn[one.decision_id], one) for one in sent if one.decision_id in drawn]
    return sorted(pairs, key=lambda p: (p[1].assigned_at, p[0].decided_at, p[0].declaration_id))


def _chance(
    line: Line, one: Sent, *, roster: Roster, day: date, done: Mapping[str, int]
) -> str | None:
    if one.goods is None:
        return f"{one.decision_id}: 未公布口岸与商品 its port and goods are not published"
    job = Job(line.decision_id, line.declaration_id, line.decided_at, line.lane, *one.goods)
    right = inspectors.chances(inspectors.eligible(job, roster, day=day), done)
    same = right.keys() == one.chances.keys() and all(
        math.isclose(right[name], one.chances[name], abs_tol=TOLERANCE) for name in right
    )
    return None if same else _differs(one.decision_id, one.chances, right=right)
