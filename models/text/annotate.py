"""Annotate reports: what one version of the text models reads in each (标注).

The lexicon answers every question without training; a trained classifier takes over category or
sentiment. A batch and its reports one by one get the same annotations.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from features.errors import NotReady
from features.judgements import Annotation, Span
from features.records import Report, reading
from models.text import evidence, lexical
from models.text.evidence import Place
from models.text.lexical import Harm, Verdict
from models.text.linear import LinearClassifier, Prepared, prepare
from models.text.mentions import Finder, Mention
from models.text.normalize import aligned, normalize
from models.text.taxonomy import Taxonomy

TERMS = 3  # how many terms of a linear model are shown as evidence
SIGNS = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}
TOLD = ("enterprise_id", "goods_name", "hs_code", "brand", "origin")


@dataclass(frozen=True)
class Annotator:
    """One version of the text models; ``version`` names it in every annotation it writes.

    A classifier that knows a class which the taxonomy or the signs of sentiment do not is
    ``NotReady``.
    """

    taxonomy: Taxonomy
    version: str
    category: LinearClassifier | None = None
    sentiment: LinearClassifier | None = None

    def __post_init__(self) -> None:
        _check_classes(self.category, self.taxonomy.categories)
        _check_classes(self.sentiment, SIGNS)

    def annotate(self, reports: Sequence[Report]) -> list[Annotation]:
        """Return one annotation per report, in order; each is known as soon as its report is.

        The models were trained before the report came, so reading it adds no delay.
        """
        texts = [normalize(reading(report.title, report.text)) for report in reports]
        prepared = prepare(texts) if self.category or self.sentiment else None
        mentioned = [self._finder.find(text) for text in texts]
        answers = zip(
            reports,
            mentioned,
            self._categories(texts, mentioned, prepared=prepared),
            self._sentiments(mentioned, prepared),
            strict=True,
        )
        return [
            self._annotation(report, mentions, category=category, sentiment=sentiment)
            for report, mentions, category, sentiment in answers
        ]

    @cached_property
    def _finder(self) -> Finder:
        return Finder(self.taxonomy)

    def _categories(
        self, texts: list[str], mentioned: list[list[Mention]], *, prepared: Prepared | None
    ) -> list[tuple[Verdict, list[Place]]]:
        """Return the category of each text, and where a trained model read it."""
        if self.category is None or prepared is None:
            return [(lexical.category(self.taxonomy, mentions), []) for mentions in mentioned]
        probabilities, terms = self.category.read(prepared, terms=TERMS)
        codes = self.category.classes_[probabilities.argmax(axis=1)]
        return [
            (Verdict(str(code), sure), evidence.of_terms(text, own, answer=f"category:{code}"))
            for text, code, sure, own in zip(
                texts, codes, _rounded(probabilities.max(axis=1)), terms, strict=True
            )
        ]

    def _sentiments(
        self, mentioned: list[list[Mention]], prepared: Prepared | None
    ) -> list[tuple[float, float]]:
        """Return sentiment from -1 to 1, and its confidence, for each text."""
        if self.sentiment is None or prepared is None:
            return [lexical.sentiment(mentions) for mentions in mentioned]
        probabilities = self.sentiment.predict_proba(prepared)
        signs = np.array([SIGNS[str(code)] for code in self.sentiment.classes_])
        sure = _rounded(probabilities.max(axis=1))
        return list(zip(_rounded(probabilities @ signs), sure, strict=True))

    def _annotation(
        self,
        report: Report,
        mentions: list[Mention],
        *,
        category: tuple[Verdict, list[Place]],
        sentiment: tuple[float, float],
    ) -> Annotation:
        (verdict, read), harm = category, lexical.harm(self.taxonomy, mentions)
        confidence = {
            "category": verdict.confidence,
            "hazards": harm.hazards_confidence,
            "severity": harm.severity_confidence,
            "sentiment": sentiment[1],
        }
        lexicon = evidence.of_mentions(lexical.telling(mentions, "" if read else verdict.answer))
        return Annotation.model_validate(
            {
                "report_id": report.report_id,
                "model_version": self.version,
                "annotated_at": report.known_at,
                "relevant": self._is_relevant(verdict.answer, mentions, harm=harm),
                "category": verdict.answer,
                "hazards": harm.hazards,
                "severity": harm.severity,
                "sentiment": sentiment[0],
                "confidence": confidence,
                "uncertain": self._uncertain(confidence),
                "evidence": _spans(report, [*read, *lexicon]),
                **_told(report),
            }
        )

    def _is_relevant(self, category: str, mentions: list[Mention], *, harm: Harm) -> bool:
        """Return whether it concerns goods: by its category, or by a hazard of goods.

        A fire among words of public affairs only (a building site, a road) is not one of goods.
        """
        if self.taxonomy.categories[category].relevant:
            return True
        return bool(harm.hazards) and lexical.category(self.taxonomy, mentions).answer != "other"

    def _uncertain(self, confidence: Mapping[str, float]) -> tuple[str, ...]:
        thresholds = self.taxonomy.thresholds.model_dump()
        return tuple(
            question for question, sure in confidence.items() if sure < thresholds[question]
        )


def lexicon_only(taxonomy: Taxonomy) -> Annotator:
    """Return the annotator that needs no training; its version is the taxonomy's."""
    return Annotator(taxonomy, f"lexicon-{taxonomy.version}")


def trained(taxonomy: Taxonomy, classifiers: Mapping[str, LinearClassifier]) -> Annotator:
    """Return the annotator of a taxonomy and classifiers by task; its version hashes both.

    Without any classifier it is the lexicon's.
    """
    if not classifiers:
        return lexicon_only(taxonomy)
    parts = [f"{task}={classifiers[task].version}" for task in sorted(classifiers)]
    content = "/".join([taxonomy.version, *parts])
    version = f"linear-{hashlib.sha256(content.encode()).hexdigest()[:12]}"
    return Annotator(taxonomy, version, classifiers.get("category"), classifiers.get("sentiment"))


def _check_classes(classifier: LinearClassifier | None, known: Mapping[str, object]) -> None:
    strays = set(map(str, classifier.classes_)) - set(known) if classifier else set()
    if strays:
        raise NotReady(
            f"the classifier answers {sorted(strays)}, which is none of {sorted(known)}; "
            "train it again with this taxonomy"
        )


def _rounded(shares: NDArray[np.float64]) -> list[float]:
    """Return shares to six digits, so that a batch and single texts agree to the last bit."""
    return [float(share) for share in shares.round(6)]


def _spans(report: Report, places: list[Place]) -> tuple[Span, ...]:
    original = reading(report.title, report.text)
    return evidence.spans(original, places, normalized=aligned(original)) if places else ()


def _told(report: Report) -> dict[str, str | None]:
    """Return what the report says of itself; linking it from the text belongs here as well."""
    return {field: getattr(report, field) for field in TOLD}
