"""Credibility: how likely a text is to be true, by signs in it and the channel it came by."""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from models.text.entries import Credibility
from models.text.mentions import Said
from models.text.rules.answer import Answer


@dataclass(frozen=True)
class Cues:
    """The cues of one lexicon; built once, used for every text."""

    words: Credibility

    def answer(self, text: str, said: Said, *, channel: str) -> Answer[float]:
        """Return the probability that the text is true, and the cues that told."""
        told = self.told(text, said)
        odds = self.words.intercept + self.words.channels.get(channel, 0.0)
        weights = self._posted if channel in self.words.posts else self._elsewhere
        odds += sum(weights[code] for code in told)
        likely = round(1 / (1 + math.exp(-odds)), 4)
        places = tuple((start, end, f"credibility:{code}") for code, (start, end) in told.items())
        return Answer(likely, max(likely, round(1 - likely, 4)), places)

    def told(self, text: str, said: Said) -> Mapping[str, tuple[int, int]]:
        """Return the cues of a text and where each stands first."""
        told: dict[str, tuple[int, int]] = {}
        for mention in said["credibility"]:
            told.setdefault(mention.code, (mention.start, mention.end))
        for code, start, end in self._patterned(text):
            told.setdefault(code, (start, end))
        return told

    def _patterned(self, text: str) -> Iterator[tuple[str, int, int]]:
        for code, pattern in self._patterns:
            match = pattern.search(text)
            if match is not None:
                yield code, match.start(), match.end()

    @cached_property
    def _posted(self) -> Mapping[str, float]:
        return {code: cue.weight for code, cue in self.words.cues.items()}

    @cached_property
    def _elsewhere(self) -> Mapping[str, float]:
        cues = self.words.cues.items()
        own = {code: cue.elsewhere for code, cue in cues if cue.elsewhere is not None}
        return {**self._posted, **own}

    @cached_property
    def _patterns(self) -> Sequence[tuple[str, re.Pattern[str]]]:
        cues = self.words.cues.items()
        return [(code, re.compile(cue.pattern)) for code, cue in cues if cue.pattern]
