"""Votes: the class of a text is the one that most different words speak for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from models.text.entries import Votes
from models.text.mentions import Mention, Said
from models.text.rules.answer import Answer
from models.text.taxonomy import Concept

NONE = "other"


@dataclass(frozen=True)
class Poll:
    """Who may be chosen, in order of precedence, and whom each concept speaks for."""

    question: str
    codes: Sequence[str]
    heard: Mapping[Concept, Sequence[str]]
    sureness: Votes

    def answer(self, said: Said) -> Answer[str]:
        """Return the class with most votes; the first of equals, ``other`` where nothing is said.

        Denied words do not vote, and a word votes once. How sure it is depends on the lead.
        """
        voices = self._voices(said)
        chosen, lead = self._won(voices)
        if lead is None:
            return Answer(chosen, self.sureness.silent)
        own = [m for (code, _), m in voices.items() if code == chosen]
        places = tuple((m.start, m.end, f"{self.question}:{chosen}") for m in own)
        leads = self.sureness.leads
        return Answer(chosen, leads[min(lead, len(leads) - 1)], places)

    def won(self, said: Said) -> tuple[str, int | None]:
        """Return the class chosen and its lead in votes; None where nobody voted."""
        return self._won(self._voices(said))

    def _won(self, voices: Mapping[tuple[str, str], Mention]) -> tuple[str, int | None]:
        votes: dict[str, int] = {}
        for code, _ in voices:
            votes[code] = votes.get(code, 0) + 1
        if not votes:
            return NONE, None
        most = max(votes.values())
        ahead = [code for code, count in votes.items() if count == most]
        if len(ahead) > 1:
            return min(ahead, key=self._ranks.__getitem__), 0
        others = [count for count in votes.values() if count < most]
        return ahead[0], most - max(others, default=0)

    @cached_property
    def _ranks(self) -> Mapping[str, int]:
        return {code: rank for rank, code in enumerate(self.codes)}

    @cached_property
    def _kinds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(kind for kind, _ in self.heard))

    def _voices(self, said: Said) -> dict[tuple[str, str], Mention]:
        """Return the first mention of each word that speaks for a class."""
        heard = self.heard
        voices = [
            (code, mention)
            for kind in self._kinds
            for mention in said[kind]
            if mention.standing != "denied"
            for code in heard.get((kind, mention.code), ())
        ]
        return {(code, mention.word): mention for code, mention in reversed(voices)}
