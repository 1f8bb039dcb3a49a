"""The taxonomy: what a report can be about and the words that say so, from one YAML file.

A risk manager reads and changes the file; a mistake in it is an ``Invalid`` that names the place.
``version`` is a hash of the content, so comments and order of keys change nothing.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from features.errors import Invalid

SHIPPED = Path(__file__).parent / "lexicon" / "taxonomy.yaml"
Code = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
LevelNumber = Literal[1, 2, 3, 4]
Share = Annotated[float, Field(ge=0, le=1)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class Labelled(_Entry):
    """A meaning with its two labels and its words."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    words: tuple[Annotated[str, Field(min_length=2)], ...]

    @model_validator(mode="after")
    def _each_word_once(self) -> "Labelled":
        twice = [word for word, count in Counter(self.words).items() if count > 1]
        if twice:
            raise ValueError(f"words {twice} stand twice in one list; keep one of each")
        return self


class Category(Labelled):
    """What kind of matter a report is; relevant ones concern the quality and safety of goods."""

    relevant: bool


class Hazard(Labelled):
    """A way goods can do harm; its category and severity where the report names no other."""

    category: Code
    severity: LevelNumber


class Sentiment(_Entry):
    """Words of dislike and of approval."""

    negative: Labelled
    positive: Labelled


class Negations(_Entry):
    """Words after which a word is denied, and look-alikes after which it is not."""

    words: tuple[str, ...]
    exempt: tuple[str, ...]


class Possibilities(_Entry):
    """Words before or after which a word is only possible."""

    before: tuple[str, ...]
    after: tuple[str, ...]


class Thresholds(_Entry):
    """Confidence below which an answer is named uncertain."""

    category: Share
    hazards: Share
    severity: Share
    sentiment: Share


class Taxonomy(_Entry):
    """The whole file, validated."""

    categories: dict[Code, Category]
    hazards: dict[Code, Hazard]
    severities: dict[LevelNumber, Labelled]
    vulnerable: Labelled
    sentiment: Sentiment
    negations: Negations
    possibilities: Possibilities
    demands: dict[Code, Labelled]
    thresholds: Thresholds

    @model_validator(mode="after")
    def _consistent(self) -> "Taxonomy":
        if "other" not in self.categories:
            raise ValueError("categories need the code 'other' for what fits nowhere; add it")
        strays = {h.category for h in self.hazards.values()} - set(self.categories)
        if strays:
            raise ValueError(f"hazards name unknown categories {sorted(strays)}; add or correct")
        if set(self.severities) != {1, 2, 3, 4}:
            raise ValueError("severities must be exactly 1, 2, 3 and 4 (GB/T 22760)")
        return self

    @property
    def version(self) -> str:
        """Twelve hexadecimal digits that change when the content does."""
        content = json.dumps(self.model_dump(mode="json"), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:12]

    def concepts(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield every concept (``hazard:fire``, ``severity:3``) with its words."""
        yield from ((f"category:{code}", entry.words) for code, entry in self.categories.items())
        yield from ((f"hazard:{code}", entry.words) for code, entry in self.hazards.items())
        yield from ((f"severity:{level}", entry.words) for level, entry in self.severities.items())
        yield from ((f"demand:{code}", entry.words) for code, entry in self.demands.items())
        yield "sentiment:negative", self.sentiment.negative.words
        yield "sentiment:positive", self.sentiment.positive.words
        yield "vulnerable", self.vulnerable.words


def load(path: Path = SHIPPED) -> Taxonomy:
    """Return the taxonomy in a YAML file; ``Invalid`` names every place that is wrong."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Taxonomy.model_validate(content)
    except FileNotFoundError:
        raise Invalid(f"taxonomy {path} does not exist; give the path of a YAML file") from None
    except yaml.YAMLError as error:
        raise Invalid(f"taxonomy {path} is not YAML: {error}") from None
    except ValidationError as error:
        raise Invalid(f"taxonomy {path} is wrong: {_places(error)}") from None


def _places(error: ValidationError) -> str:
    """Return each wrong place as ``hazards.fire.severity: what is wrong``."""
    return "; ".join(
        f"{'.'.join(str(part) for part in wrong['loc']) or 'whole file'}: {wrong['msg']}"
        for wrong in error.errors(include_url=False)
    )
