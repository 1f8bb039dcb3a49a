"""Findings: what changed and what to do, in Chinese and English; nothing where nothing changed."""

from collections.abc import Iterator

from models.monitoring import drift_words, feed_words
from models.monitoring.answers import Answers, Outcomes
from models.monitoring.calibration import ALL, FEWEST, SLOPE, Comparison
from models.monitoring.expected import Promise
from models.monitoring.finding import RANK, Finding
from models.wording import percent

APART = 1.25  # as many times too many or too few failures is no longer a matter of watching
LEVELS = {
    "serious": ("严重等级", "level serious"),
    "high": ("高等级", "level high"),
    "medium": ("中等级", "level medium"),
    "low": ("低等级", "level low"),
    ALL: ("全部", "all lines"),
}
METRICS = {
    "auc": ("排序能力 AUC", "AUC"),
    "precision_at_5pct": ("风险最高的5%中的不合格率", "precision at 5 %"),
    "found_at_5pct": ("查验5%所能发现的不合格", "share of failures found at 5 %"),
}
RETRAIN = ("重新训练，并与当值模型比较", "retrain, and compare with the champion")
WAIT = ("等待查验结果", "wait for outcomes")


def findings(answers: Answers) -> list[Finding]:
    """Return what changed or cannot be judged, the gravest first; else that nothing changed."""
    told = [
        *drift_words.findings(answers.drift, answers.features),
        *_calibration(answers.outcomes),
        *map(_broken, (p for p in answers.outcomes.kept if p.is_broken)),
        *feed_words.findings(answers.feeds, answers.thinning),
    ]
    told.sort(key=lambda finding: -RANK[finding.severity])
    return told if any(RANK[f.severity] for f in told) else [_unchanged(told), *told]


def _calibration(outcomes: Outcomes) -> Iterator[Finding]:
    if not outcomes.tests:
        yield _unripe(outcomes) if outcomes.learned < outcomes.as_of else _hindsight(outcomes)
    for test in outcomes.tests:
        if test.is_off:
            yield _slope(test) if test.name == SLOPE else _share(test)


def _share(test: Comparison) -> Finding:
    low = test.observed > test.expected
    zh, en = LEVELS[test.name]
    grave = not 1 / APART < test.ratio < APART
    numbers = (percent(test.observed), percent(test.expected))
    return Finding(
        question="calibration",
        severity="act" if grave else "watch",
        zh=f"{zh}：不合格概率偏{'低' if low else '高'}。{test.lines}项已出结果，"
        f"实际不合格{numbers[0]}，预测{numbers[1]}（偶然范围{percent(test.low)}至{percent(test.high)}）",
        en=f"{en}: likelihoods are too {'low' if low else 'high'}. Of {test.lines} lines with "
        f"outcomes {numbers[0]} failed, {numbers[1]} were expected "
        f"(chance leaves {percent(test.low)} to {percent(test.high)})",
        todo_zh=RETRAIN[0],
        todo_en=RETRAIN[1],
    )


def _slope(test: Comparison) -> Finding:
    steep = test.observed > 1
    zh = "拉得不够开：高者偏低、低者偏高" if steep else "拉得过开：高者偏高、低者偏低"
    en = "too timid: the high ones are too low" if steep else "too bold: the high ones are too high"
    return Finding(
        question="calibration",
        severity="watch",
        zh=f"不合格概率{zh}（斜率{test.observed:.2f}，应为1）",
        en=f"likelihoods are {en} (slope {test.observed:.2f}, should be 1)",
        todo_zh=RETRAIN[0],
        todo_en=RETRAIN[1],
    )


def _broken(promise: Promise) -> Finding:
    zh, en = METRICS[promise.name]
    numbers = f"{promise.realised:.3f} < {promise.expected:.3f}"
    around = f"{promise.low:.3f}–{promise.high:.3f}"
    return Finding(
        question="performance",
        severity="act",
        zh=f"{zh}低于概率本身所允诺的：{numbers}（偶然范围{around}）",
        en=f"{en} is worse than the likelihoods promise: {numbers} (chance leaves {around})",
        todo_zh=RETRAIN[0],
        todo_en=RETRAIN[1],
    )


def _unripe(outcomes: Outcomes) -> Finding:
    learned, days = f"{outcomes.learned:%Y-%m-%d}", outcomes.ripe.days
    return Finding(
        question="calibration",
        severity="ok",
        zh=f"尚不能判断校准与实际效果：模型学习（{learned}）之后申报、已满{days}天且有结果的只有"
        f"{outcomes.lines}项，不合格{outcomes.failures}项（预期至少{FEWEST:.0f}项才判断）",
        en=f"calibration cannot be judged yet: of the lines declared since the model learned "
        f"({learned}) and {days} days old {outcomes.lines} have outcomes, and "
        f"{outcomes.failures} failed (at least {FEWEST:.0f} must be expected to)",
        todo_zh=WAIT[0],
        todo_en=WAIT[1],
    )


def _hindsight(outcomes: Outcomes) -> Finding:
    learned = f"{outcomes.learned:%Y-%m-%d}"
    return Finding(
        question="calibration",
        severity="ok",
        zh=f"不能判断校准与实际效果：当值模型学习到{learned}，不早于所问时刻，早已见过当时的结果",
        en=f"calibration cannot be judged: the champion learned until {learned}, not before the "
        "moment asked about, and knows the outcomes of that time",
        todo_zh="询问更晚的时刻",
        todo_en="ask about a later moment",
    )


def _unchanged(unsaid: list[Finding]) -> Finding:
    rest = ("凡能判断的，", "of what can be judged, ") if unsaid else ("", "")
    return Finding(
        question="all",
        severity="ok",
        zh=f"{rest[0]}没有超出偶然的变化",
        en=f"{rest[1]}nothing changed by more than chance",
        todo_zh="无需处理",
        todo_en="nothing to do",
    )
