"""Verify the draw: recompute everything that was published of a day, from the file alone."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from pydantic import ValidationError

from features.errors import Invalid
from models.inspection.draws import published
from models.inspection.draws.published import Check, Noted, Published

HASH = re.compile(r"[0-9a-f]{64}")
ASK = "ask for the whole file of the day"


def verify_draw(path: Path, noted: Noted, *, tell: Callable[[float], None]) -> list[Check]:
    """Return every check of a published file; see ``published.checks``.

    ``Invalid`` says in one sentence why a file is none.
    """
    return published.checks(read(path), noted, tell=tell)


def read(path: Path) -> Published:
    """Return what a file publishes; ``Invalid`` names the first thing that does not fit."""
    if not path.is_file():
        raise Invalid(f"there is no file {path}; give the file that was published of the day")
    text = path.read_bytes()
    try:
        return Published.model_validate_json(text, strict=True)
    except ValidationError as error:
        raise Invalid(f"{path}: {_fault(error, text)}") from None


def noted(commitment: str | None, roster_sha256: str | None) -> Noted:
    """Return what somebody noted before the day; ``Invalid`` where it is no SHA-256."""
    return Noted(_hash(commitment, "--commitment"), _hash(roster_sha256, "--roster-sha256"))


def _hash(text: str | None, option: str) -> str | None:
    if text is None:
        return None
    if not HASH.fullmatch(plain := text.strip().lower()):
        raise Invalid(f"{option} {text!r} is no SHA-256; give its 64 hexadecimal digits")
    return plain


def _fault(error: ValidationError, text: bytes) -> str:
    first = error.errors(include_url=False)[0]
    if first["type"] == "json_invalid":
        return f"this is no JSON: {first['ctx']['error']}; {ASK}"
    if _is_commitment(text):
        return "it holds only the commitment; the secret is published when the day is over"
    where = ".".join(str(part) for part in first["loc"]) or "the file"
    if first["type"] == "missing":
        return f"{where} is missing; {ASK}"
    return f"{where} {str(first['input'])[:80]!r}: {first['msg']}; {ASK}"


def _is_commitment(text: bytes) -> bool:
    told = json.loads(text)
    return isinstance(told, dict) and "commitment" in told and "secret" not in told
