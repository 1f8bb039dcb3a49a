"""Annotate reports: what one version of the text models reads in each (标注).

The rules of the lexicon answer every question without training; trained classifiers join them
(``models.text.opinions`` says how), a linker finds the things that are named. A batch and its
reports one by one get the same annotations.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

from features.judgements import Annotation
from features.records import Report, reading
from models.text import evidence, opinions
from models.text.classifier import Classifier
from models.text.entities.linker import Linker
from models.text.normalize import normalize_all
from models.text.rules.answer import Answers
from models.text.rules.rules import Rules
from models.text.taxonomy import Taxonomy

LEXICON = "lexicon"  # begins the version of what reads without classifiers
TOLD = ("enterprise_id", "goods_name", "hs_code", "brand", "origin")


@dataclass(frozen=True)
class Annotator:
    """One version of the text models; ``version`` names it in every annotation it writes.

    A classifier of an unknown question, or with a class that the taxonomy does not know, is
    ``NotReady``.
    """

    taxonomy: Taxonomy
    version: str
    classifiers: Mapping[str, Classifier] = field(default_factory=dict)
    linker: Linker | None = None

    def __post_init__(self) -> None:
        opinions.check(self.taxonomy, self.classifiers)

    def annotate(self, reports: Sequence[Report]) -> list[Annotation]:
        """Return one annotation per report, in order; each is known as soon as its report is.

        The models were trained before the report came, so reading it adds no delay.
        """
        originals = [reading(report.title, report.text) for report in reports]
        texts = normalize_all(originals)
        answers = self._answers(reports, texts)
        places = [chain.from_iterable(answer.places for answer in own) for own in answers]
        shown = evidence.spans(originals, texts, places=places)
        whole = zip(reports, answers, shown, self._things(reports, originals), strict=True)
        return [
            self._annotation(report, answers=own, evidence=spans, things=named)
            for report, own, spans, named in whole
        ]

    def _answers(self, reports: Sequence[Report], texts: Sequence[str]) -> list[Answers]:
        read = self._rules.read_all(texts, [report.channel for report in reports])
        if not self.classifiers:
            return read
        told = zip(reports, read, opinions.of(self.classifiers, texts), strict=True)
        return [
            opinions.joined(own, said, taxonomy=self.taxonomy, channel=report.channel)
            for report, own, said in told
        ]

    @cached_property
    def lexicon(self) -> "Annotator":
        """What reads by the same lexicon without training; itself where it is that already."""
        plain = lexicon_only(self.taxonomy)
        return self if plain.version == self.version else plain

    @cached_property
    def _rules(self) -> Rules:
        return Rules(self.taxonomy)

    @cached_property
    def _thresholds(self) -> Mapping[str, float]:
        return self.taxonomy.thresholds.model_dump()

    def _annotation(
        self,
        report: Report,
        *,
        answers: Answers,
        evidence: Sequence[Mapping[str, Any]],
        things: Mapping[str, Any],
    ) -> Annotation:
        confidence = {question: a.confidence for question, a in answers._asdict().items()}
        thresholds = self._thresholds
        return Annotation.model_validate(
            {
                "report_id": report.report_id,
                "model_version": self.version,
                "annotated_at": report.known_at,
                "relevant": answers.relevance.value,
                "category": answers.category.value,
                "hazards": answers.hazards.value,
                "severity": answers.severity.value,
                "sentiment": answers.sentiment.value,
                "credibility": answers.credibility.value,
                "request": answers.request.value,
                "demands": answers.demands.value,
                "confidence": confidence,
                "uncertain": tuple(q for q, sure in confidence.items() if sure < thresholds[q]),
                "evidence": evidence,
                **things,
            }
        )

    def _things(self, reports: Sequence[Report], originals: Sequence[str]) -> list[dict[str, Any]]:
        """Return what reports name; what one says of itself wins over what is linked."""
        told = [{name: getattr(report, name) for name in TOLD} for report in reports]
        if self.linker is None:
            return told
        moments = [report.received_at for report in reports]
        named = self.linker.read_all(originals, received_at=moments)
        return [
            {"entities": entities, **self.linker.linked(entities), **_given(own)}
            for own, entities in zip(told, named, strict=True)
        ]


def _given(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if value is not None}


def lexicon_only(taxonomy: Taxonomy) -> Annotator:
    """Return the annotator that needs no training: rules, and the shipped goods and countries."""
    return trained(taxonomy, {}, linker=Linker())


def trained(
    taxonomy: Taxonomy, classifiers: Mapping[str, Classifier], *, linker: Linker | None = None
) -> Annotator:
    """Return the annotator of a taxonomy, classifiers by question, and a linker.

    Its version hashes them all. Without classifiers only lists answer: it is a lexicon's.
    """
    parts = [f"{task}={classifiers[task].version}" for task in sorted(classifiers)]
    if linker is not None:
        parts.append(f"linker={linker.version}")
    content = "/".join([taxonomy.version, *parts])
    kind = "trained" if classifiers else LEXICON
    version = f"{kind}-{hashlib.sha256(content.encode()).hexdigest()[:12]}"
    return Annotator(taxonomy, version, classifiers, linker)
