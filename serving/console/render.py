"""Render: a template and what it shows, into a page. Every value is escaped."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from features.moments import CIVIL
from features.records import beginning
from models.wording import percent
from serving.console import words

TEMPLATES = Path(__file__).parent / "templates"


def page(template: str, shown: Mapping[str, object]) -> str:
    """Return the page of a template; a name that it lacks is a mistake, not a blank."""
    return environment().get_template(template).render(shown)


@cache
def environment() -> Environment:
    """Return Jinja with the words and forms of these pages."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["words"] = words
    made.filters |= {"moment": moment, "percent": percent, "yuan": yuan, "amount": amount}
    made.filters |= {
        "concept": words.concept,
        "path": path,
        "signed": signed,
        "spoken": words.spoken,
        "answered": words.answer,
        "beginning": beginning,
        "country": words.country,
    }
    return made


def moment(value: datetime | None) -> str:
    """Return a moment in Asia/Shanghai, to the minute."""
    return "—" if value is None else f"{value.astimezone(CIVIL):%Y-%m-%d %H:%M}"


def yuan(fen: int | None) -> str:
    """Return an amount in yuan."""
    return "—" if fen is None else f"{fen / 100:,.2f} 元"


def amount(number: float | None) -> str:
    """Return a quantity without needless digits."""
    return "—" if number is None else f"{number:,.6g}"


def signed(number: float) -> str:
    """Return a number with its sign, to two digits."""
    return f"{number:+.2f}"


def path(name: str) -> str:
    """Return an id as a part of an address."""
    return quote(name, safe="@:,+")
