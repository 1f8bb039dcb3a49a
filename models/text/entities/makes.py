"""Makes: brands, and the models that each sells, with the other ways in which people write them.

People drop the maker's half of a name, its spaces and hyphens, its generation; a model said alone
tells its brand. An alias by rule weighs less than the name itself, and a part of a name counts only
where no other model has it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from models.text.entities import spelling
from models.text.entities.names import Meaning, Meanings, gathered

BRACKETED = re.compile(r"[(（\[【](.*?)[)）\]】]")
PARTED = re.compile(r"[\s/、|·•-]+")
MAKERS = ("汽车", "乘用车", "集团", "股份", "公司", "亚太", "品牌", "牌")  # ends of a brand's name
GENERATION = re.compile(
    r"(?:经典|新能源|全新|新|改款|混动|双擎|plus|pro|max|coupe|hybrid|phev|ev|[ⅰ-ⅻ]|\d代)$"
)
SCRIPTS = re.compile(r"[一-鿿]+|[a-z0-9 ]+")
CODE = re.compile(r"(?=.*[a-z])(?=.*\d)[a-z0-9 ]{2,}")
HAN = re.compile(r"[一-鿿]{2,}")
CLASS, SERIES = re.compile(r"([a-z])级|([a-z]{3})"), re.compile(r"(\d)系")
CLASS_NUMBERS = (160, 180, 200, 220, 250, 260, 300, 320, 350, 400, 450, 500)
SERIES_NUMBERS = (16, 18, 20, 25, 28, 30, 35, 40, 50)
ROMAN = {"ⅰ": "1", "ⅱ": "2", "ⅲ": "3", "ⅳ": "4", "ⅴ": "5", "iii": "3", "ii": "2", "iv": "4"}
ENDING = re.compile(rf"(?<![a-z])(?:{'|'.join(ROMAN)})$")
WHOLE, BARE, SHORT, PART, LOOSE = 1.0, 0.9, 0.8, 0.7, 0.6


@dataclass(frozen=True, order=True)
class Make:
    """A brand, other names of it, and what it sells; a model is known with its brand."""

    brand: str
    aliases: tuple[str, ...] = ()
    models: tuple[str, ...] = ()


@dataclass(frozen=True, order=True)
class Model:
    """A model as a meaning's value names it: its place in the sorted models, and its brand."""

    brand: str
    name: str


def brands(makes: Sequence[Make]) -> Meanings:
    """Return the names of brands."""
    return gathered(
        (alias, Meaning("brand", make.brand, weight))
        for make in makes
        for alias, weight in _brand_aliases(make)
    )


def models(makes: Sequence[Make]) -> tuple[Meanings, tuple[Model, ...]]:
    """Return the names of models, and the models that their values number, in order of name."""
    known = tuple(sorted({Model(make.brand, name) for make in makes for name in make.models}))
    told = [(i, alias, weight) for i, m in enumerate(known) for alias, weight in _aliases(m)]
    shared = Counter(alias for alias, _ in {(alias, i) for i, alias, _ in told})
    makers = {name for make in makes for name in _cores(make.brand)}
    kept = (
        (alias, Meaning("model", str(i), weight))
        for i, alias, weight in told
        if weight > PART or (shared[alias] == 1 and alias not in makers)
    )
    return gathered(kept), known


def marks(brand: str) -> frozenset[str]:
    """Return the words that speak for a brand where a model's name leaves it open.

    >>> sorted(marks("大众（进口）"))
    ['大众', '进口']
    """
    inside = (_core(part) for part in BRACKETED.findall(brand))
    parts = [*_cores(brand)][1:] or [*_cores(brand)]
    return frozenset(mark for mark in (*parts, *inside) if len(mark) > 1)


def _cores(brand: str) -> Iterator[str]:
    """Yield the name of a brand, then its parts where it has several, spelt and shortened."""
    outside, *_ = BRACKETED.split(brand)
    parts = [part for part in PARTED.split(outside) if part]
    for written in dict.fromkeys((outside, *(parts if len(parts) > 1 else ()))):
        if len(core := _core(written)) > 1:
            yield core


def _core(written: str) -> str:
    """Return a part of a brand's name, spelt, without what only says that it is a maker's."""
    core = spelling.name(written)
    for end in MAKERS:
        core = core.removesuffix(end) if len(core) > len(end) + 1 else core
    return core


def _brand_aliases(make: Make) -> Iterator[tuple[str, float]]:
    yield make.brand, WHOLE
    for alias in make.aliases:
        yield alias, WHOLE
    for core in _cores(make.brand):
        yield core, SHORT


def _aliases(model: Model) -> Iterator[tuple[str, float]]:
    """Yield every way to write a model, spelt, and how well it tells it."""
    whole = spelling.name(model.name)
    bare = spelling.name(BRACKETED.sub("", model.name)) or whole
    for alias, weight in ((whole, WHOLE), (bare, WHOLE if bare == whole else BARE)):
        yield from ((each, weight) for each in _spaced(alias))
    for short, weight in _shortened(bare, brand=model.brand):
        yield from ((each, weight) for each in _spaced(short))


def _shortened(name: str, *, brand: str) -> Iterator[tuple[str, float]]:
    rest = _without_brand(name, brand)
    yield from ((rest, SHORT) for _ in range(rest != name and not rest.isdigit()))
    yield from ((part, PART) for part in _parts(name, rest))
    for form in {name, rest}:
        base = GENERATION.sub("", form).strip()
        if base != form and len(base) > 1 and not base.isdigit():
            yield base, LOOSE
        yield from ((ENDING.sub(lambda m: ROMAN[m[0]], form), SHORT) for _ in ENDING.findall(form))
    yield from ((line, LOOSE) for line in _lines(rest))


def _without_brand(name: str, brand: str) -> str:
    """Return a model's name without the longest beginning that is part of its brand's."""
    maker = spelling.name(brand)
    for length in range(len(name) - 1, 1, -1):
        if name[:length] in maker and len(name[length:].strip()) > 1:
            return name[length:].strip()
    return name


def _parts(name: str, rest: str) -> Iterator[str]:
    """Yield the parts of a name by script; a first part before a code is the line's, not its own.

    马自达3 昂克赛拉 is also 昂克赛拉, 哈弗h5 also h5, but never 哈弗.
    """
    parts = [part.strip() for part in SCRIPTS.findall(rest)]
    parts = parts if len(parts) > 1 else [p.strip() for p in SCRIPTS.findall(name)][1:]
    for i, part in enumerate(parts):
        before_code = i + 1 < len(parts) and any(c.isdigit() for c in parts[i + 1])
        if CODE.fullmatch(part) or (HAN.fullmatch(part) and not before_code) or len(part) > 3:
            yield part


def _lines(name: str) -> Iterator[str]:
    """Yield the figures of a class or series: c级 as c180l, 3系 as 320li."""
    if found := CLASS.fullmatch(name):
        letters = found[1] or found[2]
        yield from (f"{letters}{n}{end}" for n, end in product(CLASS_NUMBERS, ("", "l")))
    if found := SERIES.fullmatch(name):
        ends = ("", "i", "li", "l")
        yield from (f"{found[1]}{n}{end}" for n, end in product(SERIES_NUMBERS, ends))


def _spaced(name: str) -> Iterable[str]:
    """Return a name with and without its spaces, and with one before or after its figures."""
    closed = name.replace(" ", "")
    before = re.sub(r"(?<=[a-z])(?=\d)", " ", closed)
    return {name, closed, before, re.sub(r"(?<=\d)(?=[a-z])", " ", closed)}
