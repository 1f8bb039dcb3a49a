"""Chinese numerals as numbers."""

import re

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}
ONE = "[一二两三四五六七八九]"
SHAPE = re.compile(rf"(?:({ONE})千)?[零〇]?(?:({ONE})百)?[零〇]?(?:({ONE}?)十)?[零〇]?({ONE})?")


def number(text: str) -> int | None:
    """Return the number that Arabic or Chinese figures below ten thousand tell, or ``None``.

    >>> number("两千三百"), number("十五"), number("二〇二四"), number("三千五"), number("千百")
    (2300, 15, 2024, 3500, None)
    """
    if text.isdecimal():
        return int(text)
    if all(character in DIGITS for character in text):
        return int("".join(str(DIGITS[character]) for character in text)) if text else None
    return _summed(text)


def _summed(text: str) -> int | None:
    found = SHAPE.fullmatch(text)
    if found is None:
        return None
    thousands, hundreds, tens, ones = found.groups()
    total = 1000 * _digit(thousands) + 100 * _digit(hundreds) + _digit(ones)
    total += 10 * (1 if tens == "" else _digit(tens))
    last = text[-2:-1] in UNITS and ones  # 三千五 is 3500
    return total + _digit(ones) * (UNITS[text[-2]] // 10 - 1) if last else total


def _digit(text: str | None) -> int:
    return DIGITS[text] if text else 0
