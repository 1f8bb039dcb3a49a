"""Publish the draw: its commitment while the day lasts, afterwards its secret and every number."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from features.errors import Invalid
from features.judgements import Assignment, Plan
from features.records import Declaration
from features.store import Store
from models.inspection.draws import draw, published
from models.inspection.draws.published import Goods
from models.inspection.draws.roster import Roster
from pipelines.assign import check_secret, decisions, declared

SHOWN = ("declaration_id", "decision_id", "decided_at", "inclusion_probability", "draw", "lane")


def publish_draw(
    store: Store, *, day: date, secret: bytes, rosters: Sequence[Roster] = (), now: datetime
) -> dict[str, object]:
    """Return what may be published of a day's draw at a moment, as plain values.

    Until the civil day is over that is the commitment and the hashes of the rosters; afterwards
    the day's secret, every decision and every assignment, and the rosters with what they were
    asked of. secret: the agency's. ``Invalid`` where the day's plans or lines tell that another
    secret was in use.
    """
    own = draw.day_secret(secret, day)
    commitment = draw.commitment(own)
    told = {
        "format": published.FORMAT,
        "day": day.isoformat(),
        "commitment": commitment,
        "committed_at": _moment(_committed_at(store, day, commitment=commitment)),
        "published_at": _moment(now),
        "algorithm": published.ALGORITHM,
    }
    if draw.day(now) <= day:
        return told | {"roster_sha256": [roster.sha256 for roster in rosters]}
    decided = decisions(store, day)
    check_secret(decided, day, commitment=commitment)
    return told | {
        "secret": own.hex(),
        "rosters": [{"kind": roster.kind, "text": roster.text} for roster in rosters],
        "decisions": _lines(decided),
        "assignments": _assignments(store, decided, with_goods=bool(rosters)),
    }


def write(told: Mapping[str, object], path: Path) -> None:
    """Write what is published as JSON, a line for each name, decision and assignment.

    It is there whole or not at all.
    """
    beside = path.with_name(f"{path.name}.part")
    with beside.open("w", encoding="utf-8") as file:
        file.writelines(_text(told))
    os.replace(beside, path)


def summary(told: Mapping[str, object]) -> dict[str, object]:
    """Return what was published in a few words: hashes as they are, other lists by their length."""
    words = {n: v for n, v in told.items() if isinstance(v, str | None) and n != "format"}
    lists = {n: v for n, v in told.items() if isinstance(v, list)}
    return words | {n: " ".join(v) if n == "roster_sha256" else len(v) for n, v in lists.items()}


def _committed_at(store: Store, day: date, *, commitment: str) -> datetime | None:
    """Return when a plan of the day first carried the commitment; ``None`` where none does."""
    plans = [p for p in store.told("plans", "day", values=[day.isoformat()]) if isinstance(p, Plan)]
    others = sorted({plan.commitment for plan in plans} - {commitment})
    if others:
        raise Invalid(
            f"the plans of {day} carry the commitment {others[0]}, that of the secret given is "
            f"{commitment}; give the secret that was in use that day"
        )
    return min((plan.known_at for plan in plans), default=None)


def _lines(decided: pd.DataFrame) -> list[dict[str, object]]:
    at = np.datetime_as_string(decided["decided_at"].to_numpy("datetime64[ms]"), unit="ms")
    shown = decided.assign(decided_at=[f"{moment}Z" for moment in at])
    return [dict(zip(SHOWN, row, strict=True)) for row in shown[[*SHOWN]].itertuples(index=False)]


def _assignments(
    store: Store, decided: pd.DataFrame, *, with_goods: bool
) -> list[dict[str, object]]:
    """Return every version of the assignments of some decisions, in the order of assigning."""
    place = {name: number for number, name in enumerate(decided["decision_id"])}
    drawn = decided.loc[decided["lane"] != "release", "decision_id"]
    found = store.told("assignments", "decision_id", values=[*drawn])
    made = [one for one in found if isinstance(one, Assignment)]
    made.sort(key=lambda one: (one.assigned_at, place[one.decision_id]))
    asked = {one.declaration_id: one.assigned_at for one in made} if with_goods else {}
    lines = declared(store, asked)
    return [_sent(one, lines.get(one.declaration_id)) for one in made]


def _sent(one: Assignment, line: Declaration | None) -> dict[str, object]:
    told = one.model_dump(exclude={"x", "known_at", "commitment", "assigned_at"})
    goods = None if line is None else {name: getattr(line, name) for name in Goods._fields}
    return {**told, "assigned_at": _moment(one.assigned_at), "goods": goods}


def _moment(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat(timespec="milliseconds")


def _text(told: Mapping[str, object]) -> Iterator[str]:
    for place, (name, value) in enumerate(told.items()):
        yield f"{',' if place else '{'}\n{json.dumps(name)}: "
        yield from _listed(value) if isinstance(value, list) else [_json(value)]
    yield "\n}\n"


def _listed(values: Iterable[object]) -> Iterator[str]:
    yield "["
    for place, value in enumerate(values):
        yield f"{',' if place else ''}\n{_json(value)}"
    yield "]"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
