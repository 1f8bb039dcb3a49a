"""Number plates: of cars, also electric, of police, trailers, learners, two systems, embassies."""

import re

from models.text.personal.rule import Family, N, Rule, Trigger, unless_coded

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
LETTER, BOTH = "[A-HJ-NP-Za-hj-np-zＡ-ＨＪ-ＮＰ-Ｚ]", "[A-HJ-NP-Za-hj-np-zＡ-ＨＪ-ＮＰ-Ｚ0-9０-９]"
ANY = "[A-Za-zＡ-Ｚ]"
PLATE = re.compile(
    rf"[{PROVINCES}](?!GB|HS|gb|hs){LETTER}[ ·•.-]?"
    rf"(?=(?:{ANY}*[ ]?{N}){{2}})"
    rf"(?:{BOTH}{{4}}[挂学警港澳领]|{BOTH}[ ]?{BOTH}{{4}}{BOTH}?|{BOTH}{{2}}[ ]{BOTH}{{3}})"
    rf"(?![A-Za-z0-9０-９])(?!\s{{0,20}}(?:元|万元|型))"
)
EMBASSY = re.compile(
    rf"(?<![致促即行大])使[ ·]?(?=[0-3]){N}{{3}}[ ·]?{N}{{3}}(?![0-9０-９元人个万台])"
)
FAMILIES = (
    Family(
        Trigger(PROVINCES, rf"{LETTER}[ ·•.-]?{BOTH}"), (Rule(PLATE, unless_coded("〔车牌〕")),)
    ),
    Family(Trigger("使", rf"[ ·]?{N}{{3}}"), (Rule(EMBASSY, "〔车牌〕"),)),
)
