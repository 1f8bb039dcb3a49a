"""Addresses on networks: e-mail, WeChat and QQ, also by the names that get past a filter."""

import re

from models.text.personal.rule import SAYS, Family, N, Rule, Trigger, after_cue, rule

LATIN = "a-z0-9ａ-ｚ０-９"
AT = r"\s?(?:[@＠]|艾特|[\[(（]at[\])）])\s?"
DOT = r"[.．]"
CHINESE = r"(?:微信|微 信|威信|薇信|卫星(?=号)|扣扣|企鹅|加[vV](?=\s{0,20}[:：]))"
INITIALS = (
    r"[vVwWqQ](?<![a-zA-Z0-9].)"
    r"(?i:(?<=v)(?:信|x|(?=[:：]))|(?<=w)(?:x|echat|eixin)|(?<=q)(?:[ ]?q|(?=群)))"
)
HANDLE = r"(?:[a-z][a-z0-9_-]{4,19}|[a-z][a-z0-9_]{2,3}[0-9]+)(?![a-z0-9_-])"
TELLS = rf"[ ]?(?:号码?|群号?|账号|[ ]?id)?{SAYS}[(（]?\s{{0,20}}"
VALUE = rf"(?:{HANDLE}|{N}{{5,11}}(?![0-9０-９a-z]))"
MAIL = rule(
    rf"(?<![{LATIN}])[{LATIN}][{LATIN}._%+-]{{0,63}}{AT}[{LATIN}][{LATIN}-]{{0,62}}"
    rf"(?:(?:{DOT}[{LATIN}-]{{1,63}}){{0,4}}{DOT}[a-zａ-ｚ]{{2,24}}|[。点](?:com|cn|net|org)(?:{DOT}cn)?)",
    "〔邮箱〕",
)
ACCOUNTS = tuple(
    Rule(re.compile(f"({brand}(?i:{TELLS}))(?i:{VALUE})"), after_cue("〔账号〕"))
    for brand in (CHINESE, INITIALS)
)
FAMILIES = (
    Family(Trigger(r"@＠艾\[(（", r"(?<=[@＠])|(?<=艾)特|(?i:at)[\])）]"), (MAIL,)),
    Family(
        Trigger(
            "a-zA-Z0-9０-９", rf"(?<=[a-zA-Z])(?<![a-zA-Z].)[a-zA-Z0-9_-]{{3}}|(?<!{N}.){N}{{4}}"
        ),
        ACCOUNTS,
    ),
)
