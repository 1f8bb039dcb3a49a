"""Evaluate: what a backtest shows, honestly, and its files: tables, charts and a page of both."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import altair as alt
import numpy as np
import pandas as pd

from features.facts import Tables
from features.labels import labels, maturity
from models import charts
from models.evaluation import bounded, page
from models.evaluation import charts as drawn
from models.evaluation import judged as judging
from models.evaluation.dimensions import dimensions
from models.evaluation.estimates import estimates
from models.evaluation.evaluation import (
    Evaluation,
    evaluate,
    table,
    words,
)
from models.evaluation.judged import Judged
from models.risk.model import RiskModel
from models.splits import Period
from pipelines.backtest import Backtest, Window
from pipelines.population import population


@dataclass(frozen=True)
class Evaluated:
    """A backtest, what is said of it, and the estimates over all declared lines.

    estimates: ``None`` where the chance of an inspection is not told.
    """

    found: Backtest
    evaluation: Evaluation
    estimates: pd.DataFrame | None = None

    def numbers(self) -> dict[str, float]:
        """Return every number that a run keeps."""
        told = {} if self.estimates is None else _named(self.estimates)
        return {**self.found.metrics, **self.evaluation.numbers(), **told}

    def charts(self) -> dict[str, alt.TopLevelMixin]:
        """Return the charts that have something to show, by file name."""
        judged = self.evaluation.judged
        made: dict[str, alt.TopLevelMixin] = {
            "reliability": drawn.reliability(judged),
            "lift": drawn.lift(judged),
            "capacity": drawn.capacity(judged),
            "importance": importance(self.found.model),
        }
        if any(not one.few for one in self.evaluation.slices):
            made["slices"] = bounded.slices(self.evaluation.slices)
        if any(not one.few for one in self.evaluation.treated):
            made["fairness"] = bounded.fairness(self.evaluation.treated)
        if self.estimates is not None:
            made["estimates"] = bounded.estimates(self.estimates)
        return made

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables by file name."""
        told = self.evaluation
        made = {
            "metrics": metrics_frame(told),
            "slices": table(told.slices),
            "fairness": table(told.treated),
        }
        return made if self.estimates is None else {**made, "estimates": self.estimates}


def evaluated(
    found: Backtest, *, seed: int, tables: Tables | None = None, window: Window | None = None
) -> Evaluated:
    """Return what a backtest shows. seed: of the draws of enterprises.

    tables, window: with both, what all declared lines of the window would have shown is estimated.
    """
    tested = found.tested
    group = pd.factorize(tested.declarations["enterprise_id"])[0]
    judged = Judged(
        tested.labels["failed"].to_numpy(bool),
        found.likelihood,
        group,
        judging.weights(tested.labels["propensity"]),
    )
    said = evaluate(judged, dimensions(tested.rows, group), seed=seed)
    if tables is None or window is None:
        return Evaluated(found, said)
    return Evaluated(found, said, over_all(found, tables, window=window))


def over_all(found: Backtest, tables: Tables, *, window: Window) -> pd.DataFrame | None:
    """Return the estimates over all lines declared in a window, if all chances are told.

    Lines too young for nearly all outcomes to be back are left out, as they count as not inspected.
    """
    if not judging.told(found.tested.labels["propensity"]):
        return None
    until = labels(tables["inspections"])["known_at"].max().to_pydatetime()
    ripe = until - maturity(tables["inspections"], tables["declarations"], as_of=until)
    if ripe <= window.test.start:
        return None
    test = Period(window.test.start, min(window.test.end, ripe))
    freeze = window.test.start if window.freeze else None
    return estimates(population(tables, found.model, test=test, freeze=freeze).lines)


def importance(model: RiskModel) -> alt.Chart:
    """Return what a model gains by each feature, in Chinese."""
    meaning = model.features.meaning
    return charts.importance({meaning(name, 0): gain for name, gain in model.gains().items()})


def save(
    told: Evaluated, directory: Path, *, more: Mapping[str, alt.TopLevelMixin] | None = None
) -> None:
    """Write the tables as CSV, the charts as SVG, the words as JSON, and a page of all of it.

    more: further charts by file name, or others in place of these.
    """
    pictures, tables = {**told.charts(), **(more or {})}, told.tables()
    for name, chart in pictures.items():
        (directory / f"{name}.svg").write_text(page.svg(chart))
    for name, frame in tables.items():
        frame.to_csv(directory / f"{name}.csv", index=False)
    zh, en = told.evaluation.headline
    numbers = {
        name: value if np.isfinite(value) else None for name, value in told.numbers().items()
    }
    plain = {"fairness_zh": zh, "fairness_en": en, "metrics": numbers}
    (directory / "evaluation.json").write_text(json.dumps(plain, ensure_ascii=False, indent=1))
    written = page.page(
        "风险模型评估 · evaluation of a risk model",
        said={"公平 · fairness": f"{zh} {en}"},
        tables={HEADINGS.get(name, name): frame for name, frame in tables.items()},
        charts=pictures,
    )
    (directory / "evaluation.html").write_text(written)


HEADINGS = {
    "metrics": "指标 · metrics",
    "slices": "各组 · slices",
    "fairness": "同等风险 · equal risk",
    "estimates": "全部申报 · all declared lines",
}


def metrics_frame(told: Evaluation) -> pd.DataFrame:
    """Return a row for each metric with its meaning and its bounds."""
    return pd.DataFrame(
        [
            {"metric": name, "zh": words(name)[0], "en": words(name)[1], **vars(found)}
            for name, found in told.metrics.items()
        ]
    )


def _named(found: pd.DataFrame) -> dict[str, float]:
    """Return estimates by a name each: ``fail_rate_top_5pct_doubly_robust`` and its bounds."""
    told: dict[str, float] = {}
    for row in found.to_dict("records"):
        question = str(row["question"]).replace(" ", "_").replace("%", "pct")
        name = f"fail_rate_{question}_{row['estimator']}"
        told |= {name: row["value"], f"{name}_low": row["low"], f"{name}_high": row["high"]}
    return told
