"""Numbers of persons: telephones, identity documents and payment cards.

A number is masked for its form and check digit, or because a word before it says what it is.
"""

import re

from models.text.personal.rule import (
    BEGINS,
    SAYS,
    STOP,
    Family,
    N,
    Rule,
    Trigger,
    after_cue,
    digits,
    rule,
    unless_coded,
)

IDENTITY_WEIGHTS = tuple(pow(2, 17 - i, 11) for i in range(17))
IDENTITY_CHECKS = "10X98765432"
CARD_ISSUER = re.compile(r"62|60|4|5[1-5]|35")
GAP = r"[ \-－—–_.·]?"
SPLIT = r"[ \-－—–]"
ZERO = r"[0-9０-９oO〇]"  # a digit, or a letter written for nought
COUNTED = r"(?!\s{0,20}(?:元|件|万|亿|美元|支(?!付)|个(?!人)))"
PRICED = r"(?<![￥¥$＄共].)"
SPOKEN = "[〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖]"
AREA = rf"(?:[1１][0０]|[2２]{N}|[3-9３-９]{N}{{2}})"  # without its zero
LOCAL = rf"[2-9２-９]{N}{{2,3}}{SPLIT}?{N}{{4}}"
EXTENSION = (
    rf"(?:\s{{0,20}}(?:转分机|转|分机|ext\.?|[-－])\s{{0,20}}{N}{{1,5}}"
    rf"|\s{{0,20}}[(（](?:转|分机){{1,2}}{N}{{1,5}}[)）])?"
)
SIGN = r"(?:号码?|號碼?)?"
CALLED = rf"(?:电话|電話|手机|座机|固话|致电|传真|联系方式|回电|总机){SIGN}{SAYS}"
PAPERS = rf"(?:身份证|身份證|身分证|身分證|公民身份|证件|證件|驾驶证|驾照|行驶证){SIGN}{SAYS}"
PASSES = rf"(?:通行证|回乡证|台胞证|居留证|居住证|军官证|士兵证|警官证)\s{{0,20}}{SIGN}{SAYS}"
CARDS = (
    r"(?:银行卡|储蓄卡|信用卡|借记卡|卡号|银行账号|银行帐号|收款账号|收款账户|退款账户|退款账号|账户|账号)"
    rf"{SIGN}{SAYS}"
)


def is_identity(text: str) -> bool:
    """Return whether 18 characters are a citizen's identity number (GB 11643 check digit).

    >>> is_identity("11010519491231002X")
    True
    """
    number = digits(text)
    if len(number) != 18 or not number[:17].isdigit():
        return False
    month, day = int(number[10:12]), int(number[12:14])
    if number[6:8] not in {"18", "19", "20"} or not (1 <= month <= 12 and 1 <= day <= 31):
        return False
    total = sum(int(d) * w for d, w in zip(number, IDENTITY_WEIGHTS, strict=False))
    return number[17] == IDENTITY_CHECKS[total % 11]


def is_bank_card(text: str) -> bool:
    """Return whether 16 to 19 digits are a payment card's number (ISO/IEC 7812, Luhn).

    >>> is_bank_card("6222 0000 0000 0007")
    False
    """
    number = digits(text)
    if not (number.isdigit() and 16 <= len(number) <= 19 and CARD_ISSUER.match(number)):
        return False
    doubled = (int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(number)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _has_country(text: str) -> bool:
    return digits(text).removeprefix("00").startswith("86")


MOBILE = (
    rf"[1１]{PRICED}(?={GAP}[3-9３-９])(?:"
    rf"{N}{{2}}{GAP}{ZERO}{{4}}{GAP}{ZERO}{{4}}"
    rf"|{N}{{3}}{GAP}{N}{{3}}{GAP}{N}{{4}}"
    rf"|{N}{{2}}(?:{SPLIT}{N}{{2}}){{4}}"
    rf"|(?:[ ]{N}){{10}})"
    rf"{STOP}{COUNTED}"
)
IDENTITIES = (
    rule(
        rf"[1-8１-８]{BEGINS}{N}{{5}}{SPLIT}?{N}{{8}}{SPLIT}?{N}{{3}}[0-9０-９XＸ]{STOP}",
        unless_coded("〔证件号〕", is_identity),
    ),
    rule(
        rf"({PAPERS}){N}{{6}}{SPLIT}?"
        rf"(?:{N}{{8}}{SPLIT}?{N}{{3}}[0-9０-９XＸ]|{N}{{6}}{SPLIT}?{N}{{3}}){STOP}",
        after_cue("〔证件号〕"),
    ),
    rule(
        rf"({PASSES})(?:[a-z]{{0,3}}{N}{{7,12}}{STOP}|[\u4e00-\u9fa5]字第?{N}{{5,8}}号?)",
        after_cue("〔证件号〕"),
    ),
)
PASSPORT = rule(
    rf"((?:护照|護照|passport)\s{{0,20}}(?:号码?|no\.?)?{SAYS})[a-z]{{1,2}}{N}{{7,8}}{STOP}",
    after_cue("〔证件号〕"),
)
PAYMENTS = (
    rule(
        rf"{N}{BEGINS}(?:{N}{{15,18}}|{N}{{3}}(?:[ \-－]{N}{{4}}){{3}}"
        rf"(?:[ \-－]{N}{{1,3}})?){STOP}",
        unless_coded("〔银行卡〕", is_bank_card),
    ),
    rule(rf"({CARDS})[3-6３-６](?:[ -]?{N}){{14,18}}{STOP}", after_cue("〔银行卡〕")),
)
TELEPHONES = (
    rule(
        rf"[(（]{BEGINS}[+＋0０6６8８]{{2,5}}[)）]{GAP}{MOBILE}",
        unless_coded("〔电话〕", _has_country),
    ),
    rule(
        rf"[+＋0０8８]{BEGINS}[+＋0０6６8８]{{1,4}}{GAP}{MOBILE}",
        unless_coded("〔电话〕", _has_country),
    ),
    rule(MOBILE.replace(PRICED, BEGINS + PRICED), unless_coded("〔电话〕")),
    rule(
        rf"[(（]{BEGINS}[0０]{AREA}[)）][ ]?{LOCAL}{EXTENSION}{STOP}",
        unless_coded("〔电话〕"),
    ),
    rule(
        rf"[0０]{BEGINS}(?:{AREA}[-－—–/ ]{LOCAL}|[3-9３-９]{N}{{2}}{LOCAL}"
        rf"|(?:[1１][0０]|[2２]{N})[2-9２-９]{N}{{3}}{SPLIT}?{N}{{4}}){EXTENSION}{STOP}",
        unless_coded("〔电话〕"),
    ),
    rule(
        rf"((?:{CALLED}))(?!400|800)(?:[0０]{AREA})?{LOCAL}{EXTENSION}{STOP}{COUNTED}",
        after_cue("〔电话〕"),
    ),
    Rule(
        re.compile(rf"([tTpP](?i:el|hone){SIGN}{SAYS})(?!400|800){LOCAL}(?i:{EXTENSION}{STOP})"),
        after_cue("〔电话〕"),
    ),
)
SPOKEN_TRIGGER = Trigger(
    "一幺壹",
    rf"(?<!{SPOKEN}.)[ ]?[三四五六七八九叁肆伍陆柒捌玖](?:[ \-]?{SPOKEN}){{9}}(?!{SPOKEN})",
)
SPOKEN_TELEPHONE = Rule(SPOKEN_TRIGGER.pattern, "〔电话〕")
FAMILIES = (
    Family(
        Trigger("0-9０-９", rf"(?<!{N}.)(?:{GAP}[)）]?{GAP}{ZERO}){{6}}"),
        (*IDENTITIES, *PAYMENTS, *TELEPHONES),
    ),
    Family(Trigger("A-Za-z", f"{N}{{7}}"), (PASSPORT,)),
    Family(SPOKEN_TRIGGER, (SPOKEN_TELEPHONE,)),
)
