"""Standing: whether a mention is asserted, denied (没有起火) or only possible (担心会起火).

Cues are found in one pass, the longer of two that begin together, so 没有人 hides 没有. What
stands before a mention counts within its clause and up to a break (但, 导致); a condition also
reaches into the next clause. That is simple and sometimes wrong; a trained reader may do better.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from models.text.entries import Standings
from models.text.matcher import Matcher, spelt

Standing = Literal["asserted", "possible", "denied"]
CLAUSE = ",.;:!?。;!?\n…"
SENTENCE = frozenset(".!?。\n")
DENIAL_REACH, DOUBT_REACH = 6, 14
NEAR = frozenset({"denial", "doubt"})  # cues that tell only within reach
FILLERS = (
    *"的了等之 均都也全",
    *("现象", "情况", "问题", "事故", "迹象", "事件", "安全", "质量", "重大", "严重", "潜在"),
    *("较大", "极大", "很大", "巨大", "释放量", "含量", "残留量", "残留"),
    *("项目", "指标", "检测", "结果"),
)
FILLER = f"(?:{'|'.join(FILLERS)}){{0,4}}"


Token = tuple[int, int, str]  # start, end, and the kind of a cue, or stop at the end of a clause


@dataclass(frozen=True)
class Judge:
    """Says how the mentions of a text stand; built once from the lexicon's words."""

    words: Standings

    def standings(self, text: str, places: Sequence[tuple[int, int]]) -> list[Standing]:
        """Return the standing of each place, in the order given, which is that of the text."""
        if not places:
            return []
        tokens = self._tokens(text)
        ends = [end for _, end, _ in tokens]
        kinds = {kind for _, _, kind in tokens}
        alone = [
            self._alone(text, place, before=tokens[: bisect_right(ends, place[0])], kinds=kinds)
            for place in places
        ]
        return self._joined(text, places, alone=alone) if len(set(alone)) > 1 else alone

    def _alone(
        self, text: str, place: tuple[int, int], *, before: Sequence[Token], kinds: Set[str]
    ) -> Standing:
        """Return the standing of one place; ``kinds`` are those of every cue in the text."""
        start, end = place
        told = self._by_what_follows(text, end)
        if told is not None:
            return told
        if before or text[start - 1 : start] in self._last:
            if self._touched(text, start, before=before):
                return "denied"
            told = None if kinds.isdisjoint(NEAR) else self._near(start, before=before)
        if told is None and "condition" in kinds:
            return self._condition(text, start, before=before)
        return told or "asserted"

    def _by_what_follows(self, text: str, end: int) -> Standing | None:
        if text[end : end + 1] not in self._following:
            return None
        if self._presupposed.match(text, end):
            return "asserted"
        if self._doubt_after.match(text, end):
            return "possible"
        return "denied" if self._denial_after.match(text, end) else None

    def _near(self, start: int, *, before: Sequence[Token]) -> Standing | None:
        """Return what the cues of the clause say, a doubt before a denial; None where none does."""
        told: Standing | None = None
        deniable = True
        for _, end, kind in reversed(before):
            gap = start - end
            if kind in ("stop", "break") or gap > DOUBT_REACH:
                break
            if kind == "doubt":
                return "possible"
            if kind == "denial" and deniable and gap <= DENIAL_REACH:
                told = "denied"
            deniable = deniable and kind != "pause"
        return told

    def _touched(self, text: str, start: int, *, before: Sequence[Token]) -> bool:
        """Return whether a denial touches a place, and is not the end of some other cue."""
        if before and before[-1][1] == start:
            return text[before[-1][0] : start] in self._touching
        return text.endswith(self._touching, 0, start)

    def _condition(self, text: str, start: int, *, before: Sequence[Token]) -> Standing:
        """Return possible where a condition holds in this clause or from the one before."""
        crossed, told = False, True
        for first, end, kind in reversed(before):
            if kind == "condition":
                return "possible" if told else "asserted"
            if kind == "stop" and (crossed or text[first] in SENTENCE):
                break
            if kind == "stop":
                crossed = True
                told = self._outcome.search(text, end, start) is not None
            elif kind == "break":
                break
        return "asserted"

    def _joined(
        self, text: str, places: Sequence[tuple[int, int]], *, alone: list[Standing]
    ) -> list[Standing]:
        """Return the standings with those of one list made equal to its first that is not plain."""
        shared = list(alone)
        group: list[int] = []
        for i, (start, _) in enumerate(places):
            if group and not self._linked(text, places[i - 1][1], start=start):
                group = []
            group.append(i)
            told: Standing = next((alone[k] for k in group if alone[k] != "asserted"), "asserted")
            for k in group:
                shared[k] = told
        return shared

    def _linked(self, text: str, end: int, *, start: int) -> bool:
        return end <= start and text[end:start].strip() in self._joints

    def _tokens(self, text: str) -> list[Token]:
        kinds = self._kinds
        return [(start, end, kinds[word]) for start, end, word in self._cues.apart(text)]

    @cached_property
    def _kinds(self) -> Mapping[str, str]:
        denials, doubts = self.words.denials, self.words.doubts
        lists = {
            "denial": denials.before,
            "doubt": doubts.before,
            "condition": doubts.conditions,
            "break": self.words.breaks,
            "pause": self.words.pauses,
            "exempt": self.words.exempt,
        }
        spellings = {spelt(word): kind for kind, words in lists.items() for word in words}
        return spellings | dict.fromkeys(CLAUSE, "stop")

    @cached_property
    def _cues(self) -> Matcher:
        return Matcher(tuple(self._kinds))

    @cached_property
    def _touching(self) -> tuple[str, ...]:
        return tuple(map(spelt, self.words.denials.touching))

    @cached_property
    def _last(self) -> frozenset[str]:
        return frozenset(word[-1] for word in self._touching)

    @cached_property
    def _joints(self) -> frozenset[str]:
        return frozenset(spelt(joint) for joint in self.words.joints)

    @cached_property
    def _following(self) -> frozenset[str]:
        """The characters with which what follows a mention may begin to tell how it stands."""
        doubts = self.words.doubts
        after = (*self.words.denials.after, *doubts.after, *doubts.questions)
        words = [*map(spelt, (*after, *self.words.presupposed)), *FILLERS, "了", "过"]
        return frozenset(word[0] for word in words)

    @cached_property
    def _presupposed(self) -> re.Pattern[str]:
        return re.compile(_any(self.words.presupposed))

    @cached_property
    def _denial_after(self) -> re.Pattern[str]:
        return re.compile(f"{FILLER}(?:{_any(self.words.denials.after)})")

    @cached_property
    def _doubt_after(self) -> re.Pattern[str]:
        doubts = self.words.doubts
        return re.compile(f"{FILLER}(?:{_any(doubts.after)})|[了过]?(?:{_any(doubts.questions)})")

    @cached_property
    def _outcome(self) -> re.Pattern[str]:
        return re.compile(_any(self.words.doubts.outcomes))


def _any(words: Iterable[str]) -> str:
    """Return a pattern for any of the words, the longest first; never matches when none."""
    ordered = sorted(map(spelt, words), key=lambda word: (-len(word), word))
    return "|".join(map(re.escape, ordered)) or r"(?!)"
