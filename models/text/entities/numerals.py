"""Chinese numerals as numbers."""

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}


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
    total, digit, unit = 0, None, 10000
    for character in text:
        if character in UNITS:
            if UNITS[character] >= unit or (digit is None and character != "十"):
                return None
            unit = UNITS[character]
            total, digit = total + (1 if digit is None else digit) * unit, None
        elif character in "零〇":
            unit, digit = min(unit, 100), None
        elif character in DIGITS and digit is None:
            digit = DIGITS[character]
        else:
            return None
    last = 0 if digit is None else digit
    return total + last * (unit // 10 if unit > 10 and text[-2] in UNITS else 1)
