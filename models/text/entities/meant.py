"""What is meant: candidates weighed against each other, and the few things a report is about."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from features.judgements import Entity, EntityKind
from models.text.entities import spelling
from models.text.entities.names import Meaning, Mention

SURE = 0.95  # of a name with one meaning
SHORT, SHORT_NAME = 2, 0.85  # a name of so few characters, and what it keeps of its share
RIVAL = 0.1  # a candidate this much lighter than the heaviest is no rival of it
BESIDE = 0.2  # what a candidate that is no rival keeps
MOST = 5  # candidates kept
CLEAR = 0.3  # by how much the first must outweigh the second over the whole report
FIELDS = {"brand": "brand", "enterprise": "enterprise_id", "origin": "origin", "goods": "hs_code"}

Shares = tuple[tuple[str, float], ...]


class Found(NamedTuple):
    """What stands from ``start`` to ``end``, and what it may be, the likeliest first."""

    kind: EntityKind
    start: int
    end: int
    candidates: Shares

    @property
    def value(self) -> str | None:
        """What it is, where one candidate is ahead of the others."""
        first, *others = [*self.candidates, ("", 0.0)]
        return first[0] if first[1] and first[1] - others[0][1] > CLEAR * first[1] else None


def weighed(kind: EntityKind, mention: Mention) -> Found:
    """Return a mention with its candidates; a name of two characters is less sure."""
    short = mention.end - mention.start <= SHORT and kind in ("brand", "goods", "enterprise")
    shares = _shares(mention.meanings, keeps=SHORT_NAME if short else 1.0)
    return Found(kind, mention.start, mention.end, shares)


@lru_cache(4096)
def _shares(meanings: tuple[Meaning, ...], *, keeps: float) -> Shares:
    told = ranked((meaning.value, meaning.weight) for meaning in meanings)
    return tuple((value, round(share * keeps, 4)) for value, share in told)


def ranked(weights: Iterable[tuple[str, float]]) -> Shares:
    """Return candidates with their shares: rivals divide it, what is much lighter keeps little.

    >>> ranked([("8419", 1.0), ("8516", 1.0)])
    (('8419', 0.475), ('8516', 0.475))
    """
    heaviest: dict[str, float] = {}
    for value, weight in weights:
        heaviest[value] = max(weight, heaviest.get(value, 0.0))
    if len(heaviest) == 1:
        return tuple((value, round(SURE * min(w, 1.0), 4)) for value, w in heaviest.items())
    top = max(heaviest.values())
    rivals = sum(weight > top - RIVAL for weight in heaviest.values())
    shares = {
        value: SURE * min(weight, 1.0) / (rivals if weight > top - RIVAL else rivals / BESIDE)
        for value, weight in heaviest.items()
    }
    order = sorted(shares, key=lambda value: (-heaviest[value], value))
    return tuple((value, round(shares[value], 4)) for value in order[:MOST])


def outside(found: Iterable[Found], taken: Sequence[Found]) -> Iterator[Found]:
    """Yield what overlaps nothing that is taken."""
    if not taken:
        yield from found
        return
    for one in found:
        if all(one.end <= other.start or one.start >= other.end for other in taken):
            yield one


def heads(mentions: Sequence[Mention]) -> Iterator[Found]:
    """Yield goods; of names that follow each other directly the last is the thing (牛奶巧克力)."""
    for i, mention in enumerate(mentions):
        follows = i + 1 < len(mentions) and mentions[i + 1].start == mention.end
        if not follows:
            yield weighed("goods", mention)


def settled(implied: Sequence[Found], spoken: Sequence[tuple[Found, str]]) -> Iterator[Found]:
    """Yield brands: those that models tell, and those spoken outside them, each with its words.

    A spoken name that is part of a brand which a model tells means that brand (奥迪 beside 奥迪A4L
    of 一汽-大众奥迪); so does an open one that has it among its candidates.
    """
    yield from implied
    told = {one.value: _name(one.value) for one in implied if one.value is not None}
    for one, words in spoken:
        possible = {value for value, _ in one.candidates}
        agreed = [brand for brand, name in told.items() if brand in possible or words in name]
        yield one._replace(candidates=((agreed[0], SURE),)) if len(agreed) == 1 else one


def linked(entities: Sequence[Entity]) -> dict[str, str | None]:
    """Return the brand, goods, heading, enterprise and origin that a report is clearly about."""
    weights: dict[str, dict[str, float]] = {kind: {} for kind in FIELDS}
    for entity in entities:
        if entity.kind in weights and entity.value is not None:
            own = weights[entity.kind]
            own[entity.value] = own.get(entity.value, 0.0) + entity.confidence
    told = {field: _clear(weights[kind]) for kind, field in FIELDS.items()}
    return told | {"goods_name": _goods_name(entities, heading=told["hs_code"])}


def _clear(weights: Mapping[str, float]) -> str | None:
    if not weights:
        return None
    first, *others = sorted(weights, key=lambda value: (-weights[value], value))
    second = weights[others[0]] if others else 0.0
    return first if weights[first] - second > CLEAR else None


def _goods_name(entities: Sequence[Entity], *, heading: str | None) -> str | None:
    """Return the commonest name of the goods under a heading; of all, where none is clear.

    In one spelling: it is a key, and 電熱水壺 is no other thing than 电热水壶.
    """
    names = Counter(
        _name(entity.words)
        for entity in entities
        if entity.kind == "goods" and heading in (None, entity.value)
    )
    if not names:
        return None
    first, *others = [*names.most_common(2), ("", 0)]
    return first[0] if heading or first[1] > others[0][1] else None


@lru_cache(4096)
def _name(words: str) -> str:
    return spelling.name(words)
