"""Enterprises: a registry's names and the short names that people use for them.

A short name drops the place before the name and the legal form after it: 海城市华宝食品有限公司
is also 华宝食品, and 华宝公司. One that several enterprises share stays open. Names that are only
similar are looked up by the pairs of characters they share, then compared.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz import fuzz

from models.text.entities import spelling
from models.text.entities.names import Meaning, Meanings, gathered

PLACE = re.compile(
    r"^(?:中国)?(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南"
    r"|广东|海南|四川|贵州|云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
    r"|深圳|广州|杭州|宁波|苏州|南京|无锡|青岛|大连|厦门|东莞|佛山|武汉|成都|西安|郑州|长沙|合肥|福州|济南"
    r"|[一-鿿]{2,3}(?=[省市县]))(?:壮族自治区|回族自治区|维吾尔自治区|自治区|省|市|县|区)?"
    r"(?:[一-鿿]{2,3}[市县区])?"
)
BRACKETED = re.compile(r"\(.*?\)")
FORM = re.compile(
    r"(?:有限责任公司|股份有限公司|集团有限公司|有限公司|股份公司|集团公司|总公司|分公司|公司|集团|企业|工厂"
    r"|商行|经营部|厂|co\.?,? ?ltd\.?|inc\.?|limited|corp\.?)+$"
)
TRADE = re.compile(
    r"(?:国际贸易|进出口贸易|进出口|对外贸易|供应链管理|供应链|电子商务|生物科技|信息技术|实业发展|食品|科技|贸易|实业|商贸|电器"
    r"|电子|玩具|日用品|化妆品|家居|服饰|机械|汽车|医疗器械|国际|发展|投资|控股|制造|工业|技术)+$"
)
WRITTEN = re.compile(
    r"[一-鿿a-z0-9()]{3,24}?(?:有限责任公司|股份有限公司|有限公司|公司|集团|商行|工厂)"
)
WHOLE, CALLED, SHORT = 1.0, 0.95, 0.8
ALIKE, LEAD = 84.0, 4.0  # per cent alike; ahead of the next
RAREST, MOST, POOL = 4, 500, 40  # pairs looked up, firms of each, firms compared


def written(text: str) -> Iterator[tuple[int, int]]:
    """Yield where a spelt text has what is written like an enterprise's name."""
    if any(word in text for word in ("公司", "集团", "商行", "工厂")):
        yield from (found.span() for found in WRITTEN.finditer(text))


@dataclass(frozen=True, order=True)
class Firm:
    """An enterprise of the registry: its id, its registered name, and other names of it."""

    enterprise_id: str
    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Firms:
    """A registry by name; built once."""

    listed: tuple[Firm, ...] = ()

    @cached_property
    def meanings(self) -> Meanings:
        """The names, aliases and short names, and whom they may mean."""
        return gathered(
            (name, Meaning("enterprise", firm.enterprise_id, weight))
            for firm in self.listed
            for name, weight in _names(firm)
        )

    def alike(self, written: str) -> tuple[tuple[str, float], ...]:
        """Return the ids that a name, written like an enterprise's, may mean, likeliest first.

        The share of each is how alike the names are; none where no name is.
        """
        found = [self._by_pair[pair] for pair in set(_pairs(_core(written))) & self._by_pair.keys()]
        rarest = sorted(found, key=len)[:RAREST]
        pool = Counter(i for firms in rarest for i in firms[:MOST])
        scored = sorted(
            ((fuzz.partial_ratio(self._cores[i], written), i) for i, _ in pool.most_common(POOL)),
            reverse=True,
        )
        kept = [(score, i) for score, i in scored if score >= max(ALIKE, scored[0][0] - LEAD)]
        return tuple(
            (self._sorted[i].enterprise_id, round(score / 100, 4)) for score, i in kept[:5]
        )

    @cached_property
    def _sorted(self) -> Sequence[Firm]:
        """The firms in one order, so that ties do not hang on the order of a table."""
        return sorted(self.listed)

    @cached_property
    def _cores(self) -> Sequence[str]:
        return [_core(spelling.name(firm.name)) for firm in self._sorted]

    @cached_property
    def _by_pair(self) -> Mapping[str, list[int]]:
        index: dict[str, list[int]] = defaultdict(list)
        for i, core in enumerate(self._cores):
            for pair in set(_pairs(core)) if len(core) > LEAST_CORE else ():
                index[pair].append(i)
        return index


LEAST_CORE = 3  # characters; shorter names are alike by chance


def _names(firm: Firm) -> Iterator[tuple[str, float]]:
    yield firm.name, WHOLE
    yield from ((alias, CALLED) for alias in firm.aliases)
    whole = spelling.name(firm.name)
    plain = BRACKETED.sub("", whole)
    for name in {plain, PLACE.sub("", plain)}:
        yield name, CALLED
        yield from ((short, SHORT) for short in _short(FORM.sub("", name)))


def _short(core: str) -> Iterable[str]:
    """Return the ways to say a name without its legal form; a bare one only with its trade."""
    mark = TRADE.sub("", core)
    said = [core] if len(core) > LEAST_CORE else []
    if len(mark) > 1:
        said += [f"{mark}公司", f"{mark}集团", f"{core}公司", f"{core}厂"]
    return [*said, mark] if len(mark) > LEAST_CORE else said


def _core(name: str) -> str:
    return FORM.sub("", PLACE.sub("", BRACKETED.sub("", name)))


def _pairs(name: str) -> list[str]:
    return [name[i : i + 2] for i in range(len(name) - 1)]
