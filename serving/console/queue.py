"""The supervisor's queue: decisions, newest or most at risk first."""

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from serving.console import charts, queries, render
from serving.deps import Now, Parts

router = APIRouter()


@router.get("/")
def queue(request: Request, parts: Parts, now: Now) -> Response:
    """Show the queue of decisions."""
    wishes = queries.wanted(request.query_params)
    board = parts.board.frame()
    found = queries.matching(board, wishes, now=now)
    counts = queries.counts(found)
    total = counts[wishes.level] if wishes.level else len(found)
    shown = {
        "wishes": wishes,
        "counts": counts,
        "total": total,
        "pages": max(1, -(-total // queries.PAGE)),
        "ports": sorted(board["port"].dropna().unique()),
        "rows": queries.rows(parts.store, queries.ordered(found, wishes)),
        "chart": charts.levels(queries.by_day(found, now=now)) if len(found) else "",
        "chart_days": queries.CHART_DAYS,
        "now": now,
        "degraded": parts.watch.standing is None,
    }
    return HTMLResponse(render.page("queue.html", shown))
