"""What we were told: one frozen, validated record for each kind of fact (design, section 3).

Every record knows two times. ``occurred`` is when the thing happened; ``known_at`` is when we
learned it, and is what every window and label runs on. A corrected fact is a new record with the
same id and a later ``known_at``; nothing is ever changed in place.

Field names are the exchange tables' column names, except money: ``value_cny`` outside, whole
``value_fen`` inside. Unknown columns must start with ``x_`` and travel in ``x``.
"""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from features import moments
from features.fields import (
    NO_NUL,
    Channel,
    Country,
    EnterpriseId,
    Fen,
    HsCode,
    Id,
    Moment,
    Positive,
    Scalar,
    Scope,
    Severity,
    Short,
    Text,
    Words,
    Yuan,
)

Outcome = Literal["pass", "fail"]
Selection = Literal["risk", "random", "mandated", "tip"]
WarningLevel = Literal["I", "II", "III", "IV"]


class Part(BaseModel):
    """A frozen part of a record."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Record(Part):
    """A fact with its two times. Subclasses name their id and the moment it happened."""

    HAPPENED: ClassVar[str]  # the field that says when it happened
    LEARNED: ClassVar[str]  # the field that says when it was learned, where ``known_at`` does not

    known_at: Moment
    x: dict[str, Scalar] = Field(default_factory=dict)

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, values: Any) -> Any:
        """Gather ``x_*`` columns, drop missing values, and let ``known_at`` default."""
        if not isinstance(values, dict):
            return values
        fields = {k: v for k, v in values.items() if v is not None}
        extra = [k for k in fields if k[:2] == "x_"]
        if extra:
            fields["x"] = {**fields.get("x", {}), **{k: fields.pop(k) for k in extra}}
        if "known_at" not in fields and cls.LEARNED in fields:
            fields["known_at"] = fields[cls.LEARNED]
        return fields

    @model_validator(mode="after")
    def _known_after_it_happened(self) -> Self:
        if self.known_at < self.occurred:
            raise ValueError(
                f"known_at {self.known_at.isoformat()} is before "
                f"{self.HAPPENED} {self.occurred.isoformat()}; "
                "a fact cannot be known before it happens"
            )
        return self

    @property
    def occurred(self) -> datetime:
        """When it happened; when it was learned, where the first is not told."""
        moment: datetime | None = getattr(self, self.HAPPENED)
        return self.known_at if moment is None else moment

    @property
    def fact_id(self) -> str:
        """What stays the same when the fact is corrected."""
        raise NotImplementedError


class Declaration(Record):
    """One goods line of a customs declaration (申报商品项): what may be inspected."""

    HAPPENED = LEARNED = "declared_at"

    declaration_id: Id
    declared_at: Moment
    enterprise_id: EnterpriseId
    hs_code: HsCode | None = None
    goods_name: Short | None = None
    brand: Short | None = None
    manufacturer_id: Id | None = None
    origin: Country | None = None
    departure: Country | None = None
    port: Short | None = None
    trade_mode: Short | None = None
    quantity: Positive | None = None
    unit: Short | None = None
    net_weight_kg: Positive | None = None
    value_fen: Fen | None = None
    lot_id: Id | None = None

    @model_validator(mode="before")
    @classmethod
    def _yuan(cls, values: Any) -> Any:
        """Take ``value_cny`` (yuan) from outside into ``value_fen``."""
        if not isinstance(values, dict) or "value_cny" not in values:
            return values
        fields = {**values}
        yuan = fields.pop("value_cny")
        return fields if yuan is None else {**fields, "value_fen": Yuan(yuan)}

    @property
    def fact_id(self) -> str:
        """The declaration's own id."""
        return self.declaration_id


class Inspection(Record):
    """The outcome of inspecting a declaration (查验), how it was selected, how probably."""

    HAPPENED = LEARNED = "inspected_at"

    declaration_id: Id
    inspected_at: Moment
    outcome: Outcome
    hazards: Words = ()
    severity: Severity | None = None
    items: Words = ()
    responses: Words = ()
    selection: Selection | None = None
    propensity: Annotated[float, Field(gt=0, le=1)] | None = None

    @property
    def fact_id(self) -> str:
        """The declaration and the moment of the visit: a later visit is another inspection."""
        return f"{self.declaration_id}@{moments.milliseconds(self.inspected_at)}"


class Report(Record):
    """One piece of risk information (风险信息) that came in by a channel."""

    HAPPENED, LEARNED = "occurred_at", "received_at"

    report_id: Id
    channel: Channel
    received_at: Moment
    text: Text
    occurred_at: Moment | None = None
    title: Short | None = None
    enterprise_id: EnterpriseId | None = None
    goods_name: Short | None = None
    hs_code: HsCode | None = None
    brand: Short | None = None
    origin: Country | None = None
    region: Short | None = None
    category: Short | None = None
    url: Annotated[str, StringConstraints(max_length=2048, pattern=NO_NUL)] | None = None

    @property
    def fact_id(self) -> str:
        """The report's own id."""
        return self.report_id


class Enterprise(Record):
    """A firm as the register shows it (企业); a change of grade or listing is a new fact."""

    HAPPENED, LEARNED = "registered_at", "known_at"

    enterprise_id: EnterpriseId
    name: Short | None = None
    aliases: Words = ()
    region: Short | None = None
    credit_grade: Literal["A", "B", "C", "D"] | None = None
    registered_at: Moment | None = None
    listed: Literal["red", "black"] | None = None

    @property
    def fact_id(self) -> str:
        """The enterprise's id."""
        return self.enterprise_id


class Warning(Record):
    """A graded warning (预警, 国发〔2017〕43号): I 特别严重 to IV 一般, with its scope."""

    HAPPENED = LEARNED = "issued_at"

    warning_id: Id
    level: WarningLevel
    issued_at: Moment
    scope: Scope
    ends_at: Moment | None = None
    hazards: Words = ()
    responses: Words = ()

    @property
    def fact_id(self) -> str:
        """The warning's own id."""
        return self.warning_id


class Certificate(Record):
    """A result of a third party or another agency (采信证明) that may stand for an inspection.

    ``scope`` says of which goods it speaks, like a warning's: ``lot=L7;enterprise=…`` one lot,
    ``brand=…;hs4=8516`` a kind of goods. Without ``valid_until`` the policy says how long it holds.
    """

    HAPPENED = LEARNED = "issued_at"

    certificate_id: Id
    issuer_id: Id
    issuer: Literal["third_party", "agency"]
    issued_at: Moment
    outcome: Outcome
    scope: Scope
    valid_until: Moment | None = None
    items: Words = ()

    @property
    def fact_id(self) -> str:
        """The certificate's own id."""
        return self.certificate_id


EXCHANGED: dict[str, type[Record]] = {
    "enterprises": Enterprise,
    "declarations": Declaration,
    "inspections": Inspection,
    "reports": Report,
    "warnings": Warning,
    "certificates": Certificate,
}


def reading(title: str | None, text: str) -> str:
    """Return what the text models read of a report: its title, then its text, a line each."""
    return f"{title}\n{text}" if title else text


def beginning(text: str, *, most: int = 80) -> str:
    """Return how a text begins, in one line of so many characters; a mark where it goes on.

    >>> beginning(" 水壶\\n漏电 "), beginning("电热水壶", most=3)
    ('水壶 漏电', '电热水…')
    """
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most]}…"
