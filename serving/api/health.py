"""Health: whether the process lives, and whether it answers with a champion or degraded."""

from fastapi import APIRouter
from starlette.responses import Response

from serving import errors
from serving.api import answers, examples
from serving.deps import Parts

router = APIRouter(prefix="/health", tags=["健康"])
LIVE = {"type": "object", "properties": {"status": {"const": "live"}}, "required": ["status"]}


@router.get("/live", summary="进程存活", responses=answers.told(LIVE, example={"status": "live"}))
def live() -> Response:
    """Say that the process answers."""
    return answers.json({"status": "live"})


@router.get(
    "/ready",
    summary="就绪与降级状态",
    responses=answers.told(answers.ref("Ready"), example=examples.READY, problems=(503,)),
)
def ready(parts: Parts) -> Response:
    """Say with which champion lines are decided; 503 while the base rates answer (degraded)."""
    standing, troubles = parts.watch.standing, parts.watch.troubles
    if standing is None:
        reasons = "; ".join(troubles.values())
        return errors.problem(503, f"degraded: the policy's base rates answer; {reasons}")
    if parts.watch.has_ended:
        return errors.problem(503, "the watch has ended, new facts are not learned; restart me")
    return answers.json(
        {
            "status": "ready",
            "degraded": False,
            "champion": standing.champion.version,
            "facts": standing.follower.facts,
            "notes": {name: errors.safe(trouble) for name, trouble in [*troubles.items()]},
        }
    )
