"""One decision: what to do, why, on which facts, by which draw, and what a supervisor says."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from features.judgements import Decision, Review
from features.records import Record
from features.store import Store
from models.risk import interval, public
from serving.console import charts, csrf, render
from serving.deps import Id, Parts

router = APIRouter()
SOURCES = {
    "report": ("reports", "report_id"),
    "inspection": ("inspections", "fact_id"),
    "warning": ("warnings", "warning_id"),
    "declaration": ("declarations", "declaration_id"),
    "certificate": ("certificates", "certificate_id"),
}


@router.get("/decisions/{decision_id:path}")
def decision(decision_id: Id, request: Request, parts: Parts) -> Response:
    """Show a decision as it was made."""
    store, session = parts.store, csrf.session(request)
    found = store.find("decisions", decision_id)
    assert isinstance(found, Decision)
    names = [found.declaration_id]
    reviews = store.select("reviews", "subject_id", values=[decision_id])
    shown = {
        "decision": found,
        "declaration": next(
            iter(store.select("declarations", "declaration_id", values=names)), None
        ),
        "inspections": store.select("inspections", "declaration_id", values=names),
        "sources": sources(store, found),
        "reviews": [r for r in reviews if isinstance(r, Review) and r.subject == "decision"],
        "chart": charts.contributions(found.reasons) if found.reasons else "",
        "public": public.shipped().reasons(found),
        "thin": interval.THIN,
        "assigned": store.select("assignments", "decision_id", values=[decision_id]),
        "token": csrf.token(parts.settings, session),
        "degraded": False,
    }
    response = HTMLResponse(render.page("decision.html", shown))
    return csrf.keep(request, response, session=session)


def sources(store: Store, decision: Decision) -> dict[tuple[str, str], Record]:
    """Return the facts behind a decision, by kind and id; what is gone is left out."""
    behind = [reason.evidence for reason in decision.reasons]
    behind += [effect.evidence for effect in decision.effects]
    behind += [item.evidence for item in decision.items]
    named = {(e.kind, e.id) for evidence in behind for e in evidence}
    return {
        (kind, fact.fact_id): fact
        for kind, (table, column) in SOURCES.items()
        if (ids := [name for of, name in named if of == kind])
        for fact in store.select(table, column, values=ids)
    }
