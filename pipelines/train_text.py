"""Train the text models: category and sentiment, from the reports known before a moment.

The later fifth of the texts judges a model trained on those before; then the same recipe is fitted
on all of them, and that is what is kept. A text counts once however often it was sent, so that no
text is on both sides.
"""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from features import moments
from features.errors import Invalid
from features.records import reading
from models.metrics import ece
from models.registry import Registry
from models.splits import later_fold
from models.text import artifacts
from models.text.annotate import trained
from models.text.artifacts import Artifact
from models.text.linear import Labels, LinearClassifier, Prepared, prepare
from models.text.normalize import normalize
from models.text.rules.sentiment import SIGNS
from models.text.taxonomy import Taxonomy

MODEL = "text"  # its name in the registry
LATER_SHARE = 0.2
FEWEST = 5  # texts of a class below which it is left out: nothing could be learned or judged
LABELS = {"category": "category", "sentiment": "x_emotion"}
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class TrainedText:
    """The classifiers that could be trained, how well they did later, and on what."""

    artifacts: Mapping[str, Artifact]
    metrics: Mapping[str, float]
    manifest: Mapping[str, Any]

    def save(self, directory: Path) -> None:
        """Write the folder that ``artifacts.annotator`` reads."""
        directory.mkdir(parents=True, exist_ok=True)
        for task, artifact in self.artifacts.items():
            artifact.save(directory / task)
        artifacts.write_manifest(directory, dict(self.manifest))


def train_text(
    frame: pd.DataFrame, *, taxonomy: Taxonomy, until: datetime, seed: int
) -> TrainedText:
    """Train on reports with ``known_at < until``; a task without enough labels is left out.

    ``frame`` has the columns of ``Store.frame("reports")``; sentiment needs ``x_emotion`` with
    negative, neutral, positive. ``Invalid`` where no task can be trained.
    """
    known = _texts(frame, until)
    answers = {"category": _codes(taxonomy), "sentiment": {sign: sign for sign in SIGNS}}
    labelled = {task: _labelled(known, task, codes=answers[task]) for task in LABELS}
    possible = {task: rows for task, rows in labelled.items() if len(set(rows["label"])) > 1}
    if not possible:
        raise Invalid(
            f"no task has two classes of at least {FEWEST} texts among {len(known)} reports known "
            f"before {until.isoformat()}; load reports with category or x_emotion, or move until"
        )
    fitted = {
        task: _trained(task, rows, taxonomy=taxonomy, seed=seed) for task, rows in possible.items()
    }
    kept = {task: artifact for task, (artifact, _) in fitted.items()}
    metrics = {f"{task}_{k}": v for task, (_, own) in fitted.items() for k, v in own.items()}
    manifest = _manifest(taxonomy, kept, until=until, seed=seed, texts=len(known))
    logger.info("train_text: %d texts, tasks %s", len(known), ", ".join(kept))
    return TrainedText(kept, metrics, manifest)


def log(text: TrainedText, registry: Registry, *, params: Mapping[str, object]) -> str:
    """Log a training as one run and register its folder; return the new model version."""
    with TemporaryDirectory() as folder:
        text.save(Path(folder))
        return registry.log(
            "train_text",
            params=params,
            metrics=text.metrics,
            directory=Path(folder),
            register=MODEL,
        )


def _texts(frame: pd.DataFrame, until: datetime) -> pd.DataFrame:
    """Return each report's newest version known before ``until``, each text once, oldest first."""
    moments.aware(until, "until")
    known = frame[frame["known_at"] < pd.Timestamp(until)]
    known = known.sort_values("known_at", kind="stable").drop_duplicates("report_id", keep="last")
    titles = known["title"].astype(object).where(known["title"].notna(), None)
    texts = [normalize(reading(a, b)) for a, b in zip(titles, known["text"], strict=True)]
    return known.assign(normal=texts).drop_duplicates("normal", keep="first", ignore_index=True)


def _codes(taxonomy: Taxonomy) -> dict[str, str]:
    """Return the code of each category by its code and by its labels."""
    entries = taxonomy.categories.items()
    return {name: code for code, entry in entries for name in (code, entry.zh, entry.en)}


def _labelled(known: pd.DataFrame, task: str, *, codes: Mapping[str, str]) -> pd.DataFrame:
    """Return the texts whose label is known and not too rare, with it as ``label``."""
    column = LABELS[task]
    if column not in known.columns:
        return known.head(0).assign(label=pd.Series(dtype=object))
    rows = known.assign(label=known[column].map(codes)).dropna(subset="label")
    enough = rows.groupby("label")["label"].transform("size") >= FEWEST
    return rows[enough].reset_index(drop=True)


def _trained(
    task: str, rows: pd.DataFrame, *, taxonomy: Taxonomy, seed: int
) -> tuple[Artifact, dict[str, float]]:
    """Return the model fitted on all rows, and how its recipe did on the later ones."""
    prepared, labels = prepare(rows["normal"].tolist()), rows["label"].to_numpy(str)
    classifier = LinearClassifier(seed=seed).fit(prepared, labels)
    artifact = Artifact(task, classifier, rows=len(rows), lexicon=taxonomy.version)
    return artifact, _judged(prepared, labels, known_at=rows["known_at"], seed=seed)


def _judged(
    prepared: Prepared, labels: Labels, *, known_at: pd.Series, seed: int
) -> dict[str, float]:
    """Return metrics on the later fifth of a model fitted on the earlier texts.

    Nothing is returned where the earlier texts have too few classes to be fitted.
    """
    earlier, later = later_fold(known_at, share=LATER_SHARE, gap=timedelta(0))
    counts = Counter(labels[earlier])
    fit = earlier & np.isin(labels, [label for label, n in counts.items() if n > 1])
    if len(set(labels[fit])) < 2:
        return {}
    classifier = LinearClassifier(seed=seed).fit(prepared[fit], labels[fit])
    return scores(
        labels[later], classifier.predict_proba(prepared[later]), classes=classifier.classes_
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


def _manifest(
    taxonomy: Taxonomy,
    kept: Mapping[str, Artifact],
    *,
    until: datetime,
    seed: int,
    texts: int,
) -> dict[str, Any]:
    """Return what travels with the artifacts: what was learned, from what, with what."""
    classifiers = {task: artifact.classifier for task, artifact in kept.items()}
    return {
        "tasks": sorted(kept),
        "version": trained(taxonomy, classifiers).version,
        "lexicon": taxonomy.version,
        "as_of": moments.aware(until, "until").isoformat(),
        "seed": seed,
        "texts": texts,
        "rows": {task: artifact.rows for task, artifact in kept.items()},
        "libraries": artifacts.libraries(),
    }
