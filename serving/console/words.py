"""Words: what codes are called on pages, in Chinese."""

from functools import cache

from models.text import taxonomy

LEVELS = {"serious": "严重", "high": "高", "medium": "中", "low": "低"}
LANES = {"release": "放行", "documents": "单证审核", "sampling": "抽样检验", "full": "全项查验"}
SEVERITIES = {1: "微弱", 2: "一般", 3: "严重", 4: "非常严重"}
OUTCOMES = {"pass": "合格", "fail": "不合格"}
SELECTIONS = {"risk": "风险布控", "random": "随机抽中", "mandated": "法定检验", "tip": "线索"}
VERDICTS = {"agree": "同意", "correct": "需更正", "dismiss": "不成立"}
KINDS = {"report": "风险信息", "inspection": "查验", "warning": "预警", "declaration": "申报"}
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
STANDINGS = {
    "hazard": "危害",
    "possible": "可能危害",
    "category": "类别",
    "severity": "程度",
    "relevance": "质量安全",
    "request": "诉求类别",
    "demand": "诉求",
    "credibility": "可信度",
}
SENTIMENTS = {"negative": "负面", "positive": "正面"}


@cache
def concepts() -> dict[str, str]:
    """Return what the taxonomy calls its categories, hazards, requests, demands and cues."""
    words = taxonomy.load()
    named = {code: entry.zh for code, entry in words.credibility.cues.items()}
    named |= {code: entry.zh for code, entry in words.demands.items()}
    named |= {code: entry.zh for code, entry in words.requests.items()}
    named |= {code: entry.zh for code, entry in words.hazards.items()}
    return named | {code: entry.zh for code, entry in words.categories.items()}


def concept(code: str) -> str:
    """Return a category, hazard, request, demand or cue in Chinese; an unknown code as it is."""
    return concepts().get(code, code)


def spoken(answer: str) -> str:
    """Return what a marked place speaks for: ``hazard:fire`` is 危害：火灾."""
    standing, _, code = answer.partition(":")
    if standing in ("sentiment", *SENTIMENTS):
        return f"情感：{SENTIMENTS.get(code or standing, code or standing)}"
    if standing == "severity" and code.isdigit():
        return f"程度：{SEVERITIES.get(int(code), code)}"
    return f"{STANDINGS.get(standing, standing)}：{concept(code)}" if code else concept(standing)
