"""Assign: draw an inspector for every drawn line of a day that has none yet."""

import logging
from collections.abc import Mapping, Sequence
from datetime import date, datetime

import pandas as pd

from features import moments
from features.errors import Invalid
from features.judgements import Assignment, Decision
from features.records import Declaration
from features.store import Store
from models.inspection.draws import draw, inspectors
from models.inspection.draws.inspectors import Duty, Job

FIELDS = (
    "declaration_id",
    "decision_id",
    "decided_at",
    "inclusion_probability",
    "draw",
    "lane",
    "commitment",
)
logger = logging.getLogger(__name__)


def assign(store: Store, *, duty: Duty, as_of: datetime) -> list[Assignment]:
    """Draw, store and return an assignment for each drawn line of the day that has none.

    A line for which nobody was found is tried again, as with another roster somebody may be; that
    nobody was found is stored once. Who was drawn stays. ``Invalid`` where the day's lines were
    drawn with another secret. One process does it at a time.
    """
    as_of = moments.moment(moments.milliseconds(as_of))  # as it is stored, and so recomputed
    decided = decisions(store, duty.day, known_before=as_of)
    check_secret(decided, duty.day, commitment=draw.commitment(duty.secret))
    drawn = decided[decided["lane"] != "release"]
    made = store.select("assignments", "decision_id", values=[*drawn["decision_id"]])
    earlier = [one for one in made if isinstance(one, Assignment)]
    sent = {one.decision_id for one in earlier if one.inspector_id is not None}
    left = drawn[~drawn["decision_id"].isin(sent)]
    jobs = _jobs(store, [*left["decision_id"]], as_of=as_of)
    found = inspectors.assign(jobs, duty=duty, earlier=earlier, as_of=as_of)
    tried = {one.decision_id for one in earlier}
    store.append([o for o in found if o.inspector_id is not None or o.decision_id not in tried])
    logger.info("assign %s: %d lines, %d before", duty.day, len(found), len(earlier))
    return found


def decisions(store: Store, day: date, *, known_before: datetime | None = None) -> pd.DataFrame:
    """Return the ``FIELDS`` of every version of the decisions of a civil day.

    In the order of (decided_at, declaration_id).
    """
    start, end = (bound(day.isoformat(), "day") for bound in (moments.start, moments.end))
    _, told = store.values(
        "decisions", (*FIELDS, "known_at"), after=0, known_from=moments.milliseconds(start)
    )
    kept = pd.DataFrame(told, columns=[*FIELDS, "known_at"])
    at, known = (pd.to_datetime(kept[c], unit="ms", utc=True) for c in ("decided_at", "known_at"))
    before = pd.Timestamp.max.tz_localize("UTC") if known_before is None else known_before
    found = kept.assign(decided_at=at, known_at=known)[(at < end) & (known < before)]
    return found.sort_values(["decided_at", "declaration_id"], ignore_index=True)


def check_secret(decided: pd.DataFrame, day: date, *, commitment: str) -> None:
    """Refuse a secret with which none of a day's lines was drawn."""
    if len(decided) and not (decided["commitment"] == commitment).any():
        raise Invalid(
            f"the lines of {day} were drawn with another secret: their commitment is "
            f"{decided['commitment'].iloc[0]}, that of the secret given is {commitment}; give the "
            "one that was in use that day"
        )


def declared(store: Store, asked: Mapping[str, datetime]) -> dict[str, Declaration]:
    """Return each declaration as it was known just before a moment; some may be missing."""
    versions = store.told("declarations", "declaration_id", values=[*asked])
    return {
        one.declaration_id: one  # the newest comes last
        for one in versions
        if isinstance(one, Declaration) and one.known_at < asked[one.declaration_id]
    }


def _jobs(store: Store, decision_ids: Sequence[str], *, as_of: datetime) -> list[Job]:
    found = store.select("decisions", "decision_id", values=decision_ids)
    drawn = [one for one in found if isinstance(one, Decision)]
    lines = declared(store, {one.declaration_id: as_of for one in drawn})
    missing = [one.decision_id for one in drawn if one.declaration_id not in lines]
    if missing:
        logger.warning("%d decisions without a declaration are left: %s", len(missing), missing[:5])
    return [
        inspectors.job(one, lines[one.declaration_id])
        for one in drawn
        if one.declaration_id in lines
    ]
