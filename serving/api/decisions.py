"""Decisions: declared lines in, what the single window is told out."""

from fastapi import APIRouter
from starlette.responses import Response

from features.records import Declaration
from serving.api import answers, bodies, examples
from serving.api.bodies import Body
from serving.deps import Id, Now, Parts
from serving.schemas import outside

router = APIRouter(prefix="/v1/decisions", tags=["布控指令"])


@router.post(
    "",
    summary="评估申报商品项并给出布控指令",
    openapi_extra=answers.asked("DeclarationIn", example=examples.DECLARATION),
    responses=answers.told(
        answers.one_or_list("Decision"), example=examples.DECISION, problems=(409, 413, 422, 503)
    ),
)
def decide(body: Body, parts: Parts, now: Now) -> Response:
    """Decide one declared line or a list of them; the same line always gets the same decision."""
    declarations = bodies.records(body, Declaration, now=now, limit=parts.settings.batch_limit)
    decisions = [outside(d) for d in parts.scorer.score(declarations, as_of=now)]
    return answers.json(decisions if isinstance(body, list) else decisions[0])


@router.get(
    "/{decision_id:path}",
    summary="查询布控指令",
    responses=answers.told(answers.ref("Decision"), example=examples.DECISION, problems=(404, 422)),
)
def decision(decision_id: Id, parts: Parts) -> Response:
    """Return a decision as it was made: reasons, draw, versions."""
    return answers.json(outside(parts.store.find("decisions", decision_id)))
