"""Aggregates: windowed statistics over facts, declared as data, with derived names and meanings."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal, get_args

from features import keys
from features.errors import Invalid
from features.measures import CATEGORY, HAZARD, is_asked

How = Literal["count", "sum", "mean", "rate", "days_since", "last", "decayed_sum", "active"]
HALF_LIVES = 6  # a decayed sum forgets what is older than six half-lives (weight 1/64)

KIND_LABELS = {
    "declaration": ("申报", "declarations"),
    "inspection": ("查验", "inspections"),
    "report": ("风险信息", "reports"),
    "annotation": ("投诉舆情", "reports as read"),
    "enterprise": ("企业登记", "register entries"),
    "warning": ("预警", "warnings"),
}
MEASURE_LABELS = {
    "value_fen": ("货值（分）", "declared value (fen)"),
    "unit_value_log": ("单价（分）的对数", "logarithm of fen per unit"),
    "kilogram_value_log": ("每千克价值（分）的对数", "logarithm of fen per kg"),
    "fail": ("不合格", "failed"),
    "severe_fail": ("严重不合格", "seriously failed"),
    "severity": ("伤害程度", "severity"),
    "grave": ("专业或已致害渠道", "professional or harm-done"),
    "relevant": ("涉及质量安全", "relevant"),
    "severe": ("严重伤害", "severe"),
    "hazardous": ("指明危害", "hazard-naming"),
    "negative": ("负面", "negative"),
    "relevant_once": ("涉及质量安全（相似信息计一次）", "relevant (near-duplicates once)"),
    "severe_once": ("严重伤害（相似信息计一次）", "severe (near-duplicates once)"),
    "hazardous_once": ("指明危害（相似信息计一次）", "hazard-naming (near-duplicates once)"),
    "negative_once": ("负面（相似信息计一次）", "negative (near-duplicates once)"),
    "severity_once": ("伤害程度（相似信息计一次）", "severity (near-duplicates once)"),
    "credibility_once": ("可信度（相似信息计一次）", "credibility (near-duplicates once)"),
    "repeated": ("重复他条信息", "repeating an earlier report"),
    "flood": ("疑似刷帖", "flooding"),
    "credit_grade": ("信用等级（A=4…D=1）", "credit grade (A=4 … D=1)"),
    "registered_day": ("注册日期（自1970年起的天数）", "day of registration since 1970"),
    "listed": ("红黑名单（红=1，黑=-1）", "red or black listing (red 1, black -1)"),
    "grade": ("等级（I=4…IV=1）", "warning grade (I=4 … IV=1)"),
}
# What the text models call hazards and categories; their taxonomy file is the source of both.
HAZARD_LABELS = {
    "fire": ("起火", "fire"),
    "electric_shock": ("触电", "electric shock"),
    "burn": ("烫伤灼伤", "burn"),
    "explosion": ("爆炸", "explosion"),
    "choking": ("噎塞（小零件）", "choking"),
    "suffocation": ("窒息（覆盖、绳带、缺氧）", "suffocation"),
    "laceration": ("割伤划伤", "laceration"),
    "mechanical": ("机械伤害", "mechanical"),
    "chemical": ("化学危害", "chemical"),
    "microbiological": ("微生物污染", "microbiological"),
    "foreign_body": ("异物", "foreign body"),
    "allergen": ("过敏", "allergen"),
    "poisoning": ("中毒", "poisoning"),
    "radiation": ("辐射", "radiation"),
}
CATEGORY_LABELS = {
    "safety": ("安全事故与隐患", "safety"),
    "food_contamination": ("食品污染与变质", "food contamination"),
    "additive": ("违规添加", "additives"),
    "counterfeit": ("假冒伪劣", "counterfeit"),
    "label": ("标签标识", "label"),
    "quality": ("产品质量", "quality"),
    "advertising": ("虚假宣传", "advertising"),
    "service": ("售后服务", "service"),
    "price": ("价格收费", "price"),
    "delivery": ("物流交付", "delivery"),
    "other": ("其他", "other"),
}
MEASURED: dict[str, tuple[str, ...]] = {
    "declaration": ("value_fen", "unit_value_log", "kilogram_value_log"),
    "inspection": ("fail", "severe_fail", "severity"),
    "report": ("grave",),
    "annotation": (
        *("relevant", "severe", "hazardous", "negative", "severity"),
        *("relevant_once", "severe_once", "hazardous_once", "negative_once", "severity_once"),
        *("credibility_once", "repeated", "flood"),
    ),
    "enterprise": ("credit_grade", "listed", "registered_day"),
    "warning": ("grade",),
}
CHINESE: dict[How, str] = {
    "count": "{key}{period}{adjective}{kind}数量",
    "sum": "{key}{period}{kind}{measure}合计",
    "mean": "{key}{period}{kind}{measure}平均",
    "rate": "{key}{period}{kind}{measure}占比",
    "days_since": "{key}最近一次{adjective}{kind}距今天数",
    "last": "{key}{measure}",
    "decayed_sum": "{key}{kind}{measure}衰减合计（半衰期{days}天）",
    "active": "{key}有效{kind}{measure}合计",
}
ENGLISH: dict[How, str] = {
    "count": "number of {of} for the same {key}, {period}",
    "sum": "{measure} of {kind} for the same {key}, {period}",
    "mean": "mean {measure} of {kind} for the same {key}, {period}",
    "rate": "share {measure} of {kind} for the same {key}, {period}",
    "days_since": "days since the last {of} for the same {key}",
    "last": "{measure} of the {key}",
    "decayed_sum": "{measure} of {kind} for the same {key}, halved every {days} days",
    "active": "{measure} of {kind} in force for the same {key}, summed",
}


@dataclass(frozen=True, order=True)
class Aggregate:
    """One windowed statistic.

    kind: which facts. key: what they are grouped by. how: the statistic. measure: what is summed,
    or the flag that facts are filtered by; ``None`` takes every fact. window: days back from
    ``as_of``, ``None`` for all the past, or the half-life of a decayed sum.
    """

    kind: str
    key: keys.Key
    how: How
    measure: str | None = None
    window: int | None = None

    def __post_init__(self) -> None:
        """Refuse what no kernel can answer."""
        if self.kind not in MEASURED or self.how not in get_args(How):
            raise Invalid(f"unknown aggregate of {self.kind!r} by {self.how!r}")
        if self.how in NEED_MEASURE and self.measure is None:
            raise Invalid(f"an aggregate by {self.how!r} needs a measure of {self.kind!r} facts")
        if self.how == "decayed_sum" and self.window is None:
            raise Invalid("a decayed sum needs its half-life in days as the window")
        if self.window is not None and self.window <= 0:
            raise Invalid(f"the window {self.window} is empty; give days from 1, or none for ever")
        if (self.kind == "warning") != (self.how == "active"):
            raise Invalid(f"warnings are in force or not; {self.how!r} of {self.kind!r} is no sum")
        measure = self.measure
        if measure not in (None, *MEASURED[self.kind]) and not is_asked(self.kind, str(measure)):
            raise Invalid(f"{self.kind!r} facts have no measure {measure!r}")
        keys.needed([self.key])

    @cached_property
    def name(self) -> str:
        """The column: ``origin_hs4_report_count_90d``, ``enterprise_inspection_fail_rate_ever``."""
        kind = () if self.key == (self.kind,) else (self.kind,)
        measure = () if self.measure is None else (self.measure,)
        period = (self.period,) if self.how not in ("days_since", "last", "active") else ()
        return "_".join((keys.name(self.key), *kind, *measure, self.how, *period))

    def meaning(self, language: int) -> str:
        """Return what the column means, in Chinese (0) or English (1)."""
        kind = KIND_LABELS[self.kind][language]
        measure = "" if self.measure is None else _measure_label(self.measure, language)
        key = keys.label(self.key, language)
        if language == 0:
            adjective = f"{measure}的" if measure else ""
            period = "历来" if self.window is None else f"近{self.window}天"
            return CHINESE[self.how].format(
                kind=kind,
                key=key,
                measure=measure,
                period=period,
                adjective=adjective,
                days=self.window,
            )
        period = "ever" if self.window is None else f"last {self.window} days"
        of = f"{measure} {kind}".strip()
        return ENGLISH[self.how].format(
            kind=kind, key=key, measure=measure, period=period, of=of, days=self.window
        )

    @property
    def period(self) -> str:
        """Its window in its name: ``90d``, or ``ever``."""
        return "ever" if self.window is None else f"{self.window}d"


def _measure_label(measure: str, language: int) -> str:
    for prefix, labels in ((HAZARD, HAZARD_LABELS), (CATEGORY, CATEGORY_LABELS)):
        code = measure.removeprefix(prefix)
        if code != measure:
            return labels.get(code, (code, code))[language]
    return MEASURE_LABELS.get(measure, (measure, measure))[language]


NEED_MEASURE = ("sum", "mean", "rate", "last", "decayed_sum", "active")


def to_json(aggregate: Aggregate) -> dict[str, object]:
    """Return an aggregate as plain values."""
    return asdict(aggregate) | {"key": list(aggregate.key)}


def from_json(plain: Mapping[str, Any]) -> Aggregate:
    """Rebuild an aggregate; ``Invalid`` when no kernel answers it."""
    return Aggregate(**{**plain, "key": tuple(plain["key"])})
