"""What a request needs: the moment, the service's parts, and a checked id."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Path, Request

from features import moments
from features.fields import NO_NUL
from features.store import Store
from serving.console.agenda import Agenda
from serving.console.board import Board
from serving.scorer import Scorer
from serving.settings import Settings
from serving.watch import Watch


@dataclass(frozen=True)
class Service:
    """The parts of a running service, made once at its start."""

    settings: Settings
    store: Store
    watch: Watch
    scorer: Scorer
    board: Board
    agenda: Agenda


def now() -> datetime:
    """Return the present moment, to the millisecond: the only clock of the service."""
    present = datetime.now(UTC)
    return moments.moment(moments.milliseconds(present))


def service(request: Request) -> Service:
    """Return the parts of the service that answers this request."""
    parts: Service = request.app.state.service
    return parts


Now = Annotated[datetime, Depends(now)]
Parts = Annotated[Service, Depends(service)]
Id = Annotated[str, Path(min_length=1, max_length=400, pattern=NO_NUL)]
