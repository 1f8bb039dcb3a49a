"""Reviews: a supervisor's verdict from another system, with what should have been read."""

from collections.abc import Mapping, Sequence

from fastapi import APIRouter
from starlette.responses import Response

from features.errors import Invalid, NotFound
from features.judgements import Review
from features.store import Store
from models.text import corrections, privacy, taxonomy
from serving.api import answers, bodies, examples
from serving.api.bodies import Body
from serving.api.standing import standing
from serving.deps import Now, Parts
from serving.errors import Misfit
from serving.schemas import outside

router = APIRouter(prefix="/v1/reviews", tags=["复核"])
SUBJECTS = {"decision": "decisions", "annotation": "annotations", "warning": "warnings"}


@router.post(
    "",
    summary="接收复核意见；对标注的更正即下次训练的标签",
    openapi_extra=answers.asked("ReviewIn", example=examples.REVIEW),
    responses=answers.told(
        answers.one_or_list("Review"), example=examples.REVIEWED, problems=(404, 409, 413, 422)
    ),
)
def review(body: Body, parts: Parts, now: Now) -> Response:
    """Take one review or a list of them; corrections are checked against the taxonomy."""
    told = bodies.records(body, Review, now=now, limit=parts.settings.batch_limit)
    faults = [fault for index, one in enumerate(told) for fault in _faults(one, index)]
    if faults:
        raise Misfit(faults)
    made = [_kept(one) for one in told]
    _find_subjects(parts.store, made)
    kept = standing(parts.store, made)
    parts.store.append(list(kept.values()))  # what is there stays as it is
    said = [outside(kept[one.review_id]) for one in made]
    return answers.json(said if isinstance(body, list) else said[0])


def _faults(review: Review, index: int) -> Sequence[Mapping[str, object]]:
    """Return what is wrong with the corrections of a review."""
    if review.corrections and (review.subject, review.verdict) != ("annotation", "correct"):
        remedy = "belong to verdict 'correct' on an annotation; take them out or change the verdict"
        return [bodies.fault(index, "corrections", value=review.corrections, remedy=remedy)]
    try:
        corrections.checked(review.corrections, taxonomy=taxonomy.load())
    except Invalid as error:
        return [bodies.fault(index, "corrections", value=None, remedy=str(error))]
    return []


def _kept(review: Review) -> Review:
    """Return a review as it is stored: corrections in one spelling, its note masked."""
    said = corrections.checked(review.corrections, taxonomy=taxonomy.load())
    note = None if review.note is None else privacy.mask(review.note)
    return review.model_copy(update={"corrections": said, "note": note})


def _find_subjects(store: Store, reviews: Sequence[Review]) -> None:
    """Raise ``NotFound`` where a review speaks of what is not there."""
    for subject, table in SUBJECTS.items():
        names = [review.subject_id for review in reviews if review.subject == subject]
        missing = set(names) - store.present(table, names)
        if missing:
            raise NotFound(f"there is no {subject} {min(missing)!r}; look at subject_id")
