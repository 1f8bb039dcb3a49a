"""Invented names of firms and brands, and valid but fictitious credit codes."""

from features.identifiers import credit_code_check_digit
from pipelines.world.chance import Chance, Ints, pick
from pipelines.world.tables import District, names, places

ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def firm_cores(rng: Chance, count: int) -> list[str]:
    """Return that many different three-syllable cores, while the syllables suffice."""
    return _triples(rng, names().firm_syllables, count=count)


def firm_names(rng: Chance, cores: list[str], *, cities: list[str]) -> list[str]:
    """Return full registered names: city, core, trade and legal form."""
    trades, forms = names().firm_trades, names().firm_forms
    t, f = (rng.integers(0, len(words), len(cores)).tolist() for words in (trades, forms))
    return [
        f"{city}{core}{trades[i]}{forms[j]}"
        for city, core, i, j in zip(cities, cores, t, f, strict=True)
    ]


def brands(rng: Chance, count: int) -> list[str]:
    """Return brand names, two thirds Chinese and one third Latin, all different if possible."""
    chinese = _triples(rng, names().brand_syllables, count=count)
    latin = _latin(rng, count)
    is_latin = rng.random(count) < 0.35
    return [b if pick else a for a, b, pick in zip(chinese, latin, is_latin.tolist(), strict=True)]


def credit_codes(rng: Chance, regions: list[str]) -> list[str]:
    """Return unified social credit codes (GB 32100), valid by check digit and nobody's.

    The organisation part starts with ``Y0Y``, which no register hands out, and has its own check
    character (GB 11714).
    """
    districts: dict[str, District] = places().districts
    serials = rng.permutation(100_000 if len(regions) <= 100_000 else len(regions))
    return [
        _credit_code(districts[region].division, int(serial))
        for region, serial in zip(regions, serials[: len(regions)], strict=True)
    ]


def districts(rng: Chance, count: int) -> list[str]:
    """Return a district for each of ``count`` firms."""
    table = places().districts
    drawn = pick(rng, [district.weight for district in table.values()], size=count)
    return [list(table)[i] for i in drawn]


def _credit_code(division: str, serial: int) -> str:
    organisation = f"Y0{serial:06d}" if serial > 99_999 else f"Y0Y{serial:05d}"
    body = f"91{division}{organisation}{_organisation_check(organisation)}"
    return body + credit_code_check_digit(body)


def _organisation_check(organisation: str) -> str:
    values = [int(c, 36) for c in organisation]
    rest = 11 - sum(v * w for v, w in zip(values, ORGANISATION_WEIGHTS, strict=True)) % 11
    return "X" if rest == 10 else str(rest % 11)


def _triples(rng: Chance, syllables: tuple[str, ...], *, count: int) -> list[str]:
    size = len(syllables)
    return [
        "".join(syllables[i] for i in _digits(n, size))
        for n in _different(rng, size**3, count=count)
    ]


def _latin(rng: Chance, count: int) -> list[str]:
    heads, middles, tails = names().latin_heads, names().latin_middles, names().latin_tails
    numbers = _different(rng, len(heads) * len(middles) * len(tails), count=count)
    pairs = [(n // len(tails), n % len(tails)) for n in numbers]
    return [heads[p // len(middles)] + middles[p % len(middles)] + tails[t] for p, t in pairs]


def _different(rng: Chance, limit: int, *, count: int) -> list[int]:
    """Return ``count`` numbers below ``limit``, different until the numbers run out."""
    order: Ints = rng.permutation(limit)
    return [int(order[i % limit]) for i in range(count)]


def _digits(number: int, base: int) -> tuple[int, int, int]:
    return number // base**2, number // base % base, number % base
