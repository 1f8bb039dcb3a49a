"""Why a row of an exchange table does not fit, in one sentence and in the words of its columns."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

MONEY = "value_cny"  # outside in yuan; inside it is ``value_fen``
SHOWN = 60  # characters of a wrong value
ZONE_REMEDY = "or name the zone of the whole load: --time-zone Asia/Shanghai"


def reason(error: ValidationError, told: Mapping[str, Any]) -> str:
    """Return one sentence with everything that is wrong with a row, by column."""
    problems = error.errors(include_url=False, include_context=False)
    # A ``known_at`` that was not told repeats what is wrong with the column it is taken from.
    repeated = None if "known_at" in told else ("known_at",)
    sentences = (_sentence(p, told) for p in problems if p["loc"] != repeated)
    return "; ".join(dict.fromkeys(sentences))


def _sentence(problem: Mapping[str, Any], told: Mapping[str, Any]) -> str:
    name, *inner = (str(part) for part in problem["loc"] or ("",))
    name = {"value_fen": MONEY}.get(name, name)
    message = str(problem["msg"])
    if problem["type"] == "missing":
        return f"{name} is missing"
    if name == "x":
        return f"{inner[0]} {_shown(told.get(inner[0]))} must be a text, a number or true or false"
    if problem["type"] != "value_error":
        value = told.get(name, problem["input"])
        return f"{name} {_shown(value)} {_must(message)}"
    message = message.removeprefix("Value error, ").removeprefix("moment ")
    remedy = f"; {ZONE_REMEDY}" if "no time zone" in message else ""
    return f"{name} {message}{remedy}".strip()


def _must(message: str) -> str:
    """Return pydantic's words as the end of a sentence about the value.

    >>> _must("Input should be greater than 0")
    'must be greater than 0'
    """
    if "pattern" in message:
        return "must not hold a NUL character"
    return re.sub(r"^[A-Z]\w+ should", "must", message)


def _shown(value: Any) -> str:
    text = value.isoformat() if isinstance(value, datetime) else repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
