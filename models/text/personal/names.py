"""Names of persons, where a cue gives them: a form's field, 我叫, or a title such as 女士 or 师傅.

Whether characters after a cue are a name is asked of the segmenter: 任何女士 and 施工师傅 name
nobody. A surname alone is masked before a title; the title stays.
"""

import re

from models.text.personal.rule import Family, Rule, Trigger, after_cue, of_words, rule
from models.text.segment import tagged

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭林何高梁郑罗宋谢唐韩曹许邓萧冯曾程蔡彭潘袁董余苏叶吕魏蒋田杜丁沈"
    "姜范江傅钟卢汪戴崔任陆廖姚金丘夏谭韦贾邹石熊孟秦阎薛侯雷龙段郝孔邵史毛贺顾龚严钱陶洪翁庄欧肖尹"
    "赖邱施涂蓝詹阮柯倪牛温芦俞樊葛聂岳齐梅殷童颜庞兰辛管祝左谷舒耿卜纪甘裴祁翟游柴霍闫"
    "万文白方易华安鲁常武乔康覃莫尤章凌鲍解焦柳路骆宁景季裘盛蒲池苗丛党佟麦简古项苟郜卓辜阙阚晏练揭巫沙费卞冼"
    "張劉陳楊黃趙吳孫馬鄭羅謝許鄧馮蕭葉呂蔣鍾鐘盧薑陸韓龍萬錢湯汤賴嚴蘇範賈鄒閻顧龔陶歐莊聶齊顏龐蘭紀關关"
)
# Those that are common words too say nothing alone before a title: 方经理 may be the other side's.
ALONE = "".join(s for s in SURNAMES if s not in "万方易安常路解简党管任祝")
COMPOUNDS = (
    r"(?:欧阳|司马|上官|诸葛|司徒|慕容|皇甫|东方|夏侯|尉迟|公孙|令狐|端木|宇文|长孙|南宫|歐陽|司馬)"
)
COMPOUND = re.compile(COMPOUNDS)
LONGEST = 4  # characters of a name before a title
HAN = r"[\u4e00-\u9fa5]"
FORMS = (
    "姓名|姓 名|姓　名|联系人|聯繫人|聯絡人|联络人|收件人|收货人|寄件人|投诉人|举报人|称呼|购买人"
)
FIELDS = (
    f"{FORMS}|当事人|申请人|反映人|来电人|诉求人|报案人|退款人|消费者|患者|户主|经办人|签收人|"
    "法定代表人|负责人|店员|店长|业主|家长|法人|车主|机主|持卡人|客服"
)
MYSELF = "本人姓名|本人叫|本人|我叫|我的名字叫?|我名叫|我是|我姓名"
TITLES = (
    "先生|女士|小姐|女仕|老师|医生|醫生|经理(?!人)|師傅|师傅|阿姨|大姐|大哥|大爷|大妈|叔叔|律师|护士|教授|"
    r"主任|警官|同志|总(?![\u4e00-\u9fa5](?<![说称不来]))"
)
NONE = "不详|匿名|未知|同上|无名|保密"
FOLLOWED = (
    r"(?=$|[^\u4e00-\u9fa5A-Za-z·]|先生|女士|小姐|反映|投诉|反应|来电|电话|手机|"
    r"于[0-9０-９一二三四五六七八九十昨今上本]|称|说|表示|告诉|身份证|住)"
)
NOT_GOODS = (
    "(?!鞋|表|手|包|装|内|护|香|衬|裤|裙|运动|专用|剃|款|用|帽|袜|外套|围巾|服|毛衣|皮|牛肉|加州|部|衫|"
    "羽绒|连衣|短袖|长袖|旗舰|牌|方便面|连锁|事务所)"
)
BRANDS = frozenset(["康师傅", "钱大妈", "马大姐", "沈师傅", "鲍师傅"])  # not persons
BEFORE = frozenset("找跟由被请问叫")  # a surname alone may follow; no word is made with it
# Words with which the segmenter would name somebody.
NOBODY = re.compile(
    "丁香|鲍鱼|牛肉|龙虾|谢谢|多谢|华为|林肯|高级|高中|金牌|王牌|万科|康师傅|双方|对方|马上|江苏|"
    "江西|苏宁|安踏|李宁|方太|金融|高速|龙头|白色|黄色|黄金|白金|金色|蓝色|"
    "任何|万一|何必|何况|包装|包括|于是|严重|温馨|安全|安排|向来|路过|方便|"
    "方面|常常|文明|简单|武警|莫名|尤其|解决|解释|连续|管理|管家|程序|高管|"
    "盛装|顾客|顾问|白领|白搭|林学|高三|高二|高一|石家|孔二|华裔|正常|管部|"
    "单位|任职|曾说|曾经|曾在|马路|高层"
)
NEVER = frozenset(
    "的了是有在和与及或被把将这那您你我他她它们给对就也都没不向让等吗呢吧个位名副姓说些请男女"
)  # in no name
UNLIKE = re.compile("v|vn|vd|d|p|c|uj?|ul|r|mq?|t|f|y|zg")  # parts of speech of no given name
PINYIN = (
    r"(?:wang|li|zhang|liu|chen|yang|huang|zhao|wu|zhou|xu|sun|ma|zhu|hu|guo|lin|he|gao|liang|zheng|"
    r"luo|song|xie|tang|han|cao|deng|xiao|feng|zeng|cheng|cai|peng|pan|yuan|dong|yu|su|ye|lv|wei|"
    r"jiang|tian|du|ding|shen|fan|zhong|lu|dai|cui|ren|liao|yao|jin|qiu|xia|tan|jia|zou|shi|xiong)"
)


def _is_name(name: str, *, before: str) -> bool:
    """Return whether a surname and what follows are a person's name, by the words they make."""
    if NOBODY.match(name) or not NEVER.isdisjoint(name[1:]):
        return False
    pieces = tagged(before + name)
    at, own = 0, []
    for word, tag in pieces:
        if at >= len(before):
            own.append((word, tag))
        elif at + len(word) > len(before):
            return False
        at += len(word)
    word, tag = own[0]
    if len(own) == 1:
        return len(word) == 1 or tag.startswith("nr") or tag == "x"
    return (len(word) == 1 or COMPOUND.fullmatch(word) is not None or tag == "nr") and all(
        not UNLIKE.fullmatch(tag) or len(word) == 1 for word, tag in own[1:]
    )


def _named(match: re.Match[str]) -> str:
    """Return the token for a name after its cue, which stays."""
    cue, name = match.group("cue"), match.group("name")
    return f"{cue}〔姓名〕" if _is_name(name, before="") else match.group()


def _written(match: re.Match[str]) -> str:
    """Return the token for what a form's field holds, unless its characters are in no name."""
    cue, name = match.group("cue"), match.group("name")
    return f"{cue}〔姓名〕" if NEVER.isdisjoint(name) else match.group()


class Titles:
    """A family that looks back from each title for the name before it, which is replaced."""

    trigger = of_words(TITLES, NOT_GOODS)
    pattern = trigger.pattern

    def mask(self, text: str) -> str:
        """Return the text with a name before each title replaced; the title stays."""
        kept, last = [], 0
        for match in self.pattern.finditer(text):
            end = match.start()
            start = _begin(text, end, first=max(last, end - LONGEST))
            if start < end:
                kept += [text[last:start], "〔姓名〕"]
                last = end
        return "".join([*kept, text[last:]])


def _begin(text: str, end: int, *, first: int) -> int:
    """Return where the longest name that ends before a title begins; ``end`` for none."""
    if text[max(0, end - 1) : end + 2] in BRANDS:
        return end
    for start in range(first, end):
        name = text[start:end]
        known = name[0] in (SURNAMES if len(name) > 1 else ALONE) or COMPOUND.match(name)
        if HANS.fullmatch(name) and known and _is_titled(text, start, end=end):
            return start
    return end


def _is_titled(text: str, start: int, *, end: int) -> bool:
    name = text[start:end]
    if len(name) == 1 and text[max(0, start - 1) : start] in BEFORE:
        return True
    before = text[max(0, start - LONGEST) : start]
    return COMPOUND.fullmatch(name) is not None or _is_name(name, before=before)


HANS = re.compile(f"{HAN}+")
GIVEN = rf"(?:(?!(?:{TITLES})){HAN}){{1,2}}"
FULL = rf"(?:{COMPOUNDS}{GIVEN}|[{SURNAMES}]{GIVEN})"
FOREIGN = rf"{HAN}{{2,7}}(?:·{HAN}{{1,7}})+"
ANY = rf"(?:[{SURNAMES}]|{COMPOUNDS})"
IN_FIELDS = (
    rule(rf"((?:{FIELDS})\s{{0,20}}[:：为是]?\s{{0,20}}){FOREIGN}", after_cue("〔姓名〕")),
    rule(
        rf"(?P<cue>(?:{FORMS})\s{{0,20}}[:：]\s{{0,20}})"
        rf"(?P<name>(?!{NONE}|{HAN}{{0,2}}(?:{TITLES})){HAN}{{2,4}})(?!{HAN})",
        _written,
    ),
    rule(
        rf"(?P<cue>(?:{FIELDS})(?:姓名)?\s{{0,20}}[:：为是]?\s{{0,20}})(?P<name>{FULL}){FOLLOWED}",
        _named,
    ),
)
OF_MYSELF = rule(rf"(?P<cue>(?:{MYSELF})\s{{0,20}})(?P<name>{FULL}){FOLLOWED}", _named)
BESIDE = rule(
    rf"(?P<cue>〔姓名〕[、，,和及/ ])(?P<name>{FULL})(?=$|[^\u4e00-\u9fa5A-Za-z·])", _named
)
IN_LATIN = Rule(
    re.compile(
        r"([Nn](?<![A-Za-z].)(?<!product .)(?<!file .)(?<!brand .)(?<!item .)"
        r"(?i:ame)\s{0,20}[:：]\s{0,20})"
        rf"(?i:{PINYIN} [a-z]+|[a-z]+ {PINYIN})(?![A-Za-z ])",
    ),
    after_cue("〔姓名〕"),
)
FAMILIES = (
    Family(
        of_words(
            f"{FIELDS}|{MYSELF}",
            rf"(?:姓名)?\s{{0,20}}(?:[:：]|[为是]?\s{{0,20}}{ANY}|{HAN}{{2,7}}·)",
        ),
        (*IN_FIELDS, OF_MYSELF),
    ),
    Family(Trigger("〔", "姓名〕[、，,和及/ ]"), (BESIDE,)),
    Family(Trigger("Nn", r"(?<![A-Za-z].)(?i:ame)\s{0,20}[:：]"), (IN_LATIN,)),
    Titles(),
)
