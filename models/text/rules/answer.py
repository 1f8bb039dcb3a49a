"""Answer: what is read for one question, how sure that is, and the words it rests on."""

from typing import Generic, NamedTuple, TypeVar

Value = TypeVar("Value")
Place = tuple[int, int, str]  # start and end in the normalised text, and what it speaks for


class Answer(NamedTuple, Generic[Value]):
    """An answer; ``confidence`` is the probability that it is right."""

    value: Value
    confidence: float
    places: tuple[Place, ...] = ()


class Answers(NamedTuple):
    """What is read in one text, by question."""

    relevance: Answer[bool]
    category: Answer[str]
    hazards: Answer[tuple[str, ...]]
    severity: Answer[int | None]
    sentiment: Answer[float]
    credibility: Answer[float]
    request: Answer[str]
    demands: Answer[tuple[str, ...]]
