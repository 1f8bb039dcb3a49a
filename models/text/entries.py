"""Entries of the lexicon: what a risk manager writes in its YAML files, each checked at load."""

from collections import Counter
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Code = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
RequestCode = Annotated[str, Field(pattern=r"^(?:[0-9]{6}|other)$")]
LevelNumber = Literal[1, 2, 3, 4]
Share = Annotated[float, Field(ge=0, le=1)]
Word = Annotated[str, Field(min_length=2)]


class Entry(BaseModel):
    """A part of the lexicon; an unknown field is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)


class Labelled(Entry):
    """A meaning with its two labels and its words."""

    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    words: tuple[Word, ...]

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


class Request(Labelled):
    """A class of requests by the public standard; ``heard``: concepts that speak for it as well."""

    heard: tuple[str, ...] = ()


class Sentiment(Entry):
    """Words of dislike and of approval, and how much a word before them strengthens them."""

    negative: Labelled
    positive: Labelled
    degrees: dict[str, Annotated[float, Field(gt=0, le=3)]]
    exclamation: Annotated[float, Field(ge=1, le=3)]


class Denials(Entry):
    """Words that deny a mention: before it in the clause, touching it, or after it."""

    before: tuple[str, ...]
    touching: tuple[str, ...]
    after: tuple[str, ...]


class Doubts(Entry):
    """Words that make a mention only possible.

    ``conditions`` also reach into the next clause of the sentence, where a word of ``outcomes``
    follows them: 如果孩子碰到，就会触电.
    """

    before: tuple[str, ...]
    after: tuple[str, ...]
    questions: tuple[str, ...]
    conditions: tuple[str, ...]
    outcomes: tuple[str, ...]


class Standings(Entry):
    """When a mention is denied or only possible, and what ends or feigns that.

    Past ``breaks`` nothing reaches, past ``pauses`` no denial.
    """

    denials: Denials
    doubts: Doubts
    breaks: tuple[str, ...]
    pauses: tuple[str, ...]
    exempt: tuple[str, ...]
    presupposed: tuple[str, ...]
    joints: tuple[str, ...]


class Cue(Labelled):
    """A sign of (in)credibility: words or a pattern, and the log-odds that it adds, once.

    ``weight`` is for posts; ``elsewhere``, where it differs, for what comes by other channels.
    """

    words: tuple[Word, ...] = ()
    pattern: str | None = None
    weight: float
    elsewhere: float | None = None


class Credibility(Entry):
    """How likely a text is to be true: log-odds of cues and of the channel it came by.

    ``posts``: the channels by which anyone may publish.
    """

    intercept: float
    cues: dict[Code, Cue]
    channels: dict[str, float]
    posts: tuple[str, ...]


class Relevance(Entry):
    """How likely a text is to concern goods: log-odds by counts of different words, four at most.

    ``hazards``: words of a hazard; ``goods`` and ``trade``: words of categories that are relevant
    and that are not; ``public``: words of ``other``.
    """

    intercept: float
    hazards: float
    goods: float
    trade: float
    public: float


class Votes(Entry):
    """How often the winner of a vote is right: by its lead in votes, and with no vote at all."""

    silent: Share
    leads: tuple[Share, ...] = Field(min_length=1)


class Sureness(Entry):
    """How often answers of rules are right, by what they rest on."""

    category: Votes
    request: Votes
    hazards: dict[Literal["asserted", "possible", "silent"], Share]
    severity: dict[Literal["named", "own", "possible", "silent"], Share]
    sentiment: Votes  # leads: by tenths of its strength
    demands: dict[Literal["named", "silent"], Share]


class Thresholds(Entry):
    """Confidence below which an answer is named uncertain."""

    relevance: Share
    category: Share
    hazards: Share
    severity: Share
    sentiment: Share
    credibility: Share
    request: Share
    demands: Share
