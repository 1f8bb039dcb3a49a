"""Types of fields: what a column of an exchange table may hold, each with its check.

A value that does not fit raises ``ValueError`` with value and remedy; pydantic adds the field.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, DecimalException
from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BeforeValidator, Field, StringConstraints

from features import identifiers, moments
from features.errors import Invalid

REMEMBERED = 65_536  # codes of each kind
MOST_FEN = 10**15  # beyond it, yuan as a float would not tell the fen
NO_NUL = r"^[^\x00]*$"  # PostgreSQL's texts cannot hold it
Whole = Annotated[int, Field(ge=-(2**63), lt=2**64)]
Scalar = str | bool | Whole | float
ChannelName = Literal[
    "12315",
    "12345",
    "12365",
    "portal",
    "media",
    "visit",
    "enterprise",
    "laboratory",
    "overseas_notice",
    "injury",
    "food_borne_illness",
    "traffic_accident",
    "fire",
]


def _checked(check: Callable[[str], Any]) -> BeforeValidator:
    """Return a validator that applies a check of ``identifiers`` to a text.

    A load says the same few codes again and again; the answers are remembered.
    """
    check = lru_cache(maxsize=REMEMBERED)(check)

    def apply(value: Any) -> Any:
        if not isinstance(value, str):
            return value
        try:
            return check(value)
        except Invalid as error:
            raise ValueError(str(error)) from None

    return BeforeValidator(apply)


def _cut(moment: Any) -> Any:
    """Return an aware moment in UTC, cut to the millisecond; numbers are not moments."""
    if isinstance(moment, str):
        moment = moments.parse(moment, "moment")
    if not isinstance(moment, datetime):
        raise ValueError(f"{moment!r} is not a moment; write 2024-03-01T08:00+08:00")
    moment = moments.aware(moment, "moment")
    beyond = moment.microsecond % 1000
    return moment.replace(microsecond=moment.microsecond - beyond) if beyond else moment


def _moment(value: Any) -> Any:
    try:
        return _cut(value)
    except Invalid as error:
        raise ValueError(str(error)) from None


@dataclass(frozen=True)
class Yuan:
    """An amount as it came from outside, on its way to being whole fen."""

    amount: Any

    def __repr__(self) -> str:
        """Show the amount as it came."""
        return str(self.amount)


def _money(value: Any) -> Any:
    return fen(value.amount) if isinstance(value, Yuan) else value


def fen(yuan: Any) -> int:
    """Return an amount in yuan as whole fen; a fraction of a fen is an error.

    A float is read to six decimals, so that sums of fen that floats blur are still whole.

    >>> fen("12.50"), fen(0.1 + 0.2)
    (1250, 30)
    """
    try:
        fen = Decimal(str(round(yuan, 6) if isinstance(yuan, float) else yuan)) * 100
    except DecimalException:
        raise ValueError(f"{yuan!r} is not an amount in yuan") from None
    if not fen.is_finite() or abs(fen) > MOST_FEN or fen != fen.to_integral_value():
        raise ValueError(
            f"{yuan!r} is not an amount in yuan with at most two decimals, up to {MOST_FEN // 100}"
        )
    return int(fen)


def _words(value: Any) -> Any:
    """Return ``a;b`` as ``("a", "b")``; a list stays what it is."""
    if isinstance(value, str):
        return tuple(word.strip() for word in value.split(";") if word.strip())
    return value


def _channel(value: Any) -> Any:
    """Return a channel in its canonical spelling: ``food-borne illness`` gets underscores."""
    if isinstance(value, str):
        return value.strip().lower().replace(" ", "_").replace("-", "_")
    return value


def _scope(value: Any) -> Any:
    """Return ``hs4=8516;origin=VN`` as a mapping; a mapping stays what it is."""
    if not isinstance(value, str):
        return value
    pairs = [part.partition("=") for part in value.split(";") if part.strip()]
    return {key.strip(): code.strip() for key, _, code in pairs}


Id = Annotated[
    str, StringConstraints(min_length=1, max_length=128, strip_whitespace=True, pattern=NO_NUL)
]
Text = Annotated[
    str, StringConstraints(min_length=1, max_length=100_000, strip_whitespace=True, pattern=NO_NUL)
]
Short = Annotated[
    str, StringConstraints(min_length=1, max_length=256, strip_whitespace=True, pattern=NO_NUL)
]
EnterpriseId = Annotated[str, _checked(identifiers.enterprise_id)]
HsCode = Annotated[str, _checked(identifiers.hs_code)]
Country = Annotated[str, _checked(identifiers.country)]
Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]
Words = Annotated[tuple[Short, ...], BeforeValidator(_words)]
Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Probability = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Severity = Annotated[int, Field(ge=1, le=4)]
Channel = Annotated[ChannelName, BeforeValidator(_channel)]
Scope = Annotated[dict[str, Short], BeforeValidator(_scope), Field(min_length=1)]
Fen = Annotated[int, BeforeValidator(_money), Field(gt=0, le=MOST_FEN)]
