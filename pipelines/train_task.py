"""Train a task: a text classifier on any labelled file, judged on texts that it never saw.

Either a second file judges it, or folds of the one file do: then each text is answered by a model
that was fitted without it, and the model that is kept is fitted on all. What is tested is left out
of training by its normalised text, so that a repeated text is never on both sides.
"""

import logging
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from sklearn.model_selection import StratifiedGroupKFold

from features.errors import Invalid
from models.text import recipes
from models.text.answers import Answers, Labels
from models.text.faithfulness import Faithfulness, faithfulness
from models.text.multilabel.model import MultiLabel
from models.text.normalize import normalize
from models.text.prepared import Prepared
from models.text.singlelabel import SingleLabel
from pipelines import self_training
from pipelines.labelled import Labelled
from pipelines.usable import Usable, usable

# Texts on which the evidence is tested; an encoder reads each of them many times over.
SAMPLES: dict[recipes.Model, int] = {
    "linear": 200,
    "encoder": 20,
    "cascade": 50,
    "tuned": 20,
}
Rows = NDArray[np.intp]
Fitted = SingleLabel | MultiLabel
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Task:
    """What to train: its name, a model, and whether a text may have several labels.

    explained: whether it is measured how faithful the evidence is. hints: further labelled texts
    that only train, such as descriptions of the classes or weak labels; they calibrate nothing.
    unlabelled: texts of the kind to be read, whose sure answers train the model once more.
    """

    name: str
    model: recipes.Model = "linear"
    many: bool = False
    seed: int = 0
    explained: bool = True
    hints: Labelled | None = None
    unlabelled: Labelled | None = None


@dataclass(frozen=True)
class Part:
    """Some rows of a test, and what a model answered that was fitted without their texts.

    unseen: rows by label for labels that its training did not have: they can only be wrong.
    seconds: of answering, with normalising and segmenting.
    """

    model: Fitted
    rows: Sequence[int]
    answers: Answers
    unseen: Mapping[str, int]
    seconds: float


@dataclass(frozen=True)
class TrainedTask:
    """The model to keep, what it was fitted on, and the test: a part for each model that judged.

    evidence: how faithful it is; there is none where a text may have several labels.
    """

    task: Task
    model: Fitted
    used: Usable
    tested: Labelled
    parts: Sequence[Part]
    evidence: Faithfulness | None
    seconds: float

    @property
    def rows(self) -> list[int]:
        """The tested rows that tell a label, in the order of the file."""
        return [i for i, labels in enumerate(self.tested.labels) if labels]

    @property
    def answers(self) -> Answers:
        """The answers to those rows."""
        every = chain.from_iterable(part.rows for part in self.parts)
        place = {row: i for i, row in enumerate(every)}
        return _joined([p.answers for p in self.parts]).take([place[i] for i in self.rows])


def train_task(task: Task, train: Labelled, *, test: Labelled) -> TrainedTask:
    """Train on one file and judge on another; texts of the test are left out of training.

    Every row of the test is answered; rows without a label are not judged. ``Invalid`` where
    nothing can be learned or judged.
    """
    begun = perf_counter()
    _check(test)
    with Console(stderr=True).status("fitting"):
        used, model = _learned(task, train, tested=test.normal)
    part = _part(model, used, test=test, rows=range(len(test)))
    evidence = _evidence(task, part, test=test)
    logger.info("train_task: %d texts, %d tested", len(used.rows), len(test))
    return TrainedTask(task, model, used, test, [part], evidence, perf_counter() - begun)


def cross_validate(task: Task, rows: Labelled, *, folds: int) -> TrainedTask:
    """Train on a file and judge on folds of it, split by normalised text and alike in classes.

    Each text is answered by a model fitted without it. ``Invalid`` as in ``train_task``.
    """
    begun = perf_counter()
    _check(rows)
    parts = []
    splits = list(_splits(rows, folds=folds, seed=task.seed))
    for fit, held in track(splits, "folds", console=Console(stderr=True)):
        used, model = _learned(task, rows.take(fit), tested=[rows.normal[i] for i in held])
        parts.append(_part(model, used, test=rows, rows=[int(i) for i in held]))
    with Console(stderr=True).status("fitting on all"):
        used, model = _learned(task, rows)
    evidence = _evidence(task, parts[-1], test=rows)
    logger.info("train_task: %d texts in %d folds", len(used.rows), folds)
    return TrainedTask(task, model, used, rows, parts, evidence, perf_counter() - begun)


def _learned(task: Task, train: Labelled, *, tested: Collection[str] = ()) -> tuple[Usable, Fitted]:
    """Return what trained and the model; it is fitted again where it was sure of further texts."""
    used = usable(train.joined(task.hints), tested=set(tested), many=task.many)
    model = _fitted(task, used)
    if task.unlabelled is None:
        return used, model
    further = self_training.sure(model, task.unlabelled, known={*used.rows.normal, *tested})
    if further is None:
        return used, model
    hints = further.joined(task.hints)
    again = replace(used, rows=used.rows.joined(further), self_labelled=len(further))
    return again, _fitted(replace(task, hints=hints), again)


def _check(test: Labelled) -> None:
    if not any(test.labels):
        raise Invalid("no row to be tested tells a label; give labels to judge by")


def _splits(rows: Labelled, *, folds: int, seed: int) -> Iterator[tuple[Rows, Rows]]:
    """Return rows to fit and rows to test; a class with fewer rows than folds counts as another."""
    groups = np.unique(np.array(rows.normal, dtype=object), return_inverse=True)[1]
    different = len(set(groups))
    if not 2 <= folds <= different:
        raise Invalid(f"{folds} folds of {different} different texts; give 2 to {different}")
    first = [labels[0] if labels else "" for labels in rows.labels]
    sizes = Counter(first)
    common = sizes.most_common(1)[0][0]
    strata = [label if sizes[label] >= folds else common for label in first]
    split = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    found: Iterator[tuple[Rows, Rows]] = split.split(strata, strata, groups)
    return found


def _fitted(task: Task, used: Usable) -> Fitted:
    classes = {label for labels in used.rows.labels for label in labels}
    if len(classes) < 2:
        left = ", ".join(f"{count} {reason}" for reason, count in used.left_out.items()) or "none"
        raise Invalid(
            f"{len(used.rows)} texts of the classes {sorted(classes)} are left to train on (left "
            f"out: {left}); give texts of at least two classes"
        )
    X, labels = Prepared.of(used.rows.normal), used.rows.labels
    hints = set(task.hints.normal) if task.hints else set()
    own = np.array([text not in hints for text in used.rows.normal])
    if not task.many:
        return SingleLabel(recipes.classifier(task.model, seed=task.seed)).fit(X, labels, own=own)
    return recipes.multilabel(task.model, seed=task.seed).fit(X, labels, own=own)


def _part(model: Fitted, used: Usable, *, test: Labelled, rows: Sequence[int]) -> Part:
    """Return the answers to some rows, and how long they took from the text as it was written."""
    texts = [test.texts[i] for i in rows]
    begun = perf_counter()
    predicted, sure = model.answer(Prepared.of(map(normalize, texts)))
    seconds = perf_counter() - begun
    truth = [test.labels[i] for i in rows]
    seen = {label for labels in used.rows.labels for label in labels}
    unseen = Counter(label for labels in truth for label in labels if label not in seen)
    return Part(model, rows, Answers(truth, predicted, sure), unseen, seconds)


def _evidence(task: Task, part: Part, *, test: Labelled) -> Faithfulness | None:
    """Return how faithful the evidence is on a sample of the texts that the part tested."""
    if isinstance(part.model, MultiLabel) or not task.explained:
        return None
    order = np.random.default_rng(task.seed).permutation(len(part.rows))
    texts = [test.normal[part.rows[i]] for i in order if test.normal[part.rows[i]]]
    return faithfulness(part.model.classifier, texts[: SAMPLES[task.model]], seed=task.seed)


def _joined(parts: Sequence[Answers]) -> Answers:
    truth: list[Labels] = []
    predicted: list[Labels] = []
    sure: list[tuple[float, ...]] = []
    for part in parts:
        truth += part.truth
        predicted += part.predicted
        sure += part.sure
    return Answers(truth, predicted, sure)
