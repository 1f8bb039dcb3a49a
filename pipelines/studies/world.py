"""Study: a simulated world, whose truth is known, so that honesty itself can be measured.

Six months are judged one by one by models of their own past. Two questions that no real data can
answer: are the likelihoods right over all lines, not only over those that were inspected; and does
the interval that an evaluation gives from the inspected lines hold what all lines would have shown?
For the second the lottery of inspections is drawn anew many times by the chances that the simulated
port really used.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
import pandas as pd

from features import catalog
from features.moments import CIVIL
from features.plans import Numbers
from models import metrics
from models.evaluation import bounded, page
from models.evaluation.estimates import questions
from models.evaluation.selection import ESTIMATORS, Chosen, Lines
from models.risk.training import Recipe
from models.splits import rolling_origins
from pipelines.backtest import Window, judge
from pipelines.load import load
from pipelines.population import population
from pipelines.sample import sample
from pipelines.studies.intervals import Around, around, honesty
from pipelines.table import table

UNTIL = datetime(2026, 6, 30, 16, tzinfo=CIVIL)
RIPE = timedelta(days=15)  # before the end, so that every drawn inspection is known
MONTH, MONTHS = timedelta(days=30), 6
DRAWS = 200
COLUMNS = ("question", "estimator", "truth", "error", "coverage")


@dataclass(frozen=True)
class Month:
    """The lines of a month as they were drawn, and the truth of each: does it fail, its chance.

    around: how the interval of each likelihood stands to its true chance of failing.
    """

    lines: Lines
    fails: Chosen
    chance: Numbers
    around: Around

    def drawn(self, rng: np.random.Generator) -> Lines:
        """Return the same lines with the inspections drawn anew."""
        inspected = rng.random(len(self.fails)) < self.chance
        failed = np.where(inspected, self.fails, np.nan)
        return Lines(self.lines.likelihood, inspected, failed, self.chance)


def months(folder: Path, *, declarations: int, recipe: Recipe) -> Iterator[Month]:
    """Simulate a world below a folder and yield its last six months, each after a training."""
    sample(folder, seed=recipe.seed, declarations=declarations, until=UNTIL)
    tables = load(folder, now=UNTIL).tables
    truth = pd.read_parquet(folder / "truth" / "declarations.parquet").set_index("declaration_id")
    made = table(tables, catalog.standard(tables))
    for period in rolling_origins(UNTIL - RIPE, folds=MONTHS, length=MONTH):
        model = judge(made, Window(period), recipe=recipe).model
        told = population(tables, model, test=period)
        real = truth.loc[told.declarations["declaration_id"]]
        yield Month(
            told.lines,
            real["would_fail"].to_numpy(bool),
            real["propensity"].to_numpy(float),
            around(
                model,
                told.rows,
                likelihood=told.lines.likelihood,
                truth=real["fail_probability"].to_numpy(float),
            ),
        )


def calibration(told: list[Month]) -> dict[str, float]:
    """Return the calibration error over all lines, and what the inspected alone would say."""
    likelihood = np.concatenate([m.lines.likelihood for m in told])
    fails = np.concatenate([m.fails for m in told])
    seen = np.concatenate([m.lines.inspected for m in told])
    return {
        "n": len(fails),
        "positives": int(fails.sum()),
        "inspected": int(seen.sum()),
        "ece": metrics.ece(fails, likelihood),
        "ece_by_chance": metrics.ece_by_chance(likelihood),
        "ece_of_inspected": metrics.ece(fails[seen], likelihood[seen]),
        "auc": metrics.auc(fails, likelihood),
        "average_precision": metrics.average_precision(fails, likelihood),
    }


def coverage(told: list[Month], *, draws: int, seed: int) -> pd.DataFrame:
    """Return how each estimator did over many draws of the inspections, a row for each question.

    Columns: question, estimator, truth (mean share), error (mean of value less truth), coverage.
    """
    rng = np.random.default_rng(seed)
    rows = [
        {
            "question": name,
            "estimator": estimator,
            "truth": month.fails[group].mean(),
            "error": estimate.value - month.fails[group].mean(),
            "coverage": float(estimate.holds(month.fails[group].mean())),
        }
        for month in told
        for lines in (month.drawn(rng) for _ in range(draws))
        for name, group in questions(lines.likelihood).items()
        for estimator, of in ESTIMATORS.items()
        for estimate in (of(lines.take(group)),)
    ]
    frame = pd.DataFrame(rows)
    return frame.groupby(["question", "estimator"], sort=False).mean().reset_index()


def plain(rows: pd.DataFrame) -> list[dict[str, object]]:
    """Return a table's rows, for printing."""
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows[list(COLUMNS)].to_numpy()]


def save(folder: Path, rows: pd.DataFrame) -> None:
    """Write the table of estimators, and its chart."""
    rows.to_csv(folder / "coverage.csv", index=False)
    (folder / "coverage.svg").write_text(page.svg(bounded.coverage(rows)))


def world(*, declarations: int, recipe: Recipe) -> tuple[dict[str, float], pd.DataFrame]:
    """Return the study's metrics by name, and the table of estimators."""
    begun = perf_counter()
    with TemporaryDirectory() as folder:
        told = list(months(Path(folder), declarations=declarations, recipe=recipe))
    rows = coverage(told, draws=DRAWS, seed=recipe.seed)
    mean = rows.groupby("estimator")["coverage"].mean()
    worst = rows[rows["estimator"] == "doubly_robust"]["coverage"].min()
    naive = rows[(rows["estimator"] == "naive") & (rows["question"] == "all lines")]
    found = {
        **calibration(told),
        **honesty([month.around for month in told]),
        "coverage": float(mean["doubly_robust"]),
        "coverage_worst_question": float(worst),
        "coverage_inverse_propensity": float(mean["inverse_propensity"]),
        "coverage_naive": float(mean["naive"]),
        "naive_error": float(naive["error"].iloc[0]),
        "seconds": perf_counter() - begun,
    }
    return found, rows
