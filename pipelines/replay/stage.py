"""Stage: what is the same for every policy of a replay: lines, weeks, and what all know of them.

Inspections of lines that were declared before the first week are everybody's past; how the lines
of the weeks turn out is told to each policy of those that it selects. Reports, warnings and the
register are as they were, whoever inspects: what a stopped line would not have caused is not
undone.

Every inspection takes one hour, whatever the line: else a policy that wrongly believes a line
harmless would find its failure for less.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from features import build, catalog, facts, memory
from features.build import Questions, Rows
from features.errors import Invalid
from features.facts import Kind, Tables
from features.feature_set import DECLARED, FeatureSet
from features.labels import labels, maturity_of, newest
from features.plans import Numbers
from features.windows import Positions
from models.inspection.alternatives import Weighed
from models.inspection.policy import Policy
from pipelines.backtest import FEWEST
from pipelines.replay.shown import WEEK, Shown, declared
from pipelines.table import Table, rows_of, table

INSPECTION = "inspection"
OTHERS = (DECLARED, *(kind for kind in memory.KINDS if kind != INSPECTION))


@dataclass(frozen=True)
class Stage:
    """n lines of some weeks, in order of declaration, and the past before them.

    declared, rows: every line declared in the weeks, and its features as they really were. places:
    which of these are replayed. before: the tables with the inspections of the past only. past:
    every line of the past with its outcome. labels: how each replayed line turns out, and when that
    is known after an inspection. age: lines that are younger have not all of their outcomes back.
    """

    shown: Shown
    declared: pd.DataFrame
    rows: Rows
    places: Positions
    before: Tables
    past: Table
    labels: pd.DataFrame
    harm: Numbers
    age: timedelta

    def __len__(self) -> int:
        return len(self.places)

    @cached_property
    def declarations(self) -> pd.DataFrame:
        """The lines that are replayed."""
        return self.declared.iloc[self.places].reset_index(drop=True)

    @property
    def fails(self) -> Numbers:
        """Whether each line would fail, as 0 or 1."""
        return (self.harm > 0).astype(float)

    @cached_property
    def firms(self) -> npt.NDArray[np.intp]:
        """Each line's enterprise as a code."""
        return pd.factorize(self.declarations["enterprise_id"])[0]

    @property
    def propensity(self) -> Numbers:
        """The chance with which the agency chose each declared line; missing where not known."""
        return np.asarray(self.shown.propensity.loc[self.declared["declaration_id"]], float)

    @property
    def chosen(self) -> npt.NDArray[np.bool_]:
        """Which declared lines the agency inspected, and the outcome is known."""
        return self.shown.chosen.loc[self.declared["declaration_id"]].to_numpy(bool)

    @property
    def effort(self) -> Numbers:
        """The hours that inspecting each line takes."""
        return np.ones(len(self))

    @cached_property
    def known(self) -> Weighed:
        """The lines as those see them who need no model.

        likelihood: the chance that the agency gave them, missing where nobody knows. gain: the harm
        they really do, which only an oracle knows.
        """
        chance, one = self.propensity[self.places], np.ones(len(self))
        return Weighed(chance, self.harm, effort=self.effort, floor=one, ceiling=one)

    @cached_property
    def weeks(self) -> list[Positions]:
        """The lines of each week."""
        return self._weeks(self.declarations)

    @cached_property
    def declared_weeks(self) -> list[Positions]:
        """All declared lines of each week, replayed or not."""
        return self._weeks(self.declared)

    def _weeks(self, lines: pd.DataFrame) -> list[Positions]:
        since = lines["declared_at"] - pd.Timestamp(self.shown.period.start)
        week = (since // WEEK).to_numpy(np.int64)
        return [np.flatnonzero(week == number) for number in range(len(self.starts))]

    @cached_property
    def starts(self) -> list[datetime]:
        """When each week begins."""
        period = self.shown.period
        return [period.start + n * WEEK for n in range((period.end - period.start) // WEEK)]

    @cached_property
    def questions(self) -> list[Questions]:
        """The lines of each week, asked what was inspected before each was declared."""
        lines = self.declarations
        each = (lines.iloc[rows].reset_index(drop=True) for rows in self.weeks)
        return [build.asked(some, self.history) for some in each]

    @cached_property
    def inspected(self) -> Kind:
        """The inspections of the past, as facts."""
        lines = self.before["declarations"]
        return _facts(self.before["inspections"], lines, history=self.history)

    @cached_property
    def shows(self) -> Kind:
        """What inspecting each of the replayed lines shows, as facts."""
        return _facts(self.shown.inspections, self.declared, history=self.history)

    @cached_property
    def showing(self) -> Positions:
        """Which line each of these facts is of: a line may have several, and they in any order."""
        told = self.shown.inspections.drop_duplicates("fact_id").set_index("fact_id")
        ids = told["declaration_id"].loc[list(self.shows.fact_ids)]
        lines = pd.Index(self.declarations["declaration_id"])
        return np.asarray(lines.get_indexer(pd.Index(ids)), np.intp)

    @property
    def features(self) -> FeatureSet:
        """What a model takes."""
        return self.rows.features

    @cached_property
    def history(self) -> FeatureSet:
        """Those features that depend on what a policy has inspected."""
        return self.features.without(*OTHERS)


def stage(tables: Tables, shown: Shown, *, policy: Policy) -> Stage:
    """Return the stage of some weeks. ``Invalid`` where too little is known before them.

    tables: store frames by name, annotated by one text model. policy: says what harm a failure
    does. The features are those that the tables of the past can feed.
    """
    start = pd.Timestamp(shown.period.start)
    features = catalog.standard({n: f[f["known_at"] < start] for n, f in tables.items()})
    lines = declared(tables, shown.period)
    places = np.flatnonzero(lines["declaration_id"].isin(shown.severity.index))
    ids = lines["declaration_id"].iloc[places]
    severity = shown.severity.loc[ids].to_numpy()
    before = _before(tables, start)
    past = table(before, features)
    known = (past.labels["known_at"] < start).to_numpy(bool)
    _check(past.labels["failed"][known], start)
    return Stage(
        shown=shown,
        declared=lines,
        rows=rows_of(lines, features, tables=tables),
        places=places,
        before=before,
        past=past,
        labels=labels(shown.inspections).loc[ids].reset_index(drop=True),
        harm=np.where(severity > 0, np.array(policy.harm)[np.maximum(severity, 1) - 1], 0.0),
        age=maturity_of(
            past.declared_at[known], past.labels["known_at"][known], as_of=shown.period.start
        ),
    )


def _facts(inspections: pd.DataFrame, lines: pd.DataFrame, *, history: FeatureSet) -> Kind:
    tables, behind = {"inspections": inspections}, {"declarations": lines}
    made = facts.of(tables, history.columns, asked=history.asked, behind=behind)
    return made[INSPECTION]


def _before(tables: Tables, start: pd.Timestamp) -> Tables:
    """Return the tables with the inspections of lines declared before a moment."""
    lines = newest(tables["declarations"])
    old = lines["declaration_id"][lines["declared_at"] < start]
    inspections = tables["inspections"]
    kept = inspections[inspections["declaration_id"].isin(old)].reset_index(drop=True)
    return {**tables, "inspections": kept}


def _check(failed: "pd.Series[bool]", start: pd.Timestamp) -> None:
    if failed.sum() < FEWEST or failed.all():
        raise Invalid(
            f"{len(failed)} outcomes with {failed.sum()} failures are known before "
            f"{start:%Y-%m-%d}; at least {FEWEST} failures and one pass are needed: replay "
            "fewer weeks or load more"
        )
