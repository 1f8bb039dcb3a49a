"""The wire: records as JSON in the columns of the exchange tables, and the schemas that say so.

Money is ``value_cny`` outside and extra columns stand flat as ``x_*``; everything else is the
record's own field. A decision also tells which of its reasons an importer may be told.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from features.judgements import KEPT, Annotation, Decision, Review
from features.records import Certificate, Declaration, Inspection, Record, Report
from features.rejections import MONEY
from models.risk import public
from models.risk.public import PublicReason

PUBLIC = "public_reasons"
REF = "#/components/schemas/{model}"
RECORDS: tuple[type[Record], ...] = (
    *(Declaration, Decision, Report, Annotation, Inspection),
    *(Review, Certificate),
)
INBOUND: tuple[type[Record], ...] = (Declaration, Report, Review, Certificate)


class Problem(BaseModel):
    """What went wrong and what to do (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list["Fault"] = []


class Fault(BaseModel):
    """One thing wrong with what was sent: where, with what value, and the remedy."""

    index: int
    field: str
    value: str | None = None
    remedy: str


class DeclarationFile(BaseModel):
    """A declaration with everything that was decided and found about it."""

    declaration: Declaration
    decisions: list[Decision]
    inspections: list[Inspection]


class ReportFile(BaseModel):
    """A report with what the text models read in it, newest first."""

    report: Report
    annotations: list[Annotation]


class InspectionFile(BaseModel):
    """An inspection with the declaration that it was of."""

    inspection: Inspection
    declaration: Declaration | None = None


class Draw(BaseModel):
    """A day's draw as everybody may know it; the secret is told when the day is over."""

    day: str
    commitment: str
    secret: str | None = None


class Ready(BaseModel):
    """Whether and with what the service answers."""

    status: str
    degraded: bool
    champion: str | None = None
    facts: int = 0
    notes: dict[str, str] = {}


def outside(record: Record) -> dict[str, Any]:
    """Return a record as the exchange tables show it."""
    told = record.model_dump(mode="json")
    extra = told.pop("x")
    if "value_fen" in told:
        fen = told.pop("value_fen")
        told[MONEY] = None if fen is None else fen / 100
    if isinstance(record, Decision):
        told[PUBLIC] = [reason.model_dump() for reason in public.shipped().reasons(record)]
    return {**told, **extra}


def components() -> dict[str, Any]:
    """Return the schemas of everything that goes over the wire."""
    files: list[type[BaseModel]] = [DeclarationFile, ReportFile, InspectionFile]
    schemas = _definitions([*RECORDS, *files, Problem, Ready, Draw, PublicReason], "serialization")
    incoming = _definitions(list(INBOUND), "validation")
    for kind in KEPT.values():
        if kind.__name__ in schemas:
            schemas[kind.__name__] = _flat(schemas[kind.__name__])
    schemas["Decision"] = _explained(schemas["Decision"])
    for kind in INBOUND:
        schemas[f"{kind.__name__}In"] = _unlearned(_flat(incoming[kind.__name__]))
    return schemas


def _definitions(kinds: list[type[BaseModel]], mode: JsonSchemaMode) -> dict[str, Any]:
    _, whole = models_json_schema([(kind, mode) for kind in kinds], ref_template=REF)
    definitions: dict[str, Any] = whole["$defs"]
    return definitions


def _flat(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record's schema with yuan for fen and ``x_*`` for ``x``."""
    fields = {name: field for name, field in schema["properties"].items() if name != "x"}
    if "value_fen" in fields:
        del fields["value_fen"]
        fields[MONEY] = {"anyOf": [{"type": "number"}, {"type": "null"}], "description": "元"}
    required = [n for n in schema.get("required", ()) if n in fields]
    extra = {"^x_": {"type": ["string", "number", "boolean"]}}
    return {**schema, "properties": fields, "required": required, "patternProperties": extra}


def _explained(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a decision's schema with what may be passed on to the importer."""
    told = "可向进口商说明的理由：固定用语，顺序与轻重无关；放行时为空。其余内容仅供监管内部使用。"
    items = {"$ref": REF.format(model=PublicReason.__name__)}
    fields = {
        **schema["properties"],
        PUBLIC: {"type": "array", "items": items, "description": told},
    }
    return {**schema, "properties": fields, "required": [*schema["required"], PUBLIC]}


def _unlearned(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema without ``known_at``: the service itself knows when it learned."""
    fields = {name: field for name, field in schema["properties"].items() if name != "known_at"}
    required = [name for name in schema["required"] if name != "known_at"]
    return {**schema, "properties": fields, "required": required}
