"""Keep: what a step found as one run with its files, and a line that tells where they are."""

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from features.errors import NotReady
from models.registry import Registry


def keep(
    tracking: Registry,
    step: str,
    *,
    params: Mapping[str, object],
    metrics: Mapping[str, float],
    save: Callable[[Path], None],
) -> str | None:
    """Keep a step as a run and print where it is; return the run's id.

    save: writes the files into a folder. A tracking server that does not answer costs a warning and
    no run: whoever keeps something here has printed it already.
    """
    words = Console(stderr=True, soft_wrap=True)
    try:
        with TemporaryDirectory() as folder:
            save(Path(folder))
            run = tracking.log(step, params=params, metrics=metrics, directory=Path(folder))
        where = tracking.address(run)
    except NotReady as error:
        words.print(f"not kept as a run: {error}", markup=False, highlight=False, style="yellow")
        return None
    words.print(f"运行 run {run}；图表 charts: {where}", markup=False, highlight=False)
    return run
