"""The service's table of contents: its parts, doors, limits and pages."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from features.errors import YujingError
from features.store import Store
from models.inspection import agency as agencies
from models.inspection.agency import Agency
from models.registry import Registry
from models.risk import public
from serving import auth, errors, settings
from serving.api import certificates, decisions, draws, facts, health
from serving.api import reviews as said
from serving.api.openapi import openapi
from serving.console import decision, queue, report, reviews, sources, waiting
from serving.console.agenda import Agenda
from serving.console.board import Board
from serving.deps import Service
from serving.limits import BodyLimit, Headers
from serving.scorer import Scorer
from serving.settings import Settings
from serving.watch import Watch

STATIC = Path(__file__).parent / "console" / "static"


def from_environment() -> FastAPI:
    """Return the service that the environment describes: ``uvicorn --factory`` calls this.

    A wrong setting, policy, matrix or rule ends the process with one sentence.
    """
    try:
        told = settings.load()
        logging.basicConfig(level=told.log_level, format="%(asctime)s %(levelname)s %(message)s")
        return create_app(told)
    except YujingError as error:
        raise SystemExit(f"error: {error}") from None


def create_app(settings: Settings) -> FastAPI:
    """Return the service; its store and its watch open when it starts.

    ``YujingError`` where a file of what the agency lays down cannot be used.
    """
    public.shipped()  # what importers are told is checked now, not at the first answer
    app = FastAPI(
        title="预警 yujing",
        version=version("yujing"),
        lifespan=partial(_lifespan, settings=settings, agency=_agency(settings)),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    for kind, handler in errors.HANDLERS.items():
        app.add_exception_handler(kind, handler)
    for module in (decisions, facts, certificates, said):
        app.include_router(module.router, dependencies=[auth.Bearer])
    app.include_router(health.router)
    app.include_router(draws.router)
    for page in (queue, decision, waiting, report, sources, reviews):
        app.include_router(page.router, dependencies=[auth.Password], include_in_schema=False)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(BodyLimit, most=settings.body_limit)
    app.add_middleware(Headers)
    app.openapi = partial(openapi, app)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI, *, settings: Settings, agency: Agency) -> AsyncIterator[None]:
    service = assemble(settings, agency)
    app.state.service = service
    service.watch.start()
    yield
    service.watch.stop()
    service.store.close()


def assemble(settings: Settings, agency: Agency) -> Service:
    """Return the service's parts, with the store open and the watch not yet started."""
    store = Store.open(settings.store_url)
    watch = Watch(
        store,
        Registry(settings.tracking_uri),
        ruled=agency.rules.features,
        seconds=settings.refresh_seconds,
    )
    scorer = Scorer(store, watch, agency)
    return Service(settings, store, watch, scorer, Board(store), Agenda(store))


def _agency(settings: Settings) -> Agency:
    return agencies.load(
        settings.draw_secret.get_secret_value().encode(),
        policy=settings.policy,
        matrix=settings.matrix,
        rules=settings.rules,
    )
