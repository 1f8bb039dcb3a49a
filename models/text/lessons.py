"""Lessons: what a label of a report would teach, each reason with its weight and its words.

Uncertain: answers below their thresholds. Disagreeing: another version, or the lexicon, reads it
otherwise, and both are sure. Suspect: its own column says what held-out models doubt. Novel: its
words do not stand in what was labelled so far.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from features.judgements import Annotation
from models.text import corrections, names, segment
from models.text.annotate import LEXICON
from models.text.names import QUESTIONS, Name
from models.text.suspects import Suspect
from models.text.taxonomy import Taxonomy
from models.wording import percent

Kind = Literal["uncertain", "disagreeing", "suspect", "novel"]
KINDS: dict[Kind, Name] = {
    "uncertain": Name("存疑", "uncertain"),
    "disagreeing": Name("读法不一", "disagreeing"),
    "suspect": Name("标签可疑", "suspect"),
    "novel": Name("新内容", "novel"),
}
THE_LEXICON = Name("词典", "the lexicon")
BOTH_SURE = 0.4  # product of two confidences from which a disagreement tells something
NOVEL = 0.5  # share of words that nobody labelled yet
FEWEST_WORDS = 4  # of a text whose novelty can be told
SHOWN = 3  # questions or words that a reason names


class Lesson(NamedTuple):
    """A reason to label a report: its kind, its weight from 0 to 1, and a sentence."""

    kind: Kind
    weight: float
    zh: str
    en: str


@dataclass(frozen=True)
class Unread:
    """A report that nobody judged yet: its normalised words, and what was read in them."""

    text: str
    annotation: Annotation
    others: tuple[Annotation, ...] = ()
    suspects: tuple[Suspect, ...] = ()

    @property
    def report_id(self) -> str:
        """The report's id."""
        return self.annotation.report_id

    @cached_property
    def words(self) -> frozenset[str]:
        """The different words of two characters or more."""
        return telling(self.text)


def telling(text: str) -> frozenset[str]:
    """Return the different words of a normalised text that have two characters or more."""
    return frozenset(word for word in segment.words(text) if len(word) > 1)


@dataclass(frozen=True)
class Teacher:
    """Tells the lessons of reports, for some questions of a taxonomy.

    labelled: every word of the texts that were labelled so far; with none, nothing is novel.
    """

    taxonomy: Taxonomy
    questions: Sequence[str]
    labelled: Set[str]

    def lessons(self, unread: Unread) -> tuple[Lesson, ...]:
        """Return the reasons to label a report, the weightiest first; none where none holds."""
        found = (
            self._uncertain(unread.annotation),
            self._disagreeing(unread.annotation, unread.others),
            self._suspect(unread.suspects),
            self._novel(unread.words),
        )
        return tuple(sorted((lesson for lesson in found if lesson), key=lambda one: -one.weight))

    def _uncertain(self, annotation: Annotation) -> Lesson | None:
        sure = {q: annotation.confidence.get(q, 1.0) for q in self.questions}
        unsure = sorted((q for q in sure if q in annotation.uncertain), key=lambda q: (sure[q], q))
        if not unsure:
            return None
        weight = sum(1 - own for own in sure.values()) / len(sure)
        said = [_sure(q, sure[q]) for q in unsure[:SHOWN]]
        return _lesson("uncertain", names.listed(said), weight=weight)

    def _disagreeing(self, annotation: Annotation, others: Iterable[Annotation]) -> Lesson | None:
        own = corrections.answers(annotation, taxonomy=self.taxonomy)
        found = [
            (self._surely(annotation, q) * self._surely(other, q), q, other, answer)
            for other in others
            for q, answer in corrections.answers(other, taxonomy=self.taxonomy).items()
            if q in self.questions and own.get(q, answer) != answer
        ]
        if not found:
            return None
        weight, question, other, answer = max(found, key=lambda one: (one[0], one[1]))
        if weight < BOTH_SURE:
            return None
        here, there = self._answer(question, own[question]), self._answer(question, answer)
        asked, reader = QUESTIONS[question], _reader(other.model_version)
        zh = f"{asked.zh}读作{here.zh}，{reader.zh}读作{there.zh}"
        en = f"{asked.en} is {here.en} here, {there.en} by {reader.en}"
        return _lesson("disagreeing", Name(zh, en), weight=weight)

    def _surely(self, annotation: Annotation, question: str) -> float:
        return annotation.confidence.get(question, 0.0)

    def _suspect(self, suspects: Iterable[Suspect]) -> Lesson | None:
        known = [s for s in suspects if s.question in self.questions]
        if not known:
            return None
        worst = max(known, key=lambda s: (1 - s.given_probability, s.question))
        given, likely = (self._answer(worst.question, c) for c in (worst.given, worst.likely))
        share = percent(worst.likely_probability)
        question = QUESTIONS[worst.question]
        zh = f"{question.zh}登记为{given.zh}，更像{likely.zh}（{share}）"
        en = f"{question.en} is filed as {given.en}, {likely.en} is likelier ({share})"
        return _lesson("suspect", Name(zh, en), weight=1 - worst.given_probability)

    def _novel(self, words: frozenset[str]) -> Lesson | None:
        if not self.labelled or len(words) < FEWEST_WORDS:
            return None
        unseen = words - self.labelled
        share = len(unseen) / len(words)
        if share < NOVEL:
            return None
        shown = "、".join(sorted(unseen, key=lambda word: (-len(word), word))[:SHOWN])
        zh, en = (
            f"{percent(share)} 的词未标注过，如{shown}",
            f"{percent(share)} of its words: {shown}",
        )
        return _lesson("novel", Name(zh, en), weight=share)

    def _answer(self, question: str, codes: str) -> Name:
        return names.answer(codes, question, known=self._known)

    @cached_property
    def _known(self) -> Mapping[str, Mapping[str, Name]]:
        return names.answers(self.taxonomy)


def _reader(version: str) -> Name:
    """Return what a version is called; of the lexicon there is one, whatever its version."""
    return THE_LEXICON if version.startswith(f"{LEXICON}-") else Name(f"{version} ", version)


def _sure(question: str, confidence: float) -> Name:
    zh, en = QUESTIONS[question]
    return Name(f"{zh}把握 {percent(confidence)}", f"{en} {percent(confidence)}")


def _lesson(kind: Kind, said: Name, *, weight: float) -> Lesson:
    name = KINDS[kind]
    return Lesson(kind, round(weight, 4), f"{name.zh}：{said.zh}", f"{name.en}: {said.en}")
