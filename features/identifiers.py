"""Codes that goods, firms and places go by, each checked against its standard.

A code that does not fit is an ``Invalid`` with the value and the remedy; nothing is guessed.
"""

import re
from string import ascii_lowercase, ascii_uppercase

from features.errors import Invalid

CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)  # upper() makes two letters of ß
CREDIT_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_CODE_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
# Department, category, a division code (a province of 11 to 82, or 10 for a ministry), the rest.
CREDIT_CODE_PARTS = (
    r"[1-9A-Y]",
    r"[1-9A-Y]",
    r"1[0-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12]",
    *(r"\d",) * 4,
    *(r"[0-9A-Z]",) * 10,
)
LOOKS_LIKE_CREDIT_CODE = re.compile("".join(f"({part})" for part in CREDIT_CODE_PARTS[:-2]))
OTHER_IDENTIFIER = re.compile(r"\S{1,64}")
HS_LENGTHS = (4, 6, 8, 10, 13)
COUNTRY = re.compile(r"[A-Z]{2,3}|[0-9]{3}")


def credit_code_check_digit(body: str) -> str:
    """Return the 18th character of a unified social credit code (GB 32100-2015, modulus 31).

    >>> credit_code_check_digit("91350100M000100Y4")
    '3'
    """
    values = [CREDIT_CODE_ALPHABET.index(character) for character in body]
    total = sum(v * w for v, w in zip(values, CREDIT_CODE_WEIGHTS, strict=True))
    return CREDIT_CODE_ALPHABET[-total % 31]


def enterprise_id(text: str) -> str:
    """Return the identifier of an enterprise in its canonical form.

    Whatever looks like a unified social credit code (GB 32100-2015), also with one character wrong,
    missing or too many, must be one: 18 characters with a correct check digit. Other identifiers
    (a foreign licence, a study's key) pass as they are, up to 64 characters without white space.

    >>> enterprise_id("91350100m000100y43")
    '91350100M000100Y43'
    """
    identifier = text.strip()
    capitals = identifier.translate(CAPITALS)
    if _looks_like_credit_code(capitals):
        return _credit_code(capitals)
    if not OTHER_IDENTIFIER.fullmatch(identifier) or not identifier.isprintable():
        raise Invalid(f"{text!r} is no identifier; give 1 to 64 characters without white space")
    return identifier


def _looks_like_credit_code(code: str) -> bool:
    """Return whether at most one character keeps a text from the shape of a credit code."""
    if len(code) in (17, 19):
        return LOOKS_LIKE_CREDIT_CODE.match(code) is not None
    parts = (*code[:2], code[2:4], *code[4:])
    fits = map(re.fullmatch, CREDIT_CODE_PARTS, parts)
    return len(code) == 18 and sum(fit is None for fit in fits) <= 1


def _credit_code(code: str) -> str:
    if len(code) != 18 or not set(code) <= set(CREDIT_CODE_ALPHABET):
        raise Invalid(
            f"{code!r} is not a unified social credit code: "
            "18 characters of 0-9 and A-Y without I, O, S, V, Z are needed"
        )
    expected = credit_code_check_digit(code[:17])
    if code[17] != expected:
        raise Invalid(
            f"{code!r} fails the check digit of GB 32100: "
            f"it ends in {code[17]}, {expected} is expected; look for a mistyped character"
        )
    return code


def hs_code(text: str) -> str:
    """Return an HS code as digits only: 4, 6, 8, 10 or 13 of them, chapter 01 to 99.

    >>> hs_code("8516.10.10 00")
    '8516101000'
    """
    digits = re.sub(r"[.\s]", "", text)
    if not re.fullmatch(r"[0-9]+", digits) or len(digits) not in HS_LENGTHS or digits[:2] == "00":
        raise Invalid(
            f"{text!r} is not an HS code; give 4, 6, 8, 10 or 13 digits and keep a leading zero"
        )
    return digits


def country(text: str) -> str:
    """Return a country or region code: ISO 3166 letters (2 or 3) or the customs' 3 digits.

    >>> country("vn")
    'VN'
    """
    code = text.strip().translate(CAPITALS)
    if not COUNTRY.fullmatch(code):
        raise Invalid(f"{text!r} is not a country code; give ISO 3166 letters or 3 customs digits")
    return code
