"""The tables that a domain person may edit, validated when they are loaded."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import numpy as np
import yaml
from pydantic import Field, StringConstraints, TypeAdapter, model_validator

from features.errors import Invalid
from features.fields import ChannelName, HsCode
from features.records import Part
from pipelines.world.chance import Floats

FOLDER = Path(__file__).parent
T = TypeVar("T")
HazardName = Literal[
    "fire",
    "electric_shock",
    "burn",
    "explosion",
    "choking",
    "laceration",
    "mechanical",
    "chemical",
    "microbiological",
    "foreign_body",
    "allergen",
    "poisoning",
    "radiation",
    "suffocation",
]
Sector = Literal[
    "food",
    "infant_food",
    "cosmetics",
    "infant",
    "electrical",
    "electronics",
    "battery",
    "gas",
    "vehicle",
    "textile",
    "toy",
    "furniture",
    "chemical",
    "material",
    "household",
    "sport",
]
Weight = Annotated[float, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]
Iso2 = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Spoken = Annotated[tuple[str, ...], Field(min_length=1)]


class Goods(Part):
    """One HS heading of the simulated trade; units in the YAML's comment."""

    hs: HsCode
    name: str
    words: Spoken
    sector: Sector
    unit: str
    value: Annotated[float, Field(gt=0)]
    kg: Annotated[float, Field(gt=0)]
    lot: Annotated[float, Field(gt=0)]
    fail: Annotated[float, Field(gt=0, lt=0.5)]
    mandated: Share = 0.0
    reach: Weight = 1.0
    hazards: dict[HazardName, Weight]
    origins: Annotated[tuple[Iso2, ...], Field(min_length=1)]


class Hazard(Part):
    """What can be wrong: its Chinese name, weights of severity 1 to 4, tests that look for it."""

    zh: str
    severity: Annotated[tuple[Weight, ...], Field(min_length=4, max_length=4)]
    items: Spoken


class District(Part):
    """Where firms sit: the six-digit division code and a weight."""

    division: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
    weight: Weight


class Places(Part):
    """Countries with their Chinese names, ports, trade modes and districts."""

    countries: dict[Iso2, str]
    hubs: tuple[Iso2, ...]
    ports: dict[str, Weight]
    trade_modes: dict[str, Weight]
    districts: dict[str, District]


class Names(Part):
    """Syllables of invented names."""

    firm_syllables: Spoken
    firm_trades: Spoken
    firm_forms: Spoken
    brand_syllables: Spoken
    latin_heads: Spoken
    latin_middles: Spoken
    latin_tails: Spoken


class Channel(Part):
    """How one channel writes and files."""

    registers: dict[str, Weight]
    files: bool
    titled: Share
    links: dict[
        Literal["enterprise_id", "brand", "goods_name", "hs_code", "origin", "region"], Share
    ]


class Register(Part):
    """A way of writing: its tone, and the symbol that tells a heavy outcome."""

    tone: Literal["negative", "neutral", "positive"]
    outcome: Literal["harm", "toll"]


class Noise(Part):
    """Slips of typing, and how reposts begin."""

    typos: dict[str, str]
    reposts: Spoken


class Reporting(Part):
    """Who reports what by which channel."""

    channels: dict[ChannelName, Channel]
    sources: dict[Literal["harm", "grumble", "notice", "noise"], dict[ChannelName, Weight]]
    grumbles: dict[str, Weight]
    relevant: tuple[str, ...]

    @model_validator(mode="after")
    def _channels_are_known(self) -> "Reporting":
        named = {channel for weights in self.sources.values() for channel in weights}
        if unknown := named - set(self.channels):
            raise ValueError(f"sources name the channels {sorted(unknown)}; describe them first")
        return self


@cache
def goods() -> tuple[Goods, ...]:
    """Return the traded goods, one per heading."""
    table = _load("goods", TypeAdapter(tuple[Goods, ...]))
    headings = [line.hs[:4] for line in table]
    if len(set(headings)) < len(headings):
        raise Invalid("goods.yaml names an HS heading twice; keep one line per heading")
    if unknown := {o for line in table for o in line.origins} - set(places().countries):
        raise Invalid(f"goods.yaml names the origins {sorted(unknown)}; add them to places.yaml")
    return table


@cache
def hazards() -> dict[HazardName, Hazard]:
    """Return the hazards in their fixed order."""
    return _load("hazards", TypeAdapter(dict[HazardName, Hazard]))


@cache
def places() -> Places:
    """Return where goods come from and enter."""
    return _load("places", TypeAdapter(Places))


@cache
def names() -> Names:
    """Return the syllables of invented names."""
    return _load("names", TypeAdapter(Names))


@cache
def reporting() -> Reporting:
    """Return who reports what by which channel."""
    return _load("reporting", TypeAdapter(Reporting))


@cache
def registers() -> dict[str, Register]:
    """Return the ways of writing."""
    return _load("registers", TypeAdapter(dict[str, Register]))


@cache
def noise() -> Noise:
    """Return the slips of typing."""
    return _load("noise", TypeAdapter(Noise))


@cache
def hazard_weights() -> Floats:
    """Return the (goods, hazards) matrix of hazard weights."""
    order = list(hazards())
    return np.array([[line.hazards.get(h, 0.0) for h in order] for line in goods()])


@cache
def severity_weights() -> Floats:
    """Return the (hazards, 4) matrix of severity weights."""
    return np.array([hazard.severity for hazard in hazards().values()])


def _load(name: str, shape: TypeAdapter[T]) -> T:
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return shape.validate_python(yaml.safe_load(text))
