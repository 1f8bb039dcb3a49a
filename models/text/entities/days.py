"""Days: 2024年3月15日, 3月15日, 昨天, 三天前, 上周五, as the day they mean when a report came in.

A day without a year is the latest that had come by then; a month without a day stays a month.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from features import moments
from models.text.entities import numerals
from models.text.entities.scan import scan

# What may begin a day, by what must follow it: most 一 and 上 of a text begin none.
STARTS = re.compile(
    "[0-9一二两三四五六七八九十半今去前昨大当上这本]"
    r"(?=[0-9〇零一二两三四五六七八九十]*[年月天日周星礼个 的/.-]|\d{7}|[上前晚早晨])"
)
YEAR = r"(?P<year>20\d\d|19\d\d|二[〇零][〇零一二三四五六七八九]{2}|今年|去年|前年)"
TWO = r"\d{1,2}|[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九]"
ABSOLUTE = (
    rf"(?:{YEAR}年?[ 的]?)?(?P<month>{TWO})月(?:份)?[ 的]?(?:(?P<day>{TWO})(?:日|号))?"
    r"|(?<![\d.])(?P<y>20\d\d|19\d\d)(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?![\d])"
    r"|(?<![\da-z])(?P<packed>20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?![\da-z])"
)
AGO = (
    r"(?P<word>大前天|前天|昨天|昨日|昨晚|今天|今日|今早|今晨|当天(?=投诉))"
    r"|(?<!\d)(?P<count>\d{1,3}|[一二两三四五六七八九十]{1,3}|半)个?(?P<unit>天|日|周|星期|礼拜|月|年)(?:之)?前"
    r"|(?P<week>上上|上|这|本)(?:个)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天])"
    rf"|(?P<which>上上|上|这|本)个?月(?:的)?(?P<of>{TWO})(?:日|号)"
)
FORM = re.compile(rf"(?P<ago>{AGO})|{ABSOLUTE}")
WORDS = {"大前天": 3, "前天": 2, "昨天": 1, "昨日": 1, "昨晚": 1}
BACK = {"上上": 2, "上": 1}
YEARS = {"今年": 0, "去年": 1, "前年": 2}
WEEKDAYS = "一二三四五六日"
Tell = Callable[[re.Match[str], date], str | None]


class Day(NamedTuple):
    """A stretch that tells a day, or a month, and it in ISO 8601."""

    start: int
    end: int
    iso: str


def days(text: str, *, received_at: datetime) -> Iterator[Day]:
    """Yield the days that a text of one spelling tells, as of when it was received."""
    today = moments.civil_day(received_at)
    for found in scan(text, STARTS, form=FORM):
        tell = _relative if found["ago"] else _absolute
        iso = _told(tell, found, today=today)
        if iso:
            yield Day(found.start(), found.end(), iso)


def _told(tell: Tell, found: re.Match[str], *, today: date) -> str | None:
    """Return what a match tells; nothing where there is no such day."""
    try:
        return tell(found, today)
    except (ValueError, OverflowError):
        return None


def _absolute(found: re.Match[str], today: date) -> str | None:
    if found["packed"]:
        return date.fromisoformat(found["packed"]).isoformat()
    if found["y"]:
        return date(int(found["y"]), int(found["m"]), int(found["d"])).isoformat()
    month, year = _number(found["month"]), _year(found["year"], today)
    if not found["day"]:
        return date(year, month, 1).strftime("%Y-%m") if year else None
    day = _number(found["day"])
    return (date(year, month, day) if year else _latest(month, day, today=today)).isoformat()


def _year(told: str | None, today: date) -> int:
    if told is None:
        return 0
    return today.year - YEARS[told] if told in YEARS else _number(told)


def _latest(month: int, day: int, *, today: date) -> date:
    """Return the latest such day that is not after today; 29 February of a leap year."""
    for year in range(today.year, today.year - 8, -1):
        if month == 2 and day == 29 and year % 4:
            continue
        if date(year, month, day) <= today:
            return date(year, month, day)
    raise ValueError


def _relative(found: re.Match[str], today: date) -> str | None:
    if found["word"]:
        return (today - timedelta(days=WORDS.get(found["word"], 0))).isoformat()
    if found["unit"]:
        return _before(found, today)
    if found["weekday"]:
        wanted = WEEKDAYS.index(found["weekday"].replace("天", "日"))
        monday = today - timedelta(days=today.weekday() + 7 * BACK.get(found["week"], 0))
        return (monday + timedelta(days=wanted)).isoformat()
    month = _months_back(today, BACK.get(found["which"], 0))
    return month.replace(day=_number(found["of"])).isoformat()


def _before(found: re.Match[str], today: date) -> str | None:
    """Return the day some days or weeks ago; the month some months ago, the year some years."""
    half = found["count"] == "半"
    count = 0 if half else _number(found["count"])
    if found["unit"] in ("天", "日"):
        return None if half else (today - timedelta(days=count)).isoformat()
    if found["unit"] == "月":
        there = today - timedelta(days=15)
        return there.isoformat() if half else _months_back(today, count).strftime("%Y-%m")
    if found["unit"] == "年":
        return _months_back(today, 6).strftime("%Y-%m") if half else f"{today.year - count:04d}"
    return None if half else (today - timedelta(weeks=count)).isoformat()


def _months_back(today: date, count: int) -> date:
    months = today.year * 12 + today.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def _number(text: str) -> int:
    told = numerals.number(text)
    if told is None:
        raise ValueError(text)
    return told
