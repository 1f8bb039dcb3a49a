"""Build: one feature row for each question, in bulk or one at a time, equal to the last bit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from features import contrasts, declared, index, keys, moments, plans
from features.facts import Kind
from features.feature_set import FeatureSet
from features.index import Codes, Index
from features.plans import Numbers, Plan
from features.records import Declaration
from features.windows import Integers


@dataclass(frozen=True)
class Questions:
    """q declarations, each with the moment it is asked about.

    columns: exchange columns by name, ``None`` for missing. as_of, declared: milliseconds.
    """

    columns: dict[str, list[object]]
    as_of: Integers
    declared: Integers

    def __len__(self) -> int:
        return len(self.as_of)


@dataclass(frozen=True)
class Rows:
    """Features of q questions: numbers (q, features) and categories as they stand."""

    features: FeatureSet
    numbers: Numbers
    categories: dict[str, list[object]]

    def frame(self) -> pd.DataFrame:
        """Return the rows as a frame, for people and notebooks."""
        names = list(self.features.names)
        return pd.DataFrame(self.numbers, columns=names).join(pd.DataFrame(self.categories))

    def take(self, rows: npt.NDArray[np.integer]) -> "Rows":
        """Return some of the rows."""
        picked = {name: [values[i] for i in rows] for name, values in self.categories.items()}
        return Rows(self.features, self.numbers[rows], picked)


def asked(
    declarations: pd.DataFrame, features: FeatureSet, *, freeze: datetime | None = None
) -> Questions:
    """Return each declaration as a question at the moment it was declared.

    With ``freeze``, nothing later than that moment is seen: a plan made before the period begins.
    """
    declared_at = declarations["declared_at"].dt.as_unit("ms").astype("int64").to_numpy()
    as_of = declared_at
    if freeze is not None:
        as_of = np.minimum(as_of, moments.milliseconds(freeze))
    return Questions(keys.columns(declarations, _columns(features)), as_of, declared_at)


def asking(
    declarations: Sequence[Declaration], features: FeatureSet, *, as_of: datetime
) -> Questions:
    """Return declarations as questions at one moment: the online form."""
    names = _columns(features)
    declared_at = [moments.milliseconds(d.declared_at) for d in declarations]
    return Questions(
        columns={name: [_told(d, name) for d in declarations] for name in names},
        as_of=np.full(len(declarations), moments.milliseconds(as_of)),
        declared=np.array(declared_at, np.int64),
    )


def build(questions: Questions, features: FeatureSet, *, kinds: Mapping[str, Kind]) -> Rows:
    """Return the feature rows of many questions from facts, a timeline at a time."""
    aggregates = np.empty((len(questions), len(features.read)))
    for plan in plans.plans(features.read, by_key=True):
        if plan.kind in kinds:
            codes = Codes()
            each = index.line(plan, kinds[plan.kind], codes=codes)
            asked_codes = codes.of_questions(questions.columns, plan.keys[0])[None]
            reading = index.read(plan, [each], codes=asked_codes, as_of=questions.as_of)
        else:
            reading = _nothing(plan, questions)
        plans.fill(aggregates, plan, reading=reading)
    return _rows(questions, features, aggregates=aggregates)


def answer(questions: Questions, features: FeatureSet, *, facts: Index) -> Rows:
    """Return the feature rows of a few questions from the index: the online form of ``build``."""
    aggregates = np.empty((len(questions), len(features.read)))
    for plan in facts.plans:
        plans.fill(
            aggregates, plan, reading=facts.read(plan, questions.columns, as_of=questions.as_of)
        )
    return _rows(questions, features, aggregates=aggregates)


def _nothing(plan: Plan, questions: Questions) -> plans.Reading:
    codes = np.stack([Codes().of_questions(questions.columns, key) for key in plan.keys])
    return index.read(plan, [], codes=codes, as_of=questions.as_of)


def _rows(questions: Questions, features: FeatureSet, *, aggregates: Numbers) -> Rows:
    numbers = np.empty((len(questions), len(features.names)))
    told = len(features.numeric)
    shown = told + len(features.aggregates)
    of = own(questions)
    for column, name in enumerate(features.numeric):
        numbers[:, column] = of(name)
    numbers[:, told:shown] = aggregates[:, : shown - told]
    contrasts.fill(numbers[:, shown:], features.groups, read=aggregates, own=of)
    categories = {n: keys.values(questions.columns, (n,)) for n in features.categories}
    return Rows(features, numbers, categories)


def own(questions: Questions) -> Callable[[str], Numbers]:
    """Return what reads a declared number of q questions, by its name or ``x_*`` column."""
    columns = {column: _floats(questions.columns[column]) for column in declared.COLUMNS}
    told = columns | {"declared": questions.declared.astype(float)}

    def number(name: str) -> Numbers:
        if name not in declared.NUMERIC:
            return _floats(questions.columns[name])
        return declared.NUMERIC[name](told)

    return number


def _floats(values: list[object]) -> Numbers:
    """Return numbers; whatever is none, a text among them, is missing."""
    return np.array([v if isinstance(v, int | float) else np.nan for v in values], dtype=float)


def _columns(features: FeatureSet) -> list[str]:
    extra = [name for name in features.numeric if name not in declared.NUMERIC]
    return [*dict.fromkeys((*features.columns, *declared.COLUMNS, *extra))]


def _told(declaration: Declaration, name: str) -> object:
    if name.startswith("x_"):
        return declaration.x.get(name)
    return getattr(declaration, name, None)
