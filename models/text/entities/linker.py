"""The linker: what a report names, where, and what each name stands for.

Brands, goods, models, enterprises and countries are looked up by name in one pass; lots, days and
amounts are read by their form. A name that may mean several things keeps its candidates, and its
value stays open. ``linked`` says what the whole report is about, only where it is clear.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache

from features.judgements import Candidate, Entity
from models.text.entities import countries, firms, goods, makes, meant
from models.text.entities.amounts import amounts
from models.text.entities.countries import Countries
from models.text.entities.days import days
from models.text.entities.firms import Firms
from models.text.entities.lots import lots
from models.text.entities.makes import Make, Model
from models.text.entities.meant import Found
from models.text.entities.names import Kind, Meanings, Mention, Names
from models.text.entities.spelling import Spelling, spelt_all

RULES = "1"  # of reading, in code; others would give other answers
BY_FORM = 0.97  # how sure a lot, a day or an amount is
BY_FORM_ALONE = frozenset({"lot", "date", "amount"})
IMPLIED = 0.95  # what a brand that only its model tells keeps of its weight


@dataclass(frozen=True)
class Linker:
    """Reads one report at a time; built once from what the agency knows.

    makes: brands with their models. firms: the registry of enterprises. Goods and countries are
    the shipped ones unless others are given.
    """

    makes: tuple[Make, ...] = ()
    firms: Firms = field(default_factory=Firms)
    goods: Meanings = field(default_factory=goods.shipped)
    countries: Countries = field(default_factory=countries.shipped)

    def read(self, report_reading: str, *, received_at: datetime) -> tuple[Entity, ...]:
        """Return the entities in a report's reading, in order of place.

        Relative days count from ``received_at``. Offsets are those of ``report_reading``.
        """
        return self.read_all([report_reading], received_at=[received_at])[0]

    def read_all(
        self, readings: Sequence[str], *, received_at: Sequence[datetime]
    ) -> list[tuple[Entity, ...]]:
        """Return ``read`` of each reading.

        Step by step over all of them: one by one takes half as long again.
        """
        spellings = spelt_all(readings)
        mentions = [self._names.find(spelling.text) for spelling in spellings]
        told = zip(spellings, mentions, strict=True)
        named = [list(self._named(spelling.text, own)) for spelling, own in told]
        plain = zip(spellings, received_at, strict=True)
        formed = [_formed(spelling.plain, received_at=moment) for spelling, moment in plain]
        whole = zip(readings, spellings, named, formed, strict=True)
        return [
            _entities(reading, spelling, named=n, formed=f) for reading, spelling, n, f in whole
        ]

    def linked(self, entities: Sequence[Entity]) -> dict[str, str | None]:
        """Return what a report is about: brand, goods_name, hs_code, enterprise_id and origin.

        Each is told only where one is clearly meant; ``hs_code`` is a heading of four digits.
        """
        return meant.linked(entities)

    @cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits that change when any name or its meaning does.

        The order in which names were given does not matter.
        """
        models = [(model.brand, model.name) for model in self._models[1]]
        content = json.dumps([RULES, sorted(self._names.meanings.items()), self._cues, models])
        return hashlib.sha256(content.encode()).hexdigest()[:12]

    def _named(self, text: str, mentions: Mapping[Kind, Sequence[Mention]]) -> Iterator[Found]:
        """Yield what is named in a spelt text; inside a firm or a model nothing else is goods."""
        named = list(self._enterprises(text, mentions.get("enterprise", ())))
        models = [self._model(text, mention) for mention in mentions.get("model", ())]
        implied = [self._brand(model) for model in models]
        brands = (meant.weighed("brand", mention) for mention in mentions.get("brand", ()))
        spoken = [(one, text[one.start : one.end]) for one in meant.outside(brands, models)]
        taken = [*named, *models]
        yield from named
        yield from (self._titled(model) for model in models)
        yield from meant.settled(implied, spoken)
        yield from meant.outside(meant.heads(mentions.get("goods", ())), taken)
        for mention in mentions.get("country", ()):
            origin = self.countries.is_origin(text, start=mention.start, end=mention.end)
            yield meant.weighed("origin" if origin else "region", mention)

    def _enterprises(self, text: str, mentions: Sequence[Mention]) -> Iterator[Found]:
        exact = [meant.weighed("enterprise", mention) for mention in mentions]
        yield from exact
        written = (Found("enterprise", start, end, ()) for start, end in firms.written(text))
        for one in meant.outside(written if self.firms.listed else (), exact):
            if close := self.firms.alike(text[one.start : one.end]):
                yield one._replace(candidates=close)

    def _model(self, text: str, mention: Mention) -> Found:
        """Return a model by its numbers, the likelier by the words of its brand in the text."""
        told = [(m.value, m.weight + self._spoken(text, int(m.value))) for m in mention.meanings]
        return Found("model", mention.start, mention.end, meant.ranked(told))

    def _spoken(self, text: str, number: int) -> float:
        """Return how much of a brand's name the text says, from nothing to a half."""
        marks = self._marks[self._models[1][number].brand]
        return 0.5 * sum(mark in text for mark in marks) / (len(marks) or 1)

    def _brand(self, model: Found) -> Found:
        """Return the brand that a model tells."""
        shares: dict[str, float] = defaultdict(float)
        for number, share in model.candidates:
            shares[self._models[1][int(number)].brand] += share * IMPLIED
        first = sorted(shares.items(), key=lambda share: (-share[1], share[0]))
        return Found("brand", model.start, model.end, tuple(first))

    def _titled(self, model: Found) -> Found:
        named = ((self._models[1][int(value)].name, share) for value, share in model.candidates)
        return model._replace(candidates=tuple(named))

    @cached_property
    def _names(self) -> Names:
        return Names.of(
            makes.brands(self.makes),
            self._models[0],
            self.goods,
            self.firms.meanings,
            self.countries.meanings,
        )

    @property
    def _cues(self) -> list[list[str]]:
        told = (self.countries.before, self.countries.after, self.countries.between)
        return [sorted(cues) for cues in told]

    @cached_property
    def _models(self) -> tuple[Meanings, tuple[Model, ...]]:
        return makes.models(self.makes)

    @cached_property
    def _marks(self) -> dict[str, frozenset[str]]:
        return {make.brand: makes.marks(make.brand) for make in self.makes}


def _formed(plain: str, *, received_at: datetime) -> list[Found]:
    """Return lots, days and amounts; what is part of a lot is no day, part of a day no amount."""
    told = [Found("lot", lot.start, lot.end, ((lot.code, BY_FORM),)) for lot in lots(plain)]
    dated = (
        Found("date", day.start, day.end, ((day.iso, BY_FORM),))
        for day in days(plain, received_at=received_at)
    )
    told.extend(list(meant.outside(dated, told)))
    paid = (
        Found("amount", one.start, one.end, ((one.foreign or str(one.fen), BY_FORM),))
        for one in amounts(plain)
    )
    told.extend(list(meant.outside(paid, told)))
    return told


def _entities(
    reading: str, spelling: Spelling, *, named: Sequence[Found], formed: Sequence[Found]
) -> tuple[Entity, ...]:
    """Return what was found in the order of the reading, where names stood before spelling."""
    placed = [
        one._replace(start=start, end=end)
        for one in named
        for start, end in [spelling.original(one.start, one.end)]
    ]
    return tuple(_entity(one, reading) for one in sorted([*placed, *formed], key=_place))


def _entity(found: Found, reading: str) -> Entity:
    """Return what was found as a fact; money of another currency is a candidate, not fen."""
    foreign = found.kind == "amount" and not found.candidates[0][0].isdecimal()
    shown = foreign or found.kind not in BY_FORM_ALONE
    return Entity(
        kind=found.kind,
        start=found.start,
        end=found.end,
        words=reading[found.start : found.end],
        value=None if foreign else found.value,
        confidence=found.candidates[0][1],
        candidates=_candidates(found.candidates) if shown else (),
    )


@lru_cache(4096)
def _candidates(shares: meant.Shares) -> tuple[Candidate, ...]:
    return tuple(Candidate(value=value, score=share) for value, share in shares)


def _place(found: Found) -> tuple[int, int, str]:
    return found.start, -found.end, found.kind
