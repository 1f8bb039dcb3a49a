"""Countries and regions: their names, and the words that make one an origin.

韩国产 and 原产国：日本 tell where goods come from; 在日本旅游 only names a place.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from features.errors import Invalid
from models.text.entities import sheets, spelling
from models.text.entities.names import NOTHING, Meaning, Meanings, gathered

SHIPPED = Path(__file__).parents[1] / "lexicon" / "countries.yaml"
CODE = re.compile(r"[A-Z]{2}")
REACH = 16  # characters before a name in which its cue must stand


@dataclass(frozen=True)
class Countries:
    """Names of countries, and cues of origin as they are spelt in texts."""

    meanings: Meanings
    before: tuple[str, ...]
    after: tuple[str, ...]
    between: tuple[str, ...]

    def is_origin(self, text: str, *, start: int, end: int) -> bool:
        """Return whether the country from ``start`` to ``end`` of a spelt text is an origin."""
        return text.startswith(self.after, end) or bool(
            self._cue.search(text[max(0, start - REACH) : start])
        )

    @cached_property
    def _cue(self) -> re.Pattern[str]:
        cues = "|".join(re.escape(cue) for cue in self.before)
        between = "|".join(re.escape(mark) for mark in self.between)
        return re.compile(rf"(?:{cues})(?:{between})*$")


@cache
def shipped() -> Countries:
    """Return the countries that trade, and their cues."""
    return load(SHIPPED)


def load(path: Path) -> Countries:
    """Return the countries in a YAML file; ``Invalid`` names the place that is wrong."""
    content = sheets.mapping(path)
    told: list[tuple[str, Meaning]] = []
    for code, listed in sheets.part(content, "countries", path=path).items():
        names = sheets.words(listed)
        if not CODE.fullmatch(str(code)) or not names:
            raise Invalid(f"{path.name}: {code!r} needs two capital letters and a list of names")
        told.extend((name, Meaning("country", code)) for name in names)
    never = ((word, Meaning("country", NOTHING)) for word in sheets.words(content.get("never")))
    before, after, between = (
        _cues(content, key) for key in ("origin_before", "origin_after", "between")
    )
    return Countries(gathered([*told, *never]), before, after, between)


def _cues(content: Mapping[str, object], key: str) -> tuple[str, ...]:
    told = sheets.words(content.get(key))
    if not told:
        raise Invalid(f"countries need {key!r}, a list of words; see the shipped file")
    return tuple(spelling.same_length(cue) for cue in told)
