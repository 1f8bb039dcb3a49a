"""What a fairness report says in words, in Chinese and English."""

from collections.abc import Sequence

import numpy as np

from models.evaluation.fairness import Treated
from models.evaluation.judged import CAPACITY

MOST = 5  # groups that a headline names
Both = tuple[str, str]


def headline(treated: Sequence[Treated], *, is_weighted: bool) -> Both:
    """Return whether anyone is inspected more at equal risk, and of which lines that is said."""
    compared = [one for one in treated if not one.few]
    few = len(treated) - len(compared)
    zh, en = _found(compared)
    scope_zh, scope_en = WEIGHTED if is_weighted else INSPECTED
    small_zh = f"另有{few}组数据太少，无法判断。" if few else ""
    small_en = f" {few} more have too little to tell." if few else ""
    return f"{zh}{small_zh}{scope_zh}", f"{en}{small_en} {scope_en}"


WEIGHTED = (
    "已按抽中概率的倒数加权，代表全部申报。",
    "Lines are weighed by the inverse of their chance of inspection, to speak for all declared.",
)
INSPECTED = (
    "抽中概率未知，仅就查验过的商品项而言。",
    "The chances of inspection are not told: this holds for inspected lines alone.",
)


def _found(compared: Sequence[Treated]) -> Both:
    if not compared:
        return "没有可以比较的组。", "No groups can be compared."
    unlike = sorted((one for one in compared if one.is_unlike), key=lambda one: one.p)
    capacity = f"{CAPACITY:.0%}"
    if not unlike:
        return (
            f"查验{capacity}时，比较的{len(compared)}组中，没有哪一组在同等风险下确实被多查或少查。",
            f"With {capacity} inspected, none of {len(compared)} groups is surely inspected more "
            "or less at equal risk.",
        )
    said = [sentence(one) for one in unlike[:MOST]]
    rest = len(unlike) - len(said)
    more = (f"；另有{rest}组" if rest else "", f"; and {rest} more" if rest else "")
    zh, en = ("；".join(part[0] for part in said), "; ".join(part[1] for part in said))
    return (
        f"查验{capacity}时，比较的{len(compared)}组中有{len(unlike)}组不同：{zh}{more[0]}。",
        f"With {capacity} inspected, {len(unlike)} of {len(compared)} groups differ: "
        f"{en}{more[1]}.",
    )


def sentence(one: Treated) -> Both:
    """Return how one group is inspected at equal risk, beside all others of its dimension."""
    zh, en = (f"{words}“{one.value}”" for words in one.words)
    times = one.equal_risk
    if not np.isfinite(times.value):
        return (
            f"{zh}在同等风险下本不该查而被查",
            f"{en} is inspected where equal risk calls for none",
        )
    if abs(times.value - 1) < 0.005:
        return (
            f"{zh}的概率{'偏高' if one.step.value < 0 else '偏低'}，但在此查验比例下不影响查验数",
            f"{en} is said to be {'too' if one.step.value < 0 else 'not'} risky"
            f"{'' if one.step.value < 0 else ' enough'}, which at this capacity changes nothing",
        )
    low, high = _number(times.low), _number(times.high)
    more = times.value > 1
    return (
        f"{zh}在同等风险下被{'多' if more else '少'}查，为应查的{_number(times.value)}倍"
        f"（95%区间{low}–{high}）",
        f"{en} is inspected {_number(times.value)} times as often as equal risk calls for "
        f"(95 % {low}–{high})",
    )


def _number(times: float) -> str:
    return "∞" if np.isinf(times) else f"{times:.2f}" if times < 10 else f"{times:.0f}"
