"""Train the text models from the reports known before a moment, and from what people corrected.

The later fifth of the texts judges a model trained on those before; then the same recipe is fitted
on all of them, and that is what is kept. A text counts once however often it was sent, so that no
text is on both sides. The names that were known by then travel with the models.
"""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from features import moments
from features.errors import Invalid
from models.metrics import ece
from models.registry import Registry
from models.splits import later_folds
from models.text import artifacts
from models.text import suspects as suspecting
from models.text.annotate import trained
from models.text.artifacts import Artifact
from models.text.classifier import Labels
from models.text.entities import snapshot
from models.text.entities.linker import Linker
from models.text.linear import LinearClassifier
from models.text.prepared import Prepared
from models.text.suspects import Suspect
from models.text.taxonomy import Taxonomy
from pipelines import text_labels
from pipelines.registering import register
from pipelines.text_labels import FEWEST
from pipelines.text_material import Material

MODEL = "text"  # its name in the registry
LATER_SHARE = 0.2
MOST_SUSPECTS = 200  # of a task that are kept for people to look at
SHOWN = 120  # characters of a suspect text
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class TrainedText:
    """The classifiers that could be trained, how well they did later, on what, and the names."""

    artifacts: Mapping[str, Artifact]
    metrics: Mapping[str, float]
    manifest: Mapping[str, Any]
    linker: Linker
    suspects: Sequence[Suspect] = ()  # labels that are probably wrong, the worst of each task first

    def save(self, directory: Path) -> None:
        """Write the folder that ``artifacts.annotator`` reads."""
        directory.mkdir(parents=True, exist_ok=True)
        for task, artifact in self.artifacts.items():
            artifact.save(directory / task)
        snapshot.save(self.linker, directory)
        artifacts.write_manifest(directory, dict(self.manifest))
        suspecting.write(directory, self.suspects)


def train_text(
    material: Material, *, taxonomy: Taxonomy, until: datetime, seed: int
) -> TrainedText:
    """Train on reports with ``known_at < until``; a task without enough labels is left out.

    Sentiment needs ``x_emotion`` with negative, neutral, positive, or people's answers. Names are
    taken as they are: those known before ``until``. ``Invalid`` where no task can be trained.
    """
    known = text_labels.texts(material.reports, until=until)
    possible = text_labels.labelled(known, material.said, taxonomy=taxonomy)
    if not possible:
        raise Invalid(
            f"no task has two classes of at least {FEWEST} texts among {len(known)} reports known "
            f"before {until.isoformat()}; load reports with category or x_emotion, or move until"
        )
    fitted = {
        task: _trained(task, rows, taxonomy=taxonomy, seed=seed) for task, rows in possible.items()
    }
    kept = {task: artifact for task, (artifact, _, _) in fitted.items()}
    metrics = {f"{task}_{k}": v for task, (_, own, _) in fitted.items() for k, v in own.items()}
    suspected = tuple(suspect for _, _, own in fitted.values() for suspect in own)
    count = known["normal"].nunique()
    manifest = {
        **_manifest(kept, until=until, seed=seed, texts=count),
        **_named(taxonomy, kept, linker=material.linker),
        "by_person": {task: int(rows["by_person"].sum()) for task, rows in possible.items()},
    }
    logger.info("train_text: %d texts, tasks %s", count, ", ".join(kept))
    return TrainedText(kept, metrics, manifest, material.linker, suspected)


def log(
    text: TrainedText,
    registry: Registry,
    *,
    params: Mapping[str, object],
    by: str | None = None,
) -> str:
    """Register a training as ``register`` does."""
    return register(text, registry, model=MODEL, params=params, by=by)


def _trained(
    task: str, rows: pd.DataFrame, *, taxonomy: Taxonomy, seed: int
) -> tuple[Artifact, dict[str, float], list[Suspect]]:
    """Return the model of all rows, how its recipe did on the later ones, and suspect labels."""
    prepared, labels = Prepared.of(rows["normal"]), rows["label"].to_numpy(str)
    classifier = LinearClassifier(seed=seed).fit(prepared, labels)
    artifact = Artifact(task, classifier, rows=len(rows), lexicon=taxonomy.version)
    judged = _judged(prepared, labels, known_at=rows["known_at"], seed=seed)
    return artifact, judged, _suspects(task, rows, classifier=classifier)


def _suspects(task: str, rows: pd.DataFrame, *, classifier: LinearClassifier) -> list[Suspect]:
    """Return the labels that held-out models doubt most, the worst first."""
    classes, held_out = classifier.classes_, classifier.held_out_
    labels = rows["label"].to_numpy(str)
    worst = suspecting.rows(labels, held_out, classes=classes)[:MOST_SUSPECTS]
    likely = held_out.argmax(axis=1)
    given = held_out[np.arange(len(rows)), np.searchsorted(classes, labels)]
    return [
        Suspect(
            report_id=rows["report_id"].iloc[i],
            question=task,
            given=str(labels[i]),
            likely=str(classes[likely[i]]),
            given_probability=round(float(given[i]), 4),
            likely_probability=round(float(held_out[i, likely[i]]), 4),
            by_person=bool(rows["by_person"].iloc[i]),
            text=rows["normal"].iloc[i][:SHOWN],
        )
        for i in worst
    ]


def _judged(
    prepared: Prepared, labels: Labels, *, known_at: pd.Series, seed: int
) -> dict[str, float]:
    """Return metrics on the later fifth of a model fitted on the earlier texts.

    Nothing is returned where the earlier texts have too few classes to be fitted.
    """
    (fold,) = later_folds(known_at, folds=1, share=LATER_SHARE, gap=timedelta(0))
    earlier, later = fold.fit, fold.later
    counts = Counter(labels[earlier])
    fit = earlier & np.isin(labels, [label for label, n in counts.items() if n > 1])
    if len(set(labels[fit])) < 2:
        return {}
    classifier = LinearClassifier(seed=seed).fit(prepared.take(fit), labels[fit])
    return scores(
        labels[later], classifier.predict_proba(prepared.take(later)), classes=classifier.classes_
    )


def scores(
    labels: Labels, probabilities: NDArray[np.float64], *, classes: Labels
) -> dict[str, float]:
    """Return accuracy, macro F1, calibration error and F1 per class of predicted probabilities.

    Calibration is of the predicted class: how often it is right against how sure it was.
    """
    predicted, sure = classes[probabilities.argmax(axis=1)], probabilities.max(axis=1)
    names = sorted(set(labels))
    per_class = f1_score(labels, predicted, labels=names, average=None, zero_division=0.0)
    return {
        "accuracy": float((predicted == labels).mean()),
        "macro_f1": float(np.mean(per_class)),
        "ece": ece(predicted == labels, sure),
        **{f"f1_{name}": float(f1) for name, f1 in zip(names, per_class, strict=True)},
    }


def _named(taxonomy: Taxonomy, kept: Mapping[str, Artifact], *, linker: Linker) -> dict[str, Any]:
    """Return what says which annotator this is: its version, and of which lists."""
    classifiers = {task: artifact.classifier for task, artifact in kept.items()}
    return {
        "version": trained(taxonomy, classifiers, linker=linker).version,
        "lexicon": taxonomy.version,
        "names": snapshot.counts(linker),
    }


def _manifest(
    kept: Mapping[str, Artifact], *, until: datetime, seed: int, texts: int
) -> dict[str, Any]:
    """Return what travels with the artifacts: what was learned, from what, with what."""
    return {
        "tasks": sorted(kept),
        "as_of": moments.aware(until, "until").isoformat(),
        "seed": seed,
        "texts": texts,
        "rows": {task: artifact.rows for task, artifact in kept.items()},
        "libraries": artifacts.libraries(),
    }
