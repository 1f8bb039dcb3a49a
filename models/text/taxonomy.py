"""The lexicon: what a report can be about and the words that say so, from a folder of YAML files.

A risk manager reads and changes the files; a mistake in one is an ``Invalid`` that names the
place. ``version`` is a hash of the content, so comments and order of keys change nothing.
"""

import hashlib
import json
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError, model_validator

from features.errors import Invalid
from models.text.entries import (
    Category,
    Code,
    Credibility,
    Entry,
    Hazard,
    Labelled,
    LevelNumber,
    Relevance,
    Request,
    RequestCode,
    Sentiment,
    Standings,
    Sureness,
    Thresholds,
)

SHIPPED = Path(__file__).parent / "lexicon"
FILES = ("taxonomy", "requests", "standings", "tone", "credibility", "confidence")
Concept = tuple[str, str]  # its kind and its code, such as hazard and fire


class Taxonomy(Entry):
    """The whole folder, validated."""

    categories: dict[Code, Category]
    hazards: dict[Code, Hazard]
    severities: dict[LevelNumber, Labelled]
    vulnerable: Labelled
    demands: dict[Code, Labelled]
    requests: dict[RequestCode, Request]
    standings: Standings
    sentiment: Sentiment
    credibility: Credibility
    relevance: Relevance
    sureness: Sureness
    thresholds: Thresholds

    @model_validator(mode="after")
    def _consistent(self) -> "Taxonomy":
        for name in ("categories", "requests"):
            if "other" not in getattr(self, name):
                raise ValueError(f"{name} need the code 'other' for what fits nowhere; add it")
        strays = {h.category for h in self.hazards.values()} - set(self.categories)
        if strays:
            raise ValueError(f"hazards name unknown categories {sorted(strays)}; add or correct")
        if set(self.severities) != {1, 2, 3, 4}:
            raise ValueError("severities must be exactly 1, 2, 3 and 4 (GB/T 22760)")
        unheard = {heard for entry in self.requests.values() for heard in entry.heard} - self._names
        if unheard:
            raise ValueError(f"requests hear unknown concepts {sorted(unheard)}; correct them")
        return self

    @model_validator(mode="after")
    def _patterns(self) -> "Taxonomy":
        for code, cue in self.credibility.cues.items():
            try:
                re.compile(cue.pattern or "")
            except re.error as error:
                raise ValueError(f"the pattern of cue {code} is wrong: {error}") from None
        return self

    @cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits that change when the content does."""
        content = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:12]

    @property
    def _names(self) -> set[str]:
        return {f"{kind}:{code}" for (kind, code), _ in self.concepts()}

    def concepts(self) -> Iterator[tuple[Concept, tuple[str, ...]]]:
        """Yield every concept, its kind and its code, with its words."""
        parts: dict[str, dict[Any, Labelled]] = {
            "category": {**self.categories},
            "hazard": {**self.hazards},
            "severity": {**self.severities},
            "demand": {**self.demands},
            "request": {**self.requests},
            "credibility": {**self.credibility.cues},
            "sentiment": {
                "negative": self.sentiment.negative,
                "positive": self.sentiment.positive,
            },
            "vulnerable": {"vulnerable": self.vulnerable},
        }
        for kind, entries in parts.items():
            for code, entry in entries.items():
                yield (kind, str(code)), entry.words


def load(folder: Path = SHIPPED) -> Taxonomy:
    """Return the lexicon in a folder of YAML files; ``Invalid`` names every place that is wrong."""
    content: dict[str, Any] = {}
    for name in FILES:
        content |= _content(folder / f"{name}.yaml")
    try:
        return Taxonomy.model_validate(content)
    except ValidationError as error:
        raise Invalid(f"lexicon {folder} is wrong: {_places(error)}") from None


def _content(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise Invalid(f"{path} does not exist; give a folder with {', '.join(FILES)}") from None
    except yaml.YAMLError as error:
        raise Invalid(f"{path} is not YAML: {error}") from None
    if not isinstance(content, dict):
        raise Invalid(f"{path} holds no keys; see the file of that name in {SHIPPED}")
    return content


def _places(error: ValidationError) -> str:
    """Return each wrong place as ``hazards.fire.severity: what is wrong``."""
    return "; ".join(
        f"{'.'.join(str(part) for part in wrong['loc']) or 'whole folder'}: {wrong['msg']}"
        for wrong in error.errors(include_url=False)
    )
