"""Sources: the report, inspection, warning or declaration that a reason was read from."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from features.judgements import Annotation, Span
from features.records import Record, Report, reading
from serving.console import render
from serving.deps import Id, Parts

router = APIRouter()


@dataclass(frozen=True)
class Piece:
    """A stretch of a report's text and what it speaks for; mostly nothing."""

    words: str
    answers: tuple[str, ...] = ()


@router.get("/reports/{report_id:path}")
def report(report_id: Id, parts: Parts) -> Response:
    """Show a report, masked, with the places that the text models read marked."""
    found = parts.store.find("reports", report_id)
    assert isinstance(found, Report)
    read = parts.store.select("annotations", "report_id", values=[report_id])
    annotations = [a for a in reversed(read) if isinstance(a, Annotation)]
    spans = annotations[0].evidence if annotations else ()
    shown = {
        "report": found,
        "annotations": annotations,
        "pieces": pieces(reading(found.title, found.text), spans),
        "degraded": False,
    }
    return HTMLResponse(render.page("report.html", shown))


def pieces(text: str, spans: Sequence[Span]) -> list[Piece]:
    """Return the text in pieces, cut wherever a span begins or ends.

    >>> pieces("水壶漏电", [Span(start=2, end=4, words="漏电", answer="危害")])
    [Piece(words='水壶', answers=()), Piece(words='漏电', answers=('危害',))]
    """
    ends = {edge for span in spans for edge in (span.start, span.end) if edge <= len(text)}
    cuts = sorted({0, len(text)} | ends)
    return [
        Piece(text[start:end], tuple(s.answer for s in spans if s.start <= start and end <= s.end))
        for start, end in pairwise(cuts)
    ]


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


def _line(parts: Parts, declaration_id: str) -> dict[str, Record | list[Record] | None]:
    store, names = parts.store, [declaration_id]
    return {
        "declaration": next(
            iter(store.select("declarations", "declaration_id", values=names)), None
        ),
        "decisions": store.select("decisions", "declaration_id", values=names),
    }
