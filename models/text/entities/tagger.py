"""The tagger: marks what texts name, learned from texts that people marked.

Two conditional random fields see a text in two ways; their probabilities are averaged and the best
sequence of tags is taken. Every stretch says how sure it is.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from features.errors import Invalid
from models.text.entities import decode, gazetteers, signs, spans
from models.text.entities.crf import Field, Signs, Training
from models.text.entities.gazetteers import WordLists
from models.text.entities.known import Known
from models.text.entities.signs import Told
from models.text.entities.spans import Sentence
from models.text.entities.topics import Topics
from models.text.matcher import Matcher

FOLDS = 5  # in which known words and topics are told to training texts
DISCOUNT = 0.3  # off the log-odds of being outside; chosen within training texts
NEAR = {"c1": 0.1, "c2": 0.1, "max_iterations": 60}
WIDE = {"c1": 0.1, "c2": 0.1, "max_iterations": 80}
Marginals = NDArray[np.float64]


class Tagged(NamedTuple):
    """A stretch of a text that names something, and how sure that is."""

    start: int
    end: int
    label: str
    confidence: float


@dataclass(frozen=True)
class Tagger:
    """A fitted tagger, with the word lists it was fitted with."""

    near: Field
    wide: Field
    lists: WordLists
    known: Known
    topics: Topics

    def tag(self, texts: Sequence[str]) -> list[tuple[Tagged, ...]]:
        """Return what each text names, in order; offsets are those of the text."""
        return [tuple(self._tagged(text)) if text else () for text in texts]

    @property
    def labels(self) -> tuple[str, ...]:
        """The kinds of names it can find."""
        return tuple(sorted({tag[2:] for tag in self._tags} - {""}))

    @cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits that change when what it has learned does."""
        names = repr((sorted(self.lists.items()), sorted(self.known.signs.items())))
        told = (self.near.content, self.wide.content, names.encode(), self.topics.weights.tobytes())
        return hashlib.sha256(b"/".join(told)).hexdigest()[:12]

    def _tagged(self, text: str) -> Iterator[Tagged]:
        spelt = signs.spelt(text)
        told = _told(spelt, self._matchers, known=self.known, topics=self.topics)
        near, wide = signs.views(spelt, told)
        marginals = (self._marginals(self.near, near) + self._marginals(self.wide, wide)) / 2
        path = decode.best(marginals, self._tags, discount=DISCOUNT)
        for start, end, label in spans.named([self._tags[i] for i in path]):
            sure = decode.sureness(marginals, path, start=start, end=end)
            yield Tagged(start, end, label, round(min(sure, 1.0), 6))

    def _marginals(self, field: Field, seen: Signs) -> Marginals:
        """Return a field's probabilities of BIO tags, whatever tags are its own."""
        told = np.zeros((len(seen), len(self._tags)))
        for place, column in zip(self._places[field.labels], field.marginals(seen).T, strict=True):
            told[:, place] += column
        return told

    @cached_property
    def _tags(self) -> tuple[str, ...]:
        return tuple(
            sorted({_bio(tag) for field in (self.near, self.wide) for tag in field.labels})
        )

    @cached_property
    def _places(self) -> Mapping[tuple[str, ...], list[int]]:
        fields = (self.near, self.wide)
        return {f.labels: [self._tags.index(_bio(tag)) for tag in f.labels] for f in fields}

    @cached_property
    def _matchers(self) -> tuple[Matcher, ...]:
        return _matchers(self.lists)


def fit(sentences: Sequence[Sentence], *, lists: WordLists) -> Tagger:
    """Return a tagger fitted on texts that people marked; ``Invalid`` where they mark nothing."""
    plain = [Sentence(signs.spelt(s.text), s.named) for s in sentences if s.text]
    if not any(sentence.named for sentence in plain):
        raise Invalid(f"none of {len(plain)} texts marks an entity; give texts that do")
    near, wide = Training(NEAR), Training(WIDE)
    for sentence, (near_view, wide_view) in zip(plain, _seen(plain, _matchers(lists)), strict=True):
        near.add(near_view, spans.tags(sentence))
        wide.add(wide_view, spans.full_tags(sentence))
    return Tagger(near.field(), wide.field(), lists, Known.of(plain), Topics.of(plain))


def _seen(
    sentences: Sequence[Sentence], matchers: Sequence[Matcher]
) -> Iterator[tuple[Signs, Signs]]:
    """Yield the views of each text, told only what the other folds know.

    A text that comes again is in the same fold, so that it tells itself nothing.
    """
    order = {text: i for i, text in enumerate(dict.fromkeys(s.text for s in sentences))}
    folds = [order[sentence.text] % FOLDS for sentence in sentences]
    parts = [[s for s, own in zip(sentences, folds, strict=True) if own != k] for k in range(FOLDS)]
    others = [(Known.of(part), Topics.of(part)) for part in parts]
    for sentence, fold in zip(sentences, folds, strict=True):
        known, topics = others[fold]
        told = _told(sentence.text, matchers, known=known, topics=topics)
        yield signs.views(sentence.text, told)


def _told(text: str, matchers: Sequence[Matcher], *, known: Known, topics: Topics) -> Told:
    columns = (
        *(gazetteers.longest(matcher, text) for matcher in matchers),
        *(gazetteers.every(matcher, text) for matcher in matchers),
        known.column(text),
    )
    return Told(columns, tuple(topics.levels(text)))


def _matchers(lists: WordLists) -> tuple[Matcher, ...]:
    return tuple(Matcher(words) for _, words in sorted(lists.items()))


def _bio(tag: str) -> str:
    """Return the BIO tag of a BIOES tag."""
    return {"S": "B", "E": "I"}.get(tag[0], tag[0]) + tag[1:]
