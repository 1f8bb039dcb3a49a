"""Personal data goes before anything is stored: phones, identity numbers, cards, names, addresses.

Each pattern is as narrow as its kind allows, checked by check digit where there is one, so that HS
codes, batch numbers, amounts, dates and credit codes stay. What is masked becomes a token such as
``〔电话〕``; masking twice changes nothing.
"""

import re
from collections.abc import Callable

IDENTITY_WEIGHTS = tuple(pow(2, 17 - i, 11) for i in range(17))
IDENTITY_CHECKS = "10X98765432"
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
# Common surnames that are not also common words before 先生: 和, 于, 时, 成 and the like stay out.
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁董余苏叶吕魏蒋田杜丁沈"
    "姜范江傅钟卢汪戴崔任陆廖姚金丘夏谭韦贾邹石熊孟秦阎薛侯雷龙段郝孔邵史毛贺顾龚严钱陶洪翁庄欧肖尹"
    "赖邱施涂蓝詹阮柯倪严牛温芦俞樊葛聂岳齐梅殷童颜庞兰辛管祝左涂谷舒耿卜纪甘裴祁翟游柴霍翁闫"
)
CARD_ISSUER = re.compile(r"62|60|4|5[1-5]|35")
HALF = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789XX")


def mask(text: str) -> str:
    """Return the text with personal data replaced by tokens; an empty text stays empty.

    >>> mask("联系人：王小明，电话13812345678，批号20240301A")
    '联系人：〔姓名〕，电话〔电话〕，批号20240301A'
    """
    masked = _masked(text)
    while masked != text:
        text, masked = masked, _masked(masked)
    return masked


def _masked(text: str) -> str:
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    return text


def _digits(text: str) -> str:
    """Return the digits (and a final X) of a text in half width."""
    return re.sub(r"[^0-9X]", "", text.upper().translate(HALF))


def is_identity(text: str) -> bool:
    """Return whether 18 characters are a citizen's identity number (GB 11643 check digit).

    >>> is_identity("11010519491231002X")
    True
    """
    number = _digits(text)
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
    number = _digits(text)
    if not (number.isdigit() and 16 <= len(number) <= 19 and CARD_ISSUER.match(number)):
        return False
    doubled = (int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(number)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


Replacement = str | Callable[[re.Match[str]], str]


def _if(check: Callable[[str], bool], token: str) -> Callable[[re.Match[str]], str]:
    """Return a replacement for what passes the check and is not named as a code."""

    def replace(match: re.Match[str]) -> str:
        coded = CODE_CUE.search(match.string[max(0, match.start() - 12) : match.start()])
        return match.group() if coded or not check(match.group()) else token

    return replace


def _any_digits(text: str) -> bool:
    return bool(text)


def _rule(pattern: str, replacement: Replacement) -> tuple[re.Pattern[str], Replacement]:
    return re.compile(pattern, re.IGNORECASE), replacement


N, START, STOP = r"[0-9０-９]", r"(?<![0-9０-９a-z.])", r"(?![0-9０-９a-z])"
GAP, SAYS = r"[ \-－—]?", r"\s*(?:[:：]|是|为|叫)?\s*"
CODE_CUE = re.compile(
    r"(?:批号|批次|批次号|货号|型号|编号|编码|单号|订单号?|订单编号|条码|条形码|税号|发票号码?|报关单号?|"
    r"序列号|车架号|流水号|案号|文号|lot|batch|s/?n|no\.?|hs|hs编码)\s*[:：#为是]?\s*$",
    re.IGNORECASE,
)
ROOM = rf"{N}{{2,5}}\s*(?:室|房|户)?(?![0-9０-９年款元个人月])"
UNIT = rf"{N}{{1,2}}\s*单元"
BUILDING = rf"(?:{N}{{1,3}}\s*(?:号楼|栋|幢)|[A-Z]座)"
HOUSE = rf"{N}{{1,5}}(?:-{N}{{1,4}})?号(?!线|桥|门|文|令|通知|公告|机|车|台|井|油)"
INSIDE = rf"(?:\s*(?:{BUILDING}|{UNIT}|{N}{{1,2}}(?:层|楼)|{ROOM}))"
NOT_GOODS = r"(?!鞋|表|手|包|装|内|护|香|衬|裤|裙|运动|专用|剃|款|用|帽|袜|外套|围巾|服|毛衣|皮)"
NAME = r"[\u4e00-\u9fa5·]"

RULES = (
    _rule(r"[a-z0-9._%+-]+[@＠][a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}", "〔邮箱〕"),
    _rule(rf"{START}[1-8１-８]{N}{{16}}[0-9０-９XＸ]{STOP}", _if(is_identity, "〔证件号〕")),
    _rule(
        rf"{START}(?:{N}{{16,19}}|{N}{{4}}(?:[ -]{N}{{4}}){{3}}(?:[ -]{N}{{1,3}})?){STOP}",
        _if(is_bank_card, "〔银行卡〕"),
    ),
    _rule(
        rf"((?<![a-z0-9])(?:微信|vx|wechat|qq|扣扣)(?:号码?|群|id)?{SAYS})[a-z0-9][a-z0-9_-]{{4,19}}(?![a-z0-9_-])",
        r"\1〔账号〕",
    ),
    _rule(
        rf"{START}(?:[+＋]?(?:86|８６){GAP})?[1１][3-9３-９]{N}{GAP}{N}{{4}}{GAP}{N}{{4}}{STOP}",
        _if(_any_digits, "〔电话〕"),
    ),
    _rule(
        rf"{START}(?:[(（]0{N}{{2,3}}[)）] ?|0{N}{{2,3}}[-－— ])[2-9２-９]{N}{{6,7}}"
        rf"(?:[-－转]{N}{{1,4}})?{STOP}",
        _if(_any_digits, "〔电话〕"),
    ),
    _rule(
        rf"{START}[0０](?:10|2{N}|[3-9]{N}{{2}})[2-9２-９]{N}{{7}}{STOP}",
        _if(_any_digits, "〔电话〕"),
    ),
    _rule(
        rf"((?:电话|手机|座机|致电|联系方式)(?:号码?)?{SAYS})(?:0{N}{{2,3}})?[2-9]{N}{{6,7}}{STOP}",
        r"\1〔电话〕",
    ),
    _rule(
        rf"(?-i:[{PROVINCES}](?!GB|HS)[A-HJ-NP-Z][·•]?(?=(?:[A-Z]*[0-9]){{2}})"
        r"[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳](?![A-Za-z0-9]))",
        "〔车牌〕",
    ),
    _rule(rf"(?<=[路街道巷弄村里]){HOUSE}{INSIDE}*", "〔地址〕"),
    _rule(rf"{BUILDING}\s*(?:{UNIT}(?:\s*{ROOM})?|{ROOM})", "〔地址〕"),
    _rule(
        rf"((?:姓名|联系人|收件人|收货人|投诉人|举报人|当事人|本人叫|我叫)\s*[:：为是]?\s*)"
        rf"[{SURNAMES}]{NAME}{{1,2}}(?![\u4e00-\u9fa5])",
        r"\1〔姓名〕",
    ),
    _rule(
        rf"((?:姓名|联系人|收件人|收货人|投诉人|举报人)\s*[:：]\s*){NAME}{{2,4}}(?![\u4e00-\u9fa5])",
        r"\1〔姓名〕",
    ),
    _rule(
        rf"(?:欧阳|司马|上官|诸葛|[{SURNAMES}]){NAME}{{0,2}}?(?=(?:先生|女士|小姐){NOT_GOODS})",
        "〔姓名〕",
    ),
)
