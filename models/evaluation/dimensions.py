"""Dimensions: by what lines are told apart to be judged in slices, from what the data has.

Declared categories as they stand (HS chapter, origin, port, ``x_*`` texts), and what was known of
the enterprise and of the goods when the line was declared, read from its features. A feature that
the tables cannot feed, or that was left out, makes no dimension.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from features import keys
from features.aggregates import Aggregate
from features.build import Rows
from features.keys import Key
from features.plans import Numbers
from models.evaluation.ratios import Groups
from models.splits import Mask

Words = tuple[str, str]
THIN = 20  # known inspections of the goods, below which they are thinly known
GOODS = ("hs8", "hs6", "hs4", "hs2")
FINER = ("hs4", "unit")
FAIR = ("origin", "port", "trade_mode")
NEW = ("企业是否首次申报", "enterprise new")
UNSEEN = ("企业是否查验过", "enterprise inspected before")
SIZE = ("企业规模", "enterprise size")
GOODS_KNOWN = ("商品查验经验", "goods known")


@dataclass(frozen=True)
class Dimension:
    """One way to tell n lines apart.

    values: of each line, ``None`` where it is missing. is_fair: whether groups of it are compared
    in the fairness report: nobody should be inspected more for belonging to one.
    """

    name: str
    words: Words
    values: list[str | None]
    is_fair: bool = False


def dimensions(rows: Rows, group: Groups) -> list[Dimension]:
    """Return every dimension by which these lines differ; of two that part them alike the first.

    group: the enterprise of each line.
    """
    numbers = dict(zip(rows.features.names, rows.numbers.T, strict=True))
    made = [
        *_enterprises(numbers, group),
        *_reports(rows, numbers),
        *_goods(numbers),
        *_declared(rows),
    ]
    parted = {tuple(pd.factorize(np.array(one.values, object))[0]): one for one in made[::-1]}
    told = {one.name for one in parted.values()}
    return [one for one in made if one.name in told and len(set(one.values) - {None}) > 1]


def _enterprises(numbers: Mapping[str, Numbers], group: Groups) -> Iterator[Dimension]:
    """Yield new, never inspected and small enterprises.

    Small are those that declared no more lines in the year before than the middle one of the
    enterprises did; of an enterprise its busiest line counts.
    """
    since = numbers.get(Aggregate("declaration", ("enterprise",), "days_since").name)
    if since is not None:
        new = _parted(np.isnan(since), ("新企业 new", "申报过 known"))
        yield Dimension("enterprise_new", NEW, new, is_fair=True)
    visits = numbers.get(Aggregate("inspection", ("enterprise",), "count").name)
    if visits is not None:
        unseen = _parted(visits == 0, ("未曾查验 never inspected", "查验过 inspected"))
        yield Dimension("enterprise_unseen", UNSEEN, unseen, is_fair=True)
    declared = numbers.get(Aggregate("declaration", ("enterprise",), "count", window=365).name)
    if declared is not None:
        most = np.zeros(int(group.max(initial=-1)) + 1)
        np.maximum.at(most, group, declared)
        small = most[group] <= np.median(most[np.unique(group)]) if len(group) else most[group] > 0
        size = _parted(small, ("小企业 small", "大企业 large"))
        yield Dimension("enterprise_size", SIZE, size, is_fair=True)


def _reports(rows: Rows, numbers: Mapping[str, Numbers]) -> Iterator[Dimension]:
    """Yield lines with and without reports of the last year, on the enterprise and on the goods.

    Of other keys only joint ones and ``x_*`` columns count: of a whole chapter or port there is
    always some report.
    """
    for key in rows.features.keys:
        counted = numbers.get(Aggregate("report", key, "count", window=365).name)
        if counted is None or not _is_near(key):
            continue
        zh, en = (keys.label(key, language) for language in (0, 1))
        words = (f"{zh}有无风险信息", f"reports on the {en}")
        told = _parted(counted > 0, ("有 with reports", "无 without"))
        yield Dimension(f"{keys.name(key)}_reports", words, told)


def _is_near(key: Key) -> bool:
    return key == ("enterprise",) or len(key) > 1 or keys.is_extra(key[0])


def _goods(numbers: Mapping[str, Numbers]) -> Iterator[Dimension]:
    """Yield goods of which few inspections were known, by the finest code that there is."""
    names = (Aggregate("inspection", (key,), "count").name for key in GOODS)
    visits = next((numbers[name] for name in names if name in numbers), None)
    if visits is not None:
        thin = _parted(visits < THIN, (f"少于{THIN}次 thinly", f"{THIN}次以上 well"))
        yield Dimension("goods_known", GOODS_KNOWN, thin)


def _declared(rows: Rows) -> Iterator[Dimension]:
    """Yield the declared categories, but those that only part another one further."""
    for name, values in rows.categories.items():
        if name in FINER:
            continue
        words = (rows.features.meaning(name, 0), rows.features.meaning(name, 1))
        texts = [None if value is None else str(value) for value in values]
        yield Dimension(name, words, texts, is_fair=name in FAIR)


def _parted(chosen: Mask, names: Words) -> list[str | None]:
    return [names[0] if one else names[1] for one in chosen]
