"""Things that a report names, as a page says them: what each is linked to, or what it may be."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from features.judgements import Annotation, Entity
from features.records import Enterprise
from features.store import Store
from serving.console import words
from serving.console.render import yuan

SHOWN = 3  # candidates


class Thing(NamedTuple):
    """A named thing and where it stands in the report's reading, in Chinese."""

    start: int
    end: int
    words: str
    kind: str
    linked: str | None  # missing where the link stays open
    confidence: float
    candidates: tuple[tuple[str, float], ...] = ()

    @property
    def told(self) -> str:
        """What a reader who points at the words is told."""
        if self.linked:
            return f"{self.kind}：{self.linked}"
        may = "、".join(said for said, _ in self.candidates)
        return f"{self.kind}（待定：{may}）" if may else self.kind


def things(annotation: Annotation, firms: Mapping[str, str]) -> list[Thing]:
    """Return the things that an annotation found, in order of place."""
    return [_thing(entity, firms) for entity in annotation.entities]


def different(told: Iterable[Thing]) -> list[Thing]:
    """Return the things without those that were said and linked before in the same way."""
    kept: dict[tuple[object, ...], Thing] = {}
    for one in told:
        kept.setdefault(one[2:], one)
    return list(kept.values())


def firms(store: Store, annotation: Annotation) -> dict[str, str]:
    """Return the names of the enterprises that an annotation speaks of, where they are known."""
    named = [entity for entity in annotation.entities if entity.kind == "enterprise"]
    ids = {annotation.enterprise_id, *(entity.value for entity in named)}
    ids |= {candidate.value for entity in named for candidate in entity.candidates}
    known = sorted(name for name in ids if name)
    found = store.select("enterprises", "enterprise_id", values=known)
    return {e.enterprise_id: e.name for e in found if isinstance(e, Enterprise) and e.name}


def _thing(entity: Entity, firms: Mapping[str, str]) -> Thing:
    said = [(_said(entity.kind, c.value, firms=firms), c.score) for c in entity.candidates]
    linked = None if entity.value is None else _said(entity.kind, entity.value, firms=firms)
    if entity.kind == "amount" and linked is None and said:
        (linked, _), *said = said  # money of another currency: told, though no amount in fen
    return Thing(
        start=entity.start,
        end=entity.end,
        words=entity.words,
        kind=words.ENTITIES[entity.kind],
        linked=linked,
        confidence=entity.confidence,
        candidates=tuple(said[:SHOWN]) if linked is None or len(said) > 1 else (),
    )


def _said(kind: str, value: str, *, firms: Mapping[str, str]) -> str:
    """Return what a link is called; a code as it stands where it has no name."""
    if kind == "enterprise":
        return f"{firms[value]}（{value}）" if value in firms else value
    if kind in ("origin", "region"):
        return words.country(value)
    if kind == "goods":
        return f"HS {value}"
    return yuan(int(value)) if kind == "amount" and value.isdecimal() else value
