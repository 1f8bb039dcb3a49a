"""Certificates: results of third parties and other agencies, as they are told and as they stand."""

from fastapi import APIRouter
from starlette.responses import Response

from features.records import Certificate
from serving.api import answers, bodies, examples
from serving.api.bodies import Body
from serving.api.standing import standing
from serving.deps import Id, Now, Parts
from serving.schemas import outside

router = APIRouter(prefix="/v1/certificates", tags=["采信证明"])


@router.post(
    "",
    summary="接收第三方或其他部门的检验结果，供采信与互认",
    openapi_extra=answers.asked("CertificateIn", example=examples.CERTIFICATE),
    responses=answers.told(
        answers.one_or_list("Certificate"),
        example=examples.CERTIFIED,
        problems=(409, 413, 422),
    ),
)
def receive(body: Body, parts: Parts, now: Now) -> Response:
    """Take one certificate or a list of them; from the next refresh on they count."""
    told = bodies.records(body, Certificate, now=now, limit=parts.settings.batch_limit)
    kept = standing(parts.store, told)
    parts.store.append(list(kept.values()))  # what is there stays as it is
    said = [outside(kept[one.certificate_id]) for one in told]
    return answers.json(said if isinstance(body, list) else said[0])


@router.get(
    "/{certificate_id:path}",
    summary="查询采信证明",
    responses=answers.told(
        answers.ref("Certificate"), example=examples.CERTIFIED, problems=(404, 422)
    ),
)
def certificate(certificate_id: Id, parts: Parts) -> Response:
    """Return a certificate."""
    return answers.json(outside(parts.store.find("certificates", certificate_id)))
