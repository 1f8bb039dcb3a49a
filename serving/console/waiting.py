"""The reports whose reading waits for a person, the most instructive first."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from serving.console import agenda, queries, render
from serving.deps import Parts

router = APIRouter()
LIMITS = (20, 50, 100)


@router.get("/reports")
def waiting(request: Request, parts: Parts) -> Response:
    """Show which reports to judge next, and why."""
    limit = queries.limit(request.query_params, usual=LIMITS[0], most=LIMITS[-1])
    annotator, suspects = parts.watch.annotator, parts.watch.suspects
    shown = {
        "ranked": parts.agenda.ranked(annotator, suspects=suspects, limit=limit),
        "version": annotator.version,
        "limit": limit,
        "limits": LIMITS,
        "newest": agenda.NEWEST,
        "degraded": False,
    }
    return HTMLResponse(render.page("waiting.html", shown))
