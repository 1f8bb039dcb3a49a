"""Facts behind decisions: from a declaration to its reasons, and on to reports and inspections."""

from fastapi import APIRouter
from starlette.responses import Response

from features.records import Report
from serving import intake
from serving.api import answers, bodies, examples
from serving.api.bodies import Body
from serving.deps import Id, Now, Parts
from serving.schemas import outside

router = APIRouter(prefix="/v1")


@router.get(
    "/declarations/{declaration_id:path}",
    tags=["申报商品项"],
    summary="查询申报商品项及其布控指令、查验结果",
    responses=answers.told(answers.ref("DeclarationFile"), problems=(404, 422)),
)
def declaration(declaration_id: Id, parts: Parts) -> Response:
    """Return a declaration with its decisions and inspections, newest first."""
    found = parts.store.find("declarations", declaration_id)
    decisions = parts.store.select("decisions", "declaration_id", values=[declaration_id])
    inspections = parts.store.select("inspections", "declaration_id", values=[declaration_id])
    return answers.json(
        {
            "declaration": outside(found),
            "decisions": [outside(d) for d in reversed(decisions)],
            "inspections": [outside(i) for i in reversed(inspections)],
        }
    )


@router.post(
    "/reports",
    tags=["风险信息"],
    summary="接收风险信息，脱敏后保存并立即标注",
    openapi_extra=answers.asked("ReportIn", example=examples.REPORT),
    responses=answers.told(
        answers.one_or_list("Annotation"),
        example=examples.ANNOTATION,
        problems=(409, 413, 422, 503),
    ),
)
def receive(body: Body, parts: Parts, now: Now) -> Response:
    """Take one report or a list of them; personal data is masked before anything is stored."""
    reports = bodies.records(body, Report, now=now, limit=parts.settings.batch_limit)
    read = intake.receive(reports, store=parts.store, watch=parts.watch)
    annotations = [outside(annotation) for annotation in read]
    return answers.json(annotations if isinstance(body, list) else annotations[0])


@router.get(
    "/reports/{report_id:path}",
    tags=["风险信息"],
    summary="查询风险信息及其标注",
    responses=answers.told(answers.ref("ReportFile"), problems=(404, 422)),
)
def report(report_id: Id, parts: Parts) -> Response:
    """Return a report (masked) with what the text models read in it, newest first."""
    found = parts.store.find("reports", report_id)
    annotations = parts.store.select("annotations", "report_id", values=[report_id])
    read = [outside(annotation) for annotation in reversed(annotations)]
    return answers.json({"report": outside(found), "annotations": read})


@router.get(
    "/inspections/{inspection_id:path}",
    tags=["查验"],
    summary="查询查验结果",
    responses=answers.told(answers.ref("InspectionFile"), problems=(404, 422)),
)
def inspection(inspection_id: Id, parts: Parts) -> Response:
    """Return an inspection (declaration_id@milliseconds) with the declaration it was of."""
    found = parts.store.find("inspections", inspection_id)
    name = inspection_id.rpartition("@")[0]
    declared = parts.store.select("declarations", "declaration_id", values=[name])
    behind = outside(declared[0]) if declared else None
    return answers.json({"inspection": outside(found), "declaration": behind})
