"""Sources: the inspection, warning, certificate or declaration that a reason was read from."""

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from features.records import Record
from serving.console import render
from serving.deps import Id, Parts

router = APIRouter()


@router.get("/inspections/{inspection_id:path}")
def inspection(inspection_id: Id, parts: Parts) -> Response:
    """Show an inspection with the line that was inspected and its decisions."""
    found = parts.store.find("inspections", inspection_id)
    name = inspection_id.rpartition("@")[0]
    shown = {"inspection": found, **_line(parts, name), "degraded": False}
    return HTMLResponse(render.page("inspection.html", shown))


@router.get("/declarations/{declaration_id:path}")
def declaration(declaration_id: Id, parts: Parts) -> Response:
    """Show a declared line with its decisions and inspections."""
    parts.store.find("declarations", declaration_id)
    inspections = parts.store.select("inspections", "declaration_id", values=[declaration_id])
    shown = {**_line(parts, declaration_id), "inspections": inspections, "degraded": False}
    return HTMLResponse(render.page("declaration.html", shown))


@router.get("/warnings/{warning_id:path}")
def warning(warning_id: Id, parts: Parts) -> Response:
    """Show a warning."""
    found = parts.store.find("warnings", warning_id)
    return HTMLResponse(render.page("warning.html", {"warning": found, "degraded": False}))


@router.get("/certificates/{certificate_id:path}")
def certificate(certificate_id: Id, parts: Parts) -> Response:
    """Show a certificate of a third party or another agency."""
    found = parts.store.find("certificates", certificate_id)
    return HTMLResponse(render.page("certificate.html", {"certificate": found, "degraded": False}))


def _line(parts: Parts, declaration_id: str) -> dict[str, Record | list[Record] | None]:
    store, names = parts.store, [declaration_id]
    return {
        "declaration": next(
            iter(store.select("declarations", "declaration_id", values=names)), None
        ),
        "decisions": store.select("decisions", "declaration_id", values=names),
    }
