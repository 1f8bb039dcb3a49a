"""Report: the answers as plain values, as Markdown, as charts and as metrics of a run."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import altair as alt

from models.monitoring import charts, drift_words
from models.monitoring.answers import Answers
from models.monitoring.drift import Drift
from models.monitoring.finding import RANK, Finding
from models.monitoring.ranks import ALPHA

TOLD = 15
SEVERITIES = {"ok": "正常 ok", "watch": "留意 watch", "act": "处理 act"}


def plain(answers: Answers, findings: Sequence[Finding]) -> dict[str, object]:
    """Return everything as plain values for JSON; what is not a number is ``None``."""
    outcomes, thinning = answers.outcomes, answers.thinning
    told = {
        "findings": [asdict(finding) for finding in findings],
        "drift": _drift(answers),
        "calibration": {
            "learned": outcomes.learned,
            "ripe_days": outcomes.ripe,
            "lines": outcomes.lines,
            "failures": outcomes.failures,
            "alpha": ALPHA,
            "tests": [asdict(test) | {"is_off": test.is_off} for test in outcomes.tests],
            "months": outcomes.months.to_dict("records"),
        },
        "performance": {
            "kept": [
                asdict(promise) | {"is_broken": promise.is_broken} for promise in outcomes.kept
            ],
            "promised": [asdict(promise) for promise in answers.promised],
            "confusion": answers.confusion,
        },
        "freshness": {
            "alpha": ALPHA,
            "feeds": [asdict(feed) | {"is_silent": feed.is_silent} for feed in answers.feeds],
            "days": thinning.days,
            "thin": thinning.thin,
            "thin_alpha": thinning.rank and thinning.rank.alpha,
        },
    }
    found: dict[str, object] = _plain(told)
    return found


def metrics(answers: Answers, findings: Sequence[Finding]) -> dict[str, float]:
    """Return the numbers that a run keeps; what could not be judged is NaN."""
    rank, outcomes = answers.drift.rank, answers.outcomes
    counted = {f"findings_{s}": float(sum(f.severity == s for f in findings)) for s in RANK}
    return {
        **counted,
        "drift_p": math.nan if rank is None else rank.p,
        "drift_features": float(len(answers.drift.named)),
        **{f"ratio_{t.name}" if t.name != "slope" else t.name: t.ratio for t in outcomes.tests},
        **{f"realised_{p.name}": p.realised for p in outcomes.kept},
        **{f"expected_{p.name}": p.expected for p in answers.promised},
        "silent_feeds": float(sum(feed.is_silent for feed in answers.feeds)),
        "thin_feeds": float(len(answers.thinning.thin)),
    }


def drawn(answers: Answers) -> dict[str, alt.LayerChart]:
    """Return the charts that have something to show, by name."""
    made: dict[str, alt.LayerChart] = {}
    if answers.drift.rank is not None:
        made["drift"] = charts.drift(answers.drift, answers.features)
    if len(answers.outcomes.months):
        made["calibration"] = charts.calibration(answers.outcomes.months)
    if answers.feeds:
        made["freshness"] = charts.freshness(answers.feeds)
    return made


def markdown(answers: Answers, findings: Sequence[Finding], *, title: str) -> str:
    """Return the findings, what was looked at, and how often such findings come by chance."""
    said = "\n".join(
        f"- **{SEVERITIES[f.severity]}** {f.zh}。→ {f.todo_zh}。\n  {f.en}. → {f.todo_en}."
        for f in findings
    )
    pictures = "\n".join(f"![{name}]({name}.svg)" for name in drawn(answers))
    limits = "\n".join(f"- {zh}\n  {en}" for zh, en in limits_of(answers))
    return f"# 模型监测 monitoring · {title}\n\n{said}\n\n{pictures}\n\n## 说明 notes\n\n{limits}\n"


def limits_of(answers: Answers) -> list[tuple[str, str]]:
    """Return what was compared with what, how often chance alarms, and what cannot be seen."""
    return [
        *_drift_limits(answers.drift),
        (
            "校准与实际效果各以5%的误报率判断；同一企业的结果互不独立，已计入。",
            "Calibration and realised performance are each judged at 5 % false alarms; that "
            "outcomes of one enterprise depend on each other is allowed for.",
        ),
        (
            "预期效果由概率本身推算：以校准为前提，只能看到申报构成的变化，看不到同样的货物变差。",
            "Expected performance follows from the likelihoods: it assumes that they are "
            "calibrated and sees only changes of the lines, not that the same goods get worse.",
        ),
        (
            "来源静默以5%的总误报率判断：与各来源自己的间隔比较，不假定均匀到达。",
            "Silent feeds are judged at 5 % false alarms over all feeds, by their own pauses.",
        ),
    ]


def _drift_limits(drift: Drift) -> list[tuple[str, str]]:
    if drift.rank is None:
        return []
    days, count = drift.sampled.days, len(drift.sampled.periods)
    chance = f"{drift.rank.alpha:.0%}"
    return [
        (
            f"漂移：比较{count}个{days}天时段，各取{drift.sampled.lines.shape[1]}项申报；全部特征合计"
            f"误报率约{chance}。每期只与之前两期比较，缓慢而均匀的变化不报警。",
            f"Drift: {count} periods of {days} days were compared, "
            f"{drift.sampled.lines.shape[1]} lines of each; about {chance} false alarms in all. "
            "Each is compared with the two before it: slow and steady change is no alarm.",
        ),
        (
            f"随时间必然变化的特征不参加比较（{len(drift.left_out)}个）：星期、年内日、历来总数。",
            f"Left out as they change because time passes ({len(drift.left_out)}): "
            "day of the week, day of the year, totals of all the past.",
        ),
    ]


def _drift(answers: Answers) -> dict[str, object]:
    found = answers.drift
    told: dict[str, object] = {
        "days": found.sampled.days,
        "periods": len(found.sampled.periods),
        "lines": found.sampled.lines.shape[1],
        "left_out": found.left_out,
    }
    if found.rank is None:
        return told
    features = [
        {
            "feature": found.columns[i].name,
            "standing": float(found.rank.standing[i]),
            "moved": found.columns[i].shares.moved,
            "alarms": bool(found.rank.named[i]),
            "zh": drift_words.change(found.columns[i], answers.features, language=0),
            "en": drift_words.change(found.columns[i], answers.features, language=1),
        }
        for i in found.order[: max(TOLD, len(found.named))]
    ]
    rank = {"p": found.rank.p, "alpha": found.rank.alpha, "bound": found.rank.bound}
    return {**told, **rank, "features": features}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value / timedelta(days=1)
    return None if isinstance(value, float) and not math.isfinite(value) else value
