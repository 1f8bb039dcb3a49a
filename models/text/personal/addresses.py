"""Addresses below street level: houses, buildings, units, floors and rooms, in towns and villages.

The street, the estate or the village stays, since it tells where goods are sold.
"""

from models.text.personal.rule import Family, N, Trigger, after_cue, rule

NUMERAL = "[0-9０-９一二三四五六七八九十百零〇]"
SOME = rf"{NUMERAL}{{1,5}}"
DASH = r"[\-－—]"
BEGINNING = "[A-Za-z甲乙丙丁附0-9０-９一二三四五六七八九十百零〇]"
ROADS = "路街道巷弄村镇乡里厝庄屯组同"
NOT_ROADS = r"(?<![国省县]道)(?<![这那哪家店屋手县市村区校厂场城店]里)"
ESTATES = "区园苑庭府寓墅村城厦邸居寨坊里"
NOT_HOUSE = (
    "(?!线|汽|柴|推|桥|门(?!牌|口)|文|令|通知|公告|机|车|台|井|油|桌|店(?!面|铺)|柜|窗|站|厅|仓|坑|晚|早|上午|"
    "下午|到|以|开|前|之前|后|之后|支|样|楼|院|、)"
)
HOUSE = rf"[甲乙丙丁附]?{SOME}(?:{DASH}{SOME})?号{NOT_HOUSE}(?:之{SOME}|[附甲乙]{SOME}号?)?"
UNITS = r"年款元个人月日天多余台件名位家间度米万千百%块斤克公平分条套袋瓶只次"
BARE = rf"{N}{{3,4}}(?![0-9０-９.]|[{UNITS}])"
ROOM = (
    rf"(?:{SOME}\s?(?:室|房(?!间|\s?[0-9一二两三]厅)|户)|{BARE}"
    rf"|[一二三四五六七八九零〇]{{3,4}}(?!{NUMERAL}|[{UNITS}]))"
)
FLOOR = rf"(?:{SOME}\s?(?:层|楼(?!房|道|盘)))"
UNIT = rf"(?:{SOME}\s?(?:单元|梯|门(?=\s?{NUMERAL})))"
BUILDING = (
    rf"(?!一[座栋幢])(?:[甲乙丙丁]?{SOME}\s?(?:号楼|号院|栋|幢|座(?!位))"
    rf"|(?<!{N}){N}{{1,2}}\s?#楼?|[A-Z](?:座|栋|幢)|[A-Z]区(?={SOME}[幢栋座号])"
    rf"|{SOME}期(?=\s?{SOME}(?:栋|幢|座|号楼)))"
)
TIED = rf"(?:之{SOME})?"
INSIDE = rf"(?:\s?(?:{BUILDING}|{UNIT}|{FLOOR}|{ROOM}))"
ON = rf"(?:[\u4e00-\u9fa5]{{2,8}}?(?={BEGINNING})(?={BUILDING}))?"
VILLAGE = (
    rf"(?:{SOME}组|村民小组{SOME}组?|[\u4e00-\u9fa5]{{1,2}}厝(?={HOUSE}))(?:{HOUSE}{INSIDE}*)?"
)
ROAD = rf"(?:{SOME}弄(?:{SOME}支弄)?(?:{HOUSE})?|{HOUSE}|{BUILDING}){ON}{INSIDE}*{TIED}"
ESTATE = rf"(?:{SOME}期\s?)?{BUILDING}(?!{SOME}年|\s?楼){INSIDE}*{TIED}"
HOUSES = rule(
    rf"([{ROADS}{ESTATES}]\s?)(?={BEGINNING}|村民|[\u4e00-\u9fa5]{{1,2}}厝)"
    rf"(?:(?<=村){VILLAGE}|(?<=[{ROADS}]){NOT_ROADS}{ROAD}"
    rf"|(?:(?<=[{ESTATES}])|(?<=[{ESTATES}]\s)){ESTATE})",
    after_cue("〔地址〕"),
)
BUILDINGS = rule(
    rf"{BUILDING}(?:\s?{BUILDING})?\s?"
    rf"(?:{UNIT}(?:\s?{FLOOR})?(?:\s?{ROOM})?|{FLOOR}\s?{ROOM}|{ROOM}|{FLOOR})",
    "〔地址〕",
)
DASHED = rule(
    rf"([{ESTATES}]\s?){N}{{1,3}}#?(?:{DASH}{N}{{1,3}})?{DASH}{N}{{3,4}}(?![0-9０-９年月日元平户居㎡米m])",
    after_cue("〔地址〕"),
)
FLOORS = (
    rule(rf"{FLOOR}\s?{SOME}\s?(?:室|房(?!间)|户)", "〔地址〕"),
    rule(rf"({N}{{1,2}})(?:楼|层)\1{N}{{2}}(?![0-9０-９.]|[{UNITS}])", "〔地址〕"),
)
BESIDE = rule(rf"〔地址〕(?:\s?{INSIDE})+", "〔地址〕")
# Each looks for the characters at which a rule's numbers end: those are rarer than numerals.
FAMILIES = (
    Family(
        Trigger(
            "号弄组栋幢座#",
            rf"(?:(?<={NUMERAL}.)|(?<={NUMERAL}\s.)|(?<=[A-Za-z小].))(?!号?线)",
        ),
        (HOUSES,),
    ),
    Family(
        Trigger(
            "栋幢座楼院#",
            rf"(?:(?<={NUMERAL}.)|(?<={NUMERAL}[号\s].)|(?<=\s号.)|(?<=[A-Za-z].))\s?{BEGINNING}",
        ),
        (BUILDINGS,),
    ),
    Family(Trigger("层楼", rf"(?:(?<={NUMERAL}.)|(?<=\s.))\s?{NUMERAL}"), FLOORS),
    Family(Trigger(DASH[1:-1], rf"(?<=[0-9０-９#].){N}{{3}}"), (DASHED,)),
    Family(Trigger("〔", rf"地址〕\s?{BEGINNING}"), (BESIDE,)),
)
