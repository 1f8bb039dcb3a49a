"""Words that the training texts name, and how often they do so where they stand.

What a text itself names must not be told to it in training, or the field would learn to trust this
sign too much; so a training text sees the words of the others only (``Known.of`` on other folds).
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from models.text.entities.spans import Sentence
from models.text.matcher import Matcher

OFTEN, SOMETIMES = 0.8, 0.4  # of a word's places, the share that names something
FEW = 4  # mentions from which a word is well known


@dataclass(frozen=True)
class Known:
    """Words by what they were found to be: a label, a share and a count, in one short sign."""

    signs: dict[str, str]

    @classmethod
    def of(cls, sentences: Sequence[Sentence]) -> "Known":
        """Return the words named in sentences whose texts are in one spelling."""
        named: dict[str, Counter[str]] = defaultdict(Counter)
        told = ((s.text[one.start : one.end], one.label) for s in sentences for one in s.named)
        for word, label in told:
            if len(word) > 1:
                named[word][label] += 1
        matcher = Matcher(tuple(sorted(named)))
        seen = Counter(word for s in sentences for _, _, word in matcher.every(s.text))
        return cls({word: _sign(labels, seen[word]) for word, labels in sorted(named.items())})

    def column(self, text: str) -> list[str]:
        """Return for each place its part in the longest known word there, and its sign."""
        told = ["-"] * len(text)
        for start, end, word in self._matcher.apart(text):
            sign = self.signs[word]
            told[start:end] = [f"I{sign}"] * (end - start)
            told[start], told[end - 1] = f"B{sign}", f"E{sign}"
        return told

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher(tuple(self.signs))


def _sign(labels: Counter[str], seen: int) -> str:
    label, count = min(labels.items(), key=lambda one: (-one[1], one[0]))
    share = count / max(seen, count)
    often = "h" if share > OFTEN else "m" if share > SOMETIMES else "l"
    return f"{label}{often}{1 if count == 1 else 2 if count < FEW else 3}"
