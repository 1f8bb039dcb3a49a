"""What drift is called: the features of one source in one finding, the most unusual first."""

from collections.abc import Iterator, Sequence

import numpy as np

from features.aggregates import KIND_LABELS
from features.feature_set import DECLARED, FeatureSet
from models.monitoring.drift import LIKELIHOOD, Column, Drift
from models.monitoring.finding import Finding
from models.monitoring.ranks import BACK
from models.wording import percent

TOLD = 3  # features of a finding that are told in words
LARGE = 0.2  # of the lines moved: no longer a matter of watching
CHECK_ZH = "核对风险信息的接入与标注程序；若情况属实，重新训练"
CHECK_EN = "check how reports come in and are read; if it is real, retrain"
TODO = {
    LIKELIHOOD: (
        "查看同时变化的特征；若无一变化，核对模型版本；随后重新编制计划",
        "look at the features that changed with it; if none did, check the version; plan anew",
    ),
    DECLARED: (
        "核对申报数据接口（单位、币种、编码、缺失）；若情况属实，重新训练",
        "check the declaration feed (units, currency, codes, gaps); if it is real, retrain",
    ),
    "inspection": (
        "向查验部门和实验室了解做法是否改变；若属实，重新训练",
        "ask inspectors and laboratories whether practice changed; if so, retrain",
    ),
    "report": (CHECK_ZH, CHECK_EN),
    "annotation": (CHECK_ZH, CHECK_EN),
}
ELSE = ("核对数据来源；若情况属实，重新训练", "check the source; if it is real, retrain")


def findings(drift: Drift, features: FeatureSet) -> Iterator[Finding]:
    """Yield a finding for each source whose features changed, what is declared first.

    One, that nothing can be said, where there are too few periods.
    """
    if drift.rank is None:
        yield _nothing(drift)
        return
    changed: dict[str, list[Column]] = {}
    for column in drift.named:
        source = LIKELIHOOD if column.name == LIKELIHOOD else features.family(column.name)
        changed.setdefault(source, []).append(column)
    for source, columns in sorted(changed.items(), key=lambda one: one[0] != DECLARED):
        yield _finding(drift, source, columns=columns, features=features)


def change(column: Column, features: FeatureSet, *, language: int) -> str:
    """Return how a column changed, in Chinese (0) or English (1): from the last two periods to now.

    The share that is missing where that moved most; else the median where a fifth of the lines
    moved, or the share of the values above where the distributions differ most. Of a category the
    value whose share moved most.
    """
    name = meaning(column.name, features, language=language)
    told = _change(column, language)
    return f"{name}：{told}" if language == 0 else f"{name}: {told}"


def meaning(name: str, features: FeatureSet, *, language: int) -> str:
    """Return what a watched column means, in Chinese (0) or English (1)."""
    if name == LIKELIHOOD:
        return ("不合格概率", "likelihood of failing")[language]
    return features.meaning(name, language)


def _change(column: Column, language: int) -> str:
    shares, at = column.shares, column.shares.where
    before, now = shares.before, shares.share[-1]
    if at == 0:
        return f"{('缺失', 'missing')[language]} {_move(before[0], now[0])}"
    if shares.edges is None:
        value = shares.values[at] if at < len(shares.values) - 1 else ("其他", "others")[language]
        return f"{value} {_move(before[at], now[at])}"
    one, other = (_number(m) for m in column.medians)
    if one != other and shares.moved >= LARGE:
        return f"{('中位数', 'median')[language]} {one} → {other}"
    edge = _number(shares.edges[at - 1])
    above = (f"高于{edge}的占", f"above {edge} in")[language]
    return f"{above} {_move(before[at + 1 :].sum(), now[at + 1 :].sum())}"


def _finding(
    drift: Drift, source: str, *, columns: Sequence[Column], features: FeatureSet
) -> Finding:
    more = len(columns) - TOLD
    zh = "；".join(change(c, features, language=0) for c in columns[:TOLD])
    en = "; ".join(change(c, features, language=1) for c in columns[:TOLD])
    todo = TODO.get(source, ELSE)
    grave = source == LIKELIHOOD or max(c.shares.moved for c in columns) >= LARGE
    days = drift.sampled.days
    return Finding(
        question="drift",
        severity="act" if grave else "watch",
        zh=f"{_source(source, 0)}：最近{days}天与之前{BACK}期不同。{zh}"
        + (f"；另有{more}个特征" if more > 0 else ""),
        en=f"{_source(source, 1)}: the last {days} days differ from the {BACK} periods before. {en}"
        + (f"; and {more} more" if more > 0 else ""),
        todo_zh=todo[0],
        todo_en=todo[1],
    )


def _source(source: str, language: int) -> str:
    if source == LIKELIHOOD:
        return ("模型输出", "the model's answers")[language]
    if source == DECLARED:
        return ("申报内容", "what is declared")[language]
    label = KIND_LABELS[source][language]
    return f"{label}（特征）" if language == 0 else f"features of {label}"


def _nothing(drift: Drift) -> Finding:
    days, had = drift.sampled.days, len(drift.sampled.periods)
    return Finding(
        question="drift",
        severity="ok",
        zh=f"无法判断特征漂移：有足够申报的{days}天时段只有{had}个",
        en=f"drift cannot be judged: only {had} periods of {days} days have lines enough",
        todo_zh="等待更多申报，或用更短的 --days",
        todo_en="wait for more declarations, or give fewer --days",
    )


def _move(before: float, now: float) -> str:
    return f"{percent(float(before))} → {percent(float(now))}"


def _number(value: float) -> str:
    return "—" if np.isnan(value) else f"{value:.4g}"
