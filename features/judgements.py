"""What we concluded: annotations, decisions and reviews, stored as facts like any other.

A window may read an annotation because it is a fact with its own ``known_at``; features never call
the classifier that wrote it.
"""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from features.fields import (
    NO_NUL,
    Country,
    EnterpriseId,
    HsCode,
    Id,
    Moment,
    Probability,
    Severity,
    Short,
    Words,
)
from features.reasons import Effect, Item, Lane, Reason, RiskLevel
from features.records import EXCHANGED, Part, Record, Selection


class Span(Part):
    """Words in a report that speak for an answer; offsets count characters of ``reading``."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)
    words: str
    answer: str


EntityKind = Literal[
    "brand", "goods", "enterprise", "origin", "region", "lot", "date", "amount", "model"
]


class Candidate(Part):
    """What an entity may be: an id or a code, and how likely it is."""

    value: str
    score: Probability


class Entity(Part):
    """A thing that a report names, where it stands in ``reading``, and what it is linked to.

    ``value`` is the link: a brand's name, an HS heading, an enterprise's id, a country's code, a
    day, an amount in fen; ``None`` where it stays open, as between equal candidates.
    """

    kind: EntityKind
    start: int = Field(ge=0)
    end: int = Field(ge=0)
    words: str
    value: str | None = None
    confidence: Probability = 1.0
    candidates: tuple[Candidate, ...] = ()


class Annotation(Record):
    """What one version of the text models read in a report (标注).

    ``request`` is a class of the public standard DB44/T 2479-2024 or ``other``. ``cluster_id`` is
    the first report of those that say nearly the same, ``cluster_size`` how many had come by then,
    this one included; ``flood`` says that they come as if by agreement.
    """

    HAPPENED = LEARNED = "annotated_at"

    report_id: Id
    model_version: Short
    annotated_at: Moment
    relevant: bool
    category: Short
    hazards: Words = ()
    severity: Severity | None = None
    sentiment: Annotated[float, Field(ge=-1, le=1)] = 0.0
    credibility: Probability | None = None
    enterprise_id: EnterpriseId | None = None
    goods_name: Short | None = None
    hs_code: HsCode | None = None
    brand: Short | None = None
    origin: Country | None = None
    confidence: dict[str, Probability] = Field(default_factory=dict)
    uncertain: Words = ()
    evidence: tuple[Span, ...] = ()
    request: Short = "other"
    demands: Words = ()
    entities: tuple[Entity, ...] = ()
    cluster_id: Id | None = None
    cluster_size: Annotated[int, Field(ge=1)] = 1
    flood: bool = False

    @property
    def fact_id(self) -> str:
        """The report and the version that read it."""
        return f"{self.report_id}@{self.model_version}"


class Decision(Record):
    """What the single window is told (布控指令): the whole replayable record.

    ``likelihood_low`` and ``likelihood_high`` are the ends of a 90 % interval: how far the belief
    itself may be wrong; it is the wider, the fewer inspections of such goods are known
    (``inspections_known``). ``None`` where a degraded answer or an old model does not tell.

    ``effects`` are the causes of the probability in the order of precedence; ``selection`` is the
    one by which a drawn line is inspected (``None`` where it is released), as its inspection tells
    it. ``price`` is the harm averted per hour that was asked of the line, ``sample_size`` how many
    units of the consignment to take. What the line takes of its port's day: ``hours`` (0 for a
    release), ``hours_expected`` on average over all draws, and ``hours_asked``, what the plan's
    curve was asked to spend on it.
    """

    HAPPENED = LEARNED = "decided_at"

    decision_id: Id
    declaration_id: Id
    decided_at: Moment
    likelihood: Probability
    severity: Severity
    level: RiskLevel
    lane: Lane
    inclusion_probability: Probability
    draw: Annotated[float, Field(ge=0, lt=1)]
    commitment: str  # SHA-256 of the day's secret, published before the draw
    items: tuple[Item, ...] = ()
    reasons: tuple[Reason, ...] = ()
    model_version: str
    policy_version: str
    matrix_version: str
    degraded: bool = False
    likelihood_low: Probability | None = None
    likelihood_high: Probability | None = None
    inspections_known: Annotated[int, Field(ge=0)] | None = None
    effects: tuple[Effect, ...] = ()
    selection: Selection | None = None
    price: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    sample_size: Annotated[int, Field(ge=0)] | None = None
    port: Short | None = None
    hours: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    hours_expected: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    hours_asked: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    rules_version: str | None = None

    @property
    def fact_id(self) -> str:
        """The decision's own id."""
        return self.decision_id


class Review(Record):
    """A supervisor's verdict (复核) on a decision, an annotation or a warning.

    ``corrections`` says what an annotation should have read: question to answer, several hazards
    joined by commas. They are the next training's labels.
    """

    HAPPENED = LEARNED = "reviewed_at"

    review_id: Id
    subject: Literal["decision", "annotation", "warning"]
    subject_id: Id
    verdict: Literal["agree", "correct", "dismiss"]
    reviewer: Short
    reviewed_at: Moment
    note: Annotated[str, StringConstraints(max_length=4000, pattern=NO_NUL)] | None = None
    corrections: dict[str, Short] = Field(default_factory=dict)

    @property
    def fact_id(self) -> str:
        """The review's own id."""
        return self.review_id


class Plan(Record):
    """A port's plan for a day: the price from which a line is inspected (布控计划).

    A line just at the price is inspected with ``share`` of the way from its floor to certainty.
    ``floor_share`` is what every floor was cut to where even the floors took more than the hours
    (``None`` in plans from before either was told).
    Of its ``capacity`` (hours of inspection that day) ``hours`` are to be spent: earlier days may
    have left some over or taken too many. ``curve`` says which price spends how many per line,
    ``profile`` which share of the day's lines has come by the end of each hour: from these the
    price is steered as lines come.
    ``unit_price`` is the harm averted from which one more unit of a consignment is sampled, where
    the port's laboratory has a capacity of ``units`` that day.
    """

    HAPPENED = LEARNED = "planned_at"

    plan_id: Id
    day: Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$")]
    port: Short
    planned_at: Moment
    price: Annotated[float, Field(gt=0, allow_inf_nan=False)]  # expected harm per hour of effort
    capacity: Annotated[float, Field(ge=0, allow_inf_nan=False)]  # hours of inspection that day
    expected_lines: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    commitment: str  # SHA-256 of the day's secret
    policy_version: str
    hours: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    share: Probability | None = None
    floor_share: Annotated[float, Field(gt=0, le=1)] | None = None
    curve: tuple[tuple[float, float], ...] = ()
    profile: tuple[Probability, ...] = ()
    units: Annotated[int, Field(ge=0)] | None = None
    unit_price: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None

    @property
    def fact_id(self) -> str:
        """The day and the port; a later plan for them corrects it."""
        return self.plan_id


class Assignment(Record):
    """Which inspector was drawn for a line that is inspected (派员): the other half of 双随机.

    ``chances`` are the probabilities of all who could have been drawn, in the order of their ids;
    ``draw`` falls on ``inspector_id`` among them. ``None`` with a ``reason`` where nobody was
    competent and free of a conflict of interest.
    """

    HAPPENED = LEARNED = "assigned_at"

    decision_id: Id
    declaration_id: Id
    assigned_at: Moment
    inspector_id: Id | None = None
    draw: Annotated[float, Field(ge=0, lt=1)]
    commitment: str  # SHA-256 of the day's secret
    chances: dict[str, Probability] = Field(default_factory=dict)
    hours: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    roster_version: str
    reason: str | None = None

    @property
    def fact_id(self) -> str:
        """The decision that it carries out."""
        return self.decision_id


KEPT: dict[str, type[Record]] = {
    **EXCHANGED,
    "annotations": Annotation,
    "decisions": Decision,
    "reviews": Review,
    "plans": Plan,
    "assignments": Assignment,
}
