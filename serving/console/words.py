"""Words: what codes are called on pages, in Chinese."""

from functools import cache

from models.text import corrections, taxonomy
from models.text.entities.countries import shipped

LEVELS = {"serious": "严重", "high": "高", "medium": "中", "low": "低"}
LANES = {"release": "放行", "documents": "单证审核", "sampling": "抽样检验", "full": "全项查验"}
SEVERITIES = {1: "微弱", 2: "一般", 3: "严重", 4: "非常严重"}
OUTCOMES = {"pass": "合格", "fail": "不合格"}
SELECTIONS = {"risk": "风险布控", "random": "随机抽中", "mandated": "法定检验", "tip": "线索"}
VERDICTS = {"agree": "同意", "correct": "需更正", "dismiss": "不成立"}
KINDS = {
    "report": "风险信息",
    "inspection": "查验",
    "warning": "预警",
    "declaration": "申报",
    "certificate": "采信证明",
}
CAUSES = {
    "prohibition": "禁止",
    "lot": "同批次",
    "rule": "规则",
    "warning": "预警",
    "floor": "随机下限",
    "recognition": "采信",
    "risk": "风险",
}
ISSUERS = {"third_party": "第三方机构", "agency": "其他部门"}
WARNING_LEVELS = {"I": "Ⅰ级 特别严重", "II": "Ⅱ级 严重", "III": "Ⅲ级 较重", "IV": "Ⅳ级 一般"}
CHANNELS = {
    "12315": "12315 消费者投诉",
    "12345": "12345 政务热线",
    "12365": "12365 质量投诉",
    "portal": "门户网站",
    "media": "媒体舆情",
    "visit": "走访调研",
    "enterprise": "企业报告",
    "laboratory": "实验室通报",
    "overseas_notice": "境外通报",
    "injury": "伤害监测",
    "food_borne_illness": "食源性疾病",
    "traffic_accident": "交通事故",
    "fire": "火灾事故",
}
VERDICTS_ON_READINGS = {"agree": "同意", "correct": "更正", "dismiss": "不采用"}
QUESTIONS = {
    "relevance": "涉及质量安全",
    "category": "类别",
    "hazards": "危害",
    "severity": "伤害程度",
    "sentiment": "情感",
    "request": "诉求类别",
    "demands": "诉求",
    "credibility": "可信度",
}
ASKED = {"hazard": "hazards", "possible": "hazards", "vulnerable": "severity", "demand": "demands"}
SENTIMENTS = {"negative": "负面", "neutral": "中性", "positive": "正面"}
RELEVANCE = {"relevant": "是", "irrelevant": "否"}
CREDIBILITY = {"credible": "可信", "doubtful": "存疑"}
HARMLESS = {corrections.NONE: "无伤害"}
ENTITIES = {
    "brand": "品牌",
    "goods": "商品",
    "enterprise": "企业",
    "origin": "原产地",
    "region": "地区",
    "lot": "批号",
    "date": "日期",
    "amount": "金额",
    "model": "型号",
}


@cache
def choices() -> dict[str, dict[str, str]]:
    """Return what the answers to each question are called, by their codes."""
    words = taxonomy.load()
    return {
        "relevance": RELEVANCE,
        "severity": {**HARMLESS, **{str(level): zh for level, zh in SEVERITIES.items()}},
        "sentiment": SENTIMENTS,
        "credibility": {
            **CREDIBILITY,
            **{code: cue.zh for code, cue in words.credibility.cues.items()},
        },
        "category": {code: entry.zh for code, entry in words.categories.items()},
        "hazards": {code: entry.zh for code, entry in words.hazards.items()},
        "request": {code: entry.zh for code, entry in words.requests.items()},
        "demands": {code: entry.zh for code, entry in words.demands.items()},
    }


def concept(code: str) -> str:
    """Return a category or hazard in Chinese; an unknown code as it stands."""
    named = choices()
    return named["category"].get(code) or named["hazards"].get(code, code)


@cache
def countries() -> dict[str, str]:
    """Return the first Chinese name of each country, by its code."""
    named: dict[str, str] = {}
    for name, meanings in shipped().meanings.items():
        for meaning in meanings:
            named.setdefault(meaning.value, name)
    return named


def country(code: str) -> str:
    """Return a country in Chinese with its code; an unknown code as it stands.

    >>> country("VN"), country("QQ")
    ('越南（VN）', 'QQ')
    """
    named = countries().get(code)
    return f"{named}（{code}）" if named else code


def answer(codes: str, question: str) -> str:
    """Return an answer in Chinese, ``fire,burn`` as 火灾、烧烫伤; unknown codes as they stand."""
    known = choices().get(question, {})
    if codes == corrections.NONE and question in corrections.SEVERAL:
        return "无"
    return "、".join(known.get(code, code) for code in codes.split(","))


def question_of(spoken: str) -> str:
    """Return the question that the words of an evidence span speak for."""
    kind = spoken.partition(":")[0]
    return "sentiment" if kind in SENTIMENTS else ASKED.get(kind, kind)


def spoken(told: str) -> str:
    """Return what a marked place speaks for: ``hazard:fire`` is 危害：火灾."""
    kind, _, code = told.partition(":")
    question = question_of(told)
    if kind == "possible":
        return f"可能的危害：{answer(code, question)}"
    if kind == "vulnerable":
        return "易受伤害的人群"
    if question not in QUESTIONS:
        return told
    return f"{QUESTIONS[question]}：{answer(code or kind, question)}"
