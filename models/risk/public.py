"""The public version of reasons: what an importer may be told and that reveals no rule.

Reasons name features, firms, numbers and reports; whoever knew them could declare around them, or
find out who complained. An importer is told fixed sentences of a file: one that is always told, and
the broad themes of the reasons, in the order of the file. Numbers, strengths and the draw change
nothing in it. A line that is not inspected is told nothing, for there is nothing to explain.
"""

import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self, get_args

import yaml
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from features.errors import Invalid
from features.judgements import Decision

FILE = Path(__file__).with_name("public.yaml")
Family = Literal[
    "declared", "declaration", "inspection", "report", "annotation", "warning", "enterprise"
]
KIND = re.compile(r"(?<!_per)_(declaration|inspection|report|annotation|warning)_")
PLAIN = r"^[^0-9０-９_]+$"  # neither a number nor the name of a column
Chinese = Annotated[str, StringConstraints(pattern=PLAIN, min_length=2)]
English = Annotated[str, StringConstraints(pattern=r"^[A-Za-z ,.'-]+$", min_length=2)]


class PublicReason(BaseModel):
    """A sentence that an importer may be told (可对外说明的理由): a broad theme, in fixed words."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: Chinese
    en: English


class Theme(PublicReason):
    """What is told where a reason is of one of some families of features."""

    of: tuple[Family, ...]

    @property
    def reason(self) -> PublicReason:
        """Its words alone."""
        return PublicReason(zh=self.zh, en=self.en)


class Public(BaseModel):
    """Everything that importers may be told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    always: PublicReason
    themes: tuple[Theme, ...]

    @model_validator(mode="after")
    def _whole(self) -> Self:
        named = sorted(name for theme in self.themes for name in theme.of)
        if named != sorted(get_args(Family)):
            raise ValueError(f"`of` must name each of {', '.join(get_args(Family))} once")
        return self

    def reasons(self, decision: Decision) -> list[PublicReason]:
        """Return what the importer may be told of a decision; nothing of a released line."""
        if decision.lane == "release":
            return []
        spoken = {family(reason.feature) for reason in decision.reasons}
        told = [theme.reason for theme in self.themes if spoken & set(theme.of)]
        return [self.always, *told]


def load(path: Path = FILE) -> Public:
    """Read the sentences; ``Invalid`` names what is wrong with them."""
    try:
        return Public.model_validate(yaml.safe_load(path.read_bytes()))
    except (OSError, yaml.YAMLError) as error:
        raise Invalid(f"{path} cannot be read: {error}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise Invalid(f"{path}: {where} {first.get('input')!r}: {first['msg']}") from None


@cache
def shipped() -> Public:
    """Return the sentences of the file, read once."""
    return load()


def family(feature: str) -> Family:
    """Return the family of a reason's feature by its name alone, for decisions of any age.

    >>> family("origin_hs4_report_count_90d"), family("enterprise_listed_last"), family("brand")
    ('report', 'enterprise', 'declared')
    """
    for name in KIND.findall(feature)[-1:]:
        return name  # type: ignore[no-any-return]
    return "enterprise" if feature.startswith("enterprise_") else "declared"
