"""Task result: what a training on a labelled file found, as numbers and as a folder of files."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

from features.records import beginning
from models import card, charts
from models.registry import Registry
from models.text import artifacts
from models.text import charts as text_charts
from models.text.answers import bucket, slices
from models.text.multilabel.model import MultiLabel
from pipelines.train_task import TrainedTask

CARD = Path(text_charts.__file__).with_name("card.md")
WORST = 50  # wrong answers that are kept to be looked at
JOINED = "、"  # between the labels of one text
NO_EVIDENCE = {
    "evidence_texts": 0,
    "evidence_drop": np.nan,
    "random_drop": np.nan,
    "evidence_moved_more": np.nan,
    "evidence_alone_drop": np.nan,
    "random_alone_drop": np.nan,
}


def result(trained: TrainedTask) -> dict[str, object]:
    """Return what was found by name, as ``--json`` prints it."""
    unseen: Counter[str] = sum((Counter(part.unseen) for part in trained.parts), Counter())
    return {
        "task": trained.task.name,
        "model": trained.task.model,
        "version": trained.model.version,
        "rows": len(trained.used.rows),
        "self_labelled": trained.used.self_labelled,
        "classes": len({label for labels in trained.used.rows.labels for label in labels}),
        "test_rows": len(trained.tested),
        "test_unlabelled": len(trained.tested) - len(trained.rows),
        **metrics(trained),
        "left_out": dict(trained.used.left_out),
        "rare_classes": list(trained.used.rare),
        "unseen_classes": dict(unseen),
        "folds": len(trained.parts) if len(trained.parts) > 1 else 0,
    }


def metrics(trained: TrainedTask) -> dict[str, float]:
    """Return the numbers among them that measure.

    Over all tested rows at once; with folds also the mean over the folds and how far they stray.
    """
    answered = sum(len(part.rows) for part in trained.parts)
    spent = sum(part.seconds for part in trained.parts)
    return {
        **trained.answers.metrics(),
        **(_of_folds(trained) if len(trained.parts) > 1 else {}),
        "texts_per_second": answered / spent,
        **_evidence(trained),
        "seconds": trained.seconds,
    }


def _of_folds(trained: TrainedTask) -> dict[str, float]:
    told = [[i for i, t in enumerate(part.answers.truth) if t] for part in trained.parts]
    found = [p.answers.take(rows).metrics() for p, rows in zip(trained.parts, told, strict=True)]
    means = {f"fold_{k}": float(np.mean([m[k] for m in found])) for k in ("accuracy", "macro_f1")}
    strays = {f"{k}_sd": float(np.std([m[k[5:]] for m in found])) for k in means}
    return means | strays


def _evidence(trained: TrainedTask) -> dict[str, float]:
    """Return the measures of faithfulness under the names that are printed."""
    if trained.evidence is None:
        return dict(NO_EVIDENCE)
    found = asdict(trained.evidence)
    renamed = {"texts": "evidence_texts", "moved_more": "evidence_moved_more"}
    return {renamed.get(name, name): value for name, value in found.items()}


def log(trained: TrainedTask, registry: Registry, *, params: Mapping[str, object]) -> str:
    """Log a training as one run with its folder; return the run's id."""
    with TemporaryDirectory() as folder:
        save(trained, Path(folder))
        return registry.log(
            "train_text", params=params, metrics=metrics(trained), directory=Path(folder)
        )


def save(trained: TrainedTask, directory: Path) -> None:
    """Write the model with its manifest, and what people look at, into a folder that exists."""
    trained.model.save(directory)
    artifacts.write_manifest(directory, manifest(trained))
    shown = {k: v for k, v in manifest(trained).items() if k != "libraries"}
    found = metrics(trained)
    (directory / "card.md").write_text(card.card(shown, found, template=CARD), encoding="utf-8")
    answers = trained.answers
    text_charts.confusion(answers).save(directory / "confusion.svg")
    charts.reliability(*answers.given).save(directory / "reliability.svg")
    worst_errors(trained).to_csv(directory / "worst_errors.csv", index=False)
    by_slice(trained).to_csv(directory / "slices.csv", index=False)
    f1 = pd.Series(answers.f1, name="f1").rename_axis("class")
    f1.to_csv(directory / "classes.csv")


def manifest(trained: TrainedTask) -> dict[str, Any]:
    """Return what travels beside the model instead of code."""
    many = isinstance(trained.model, MultiLabel)
    classes = {label for labels in trained.used.rows.labels for label in labels}
    return {
        "task": trained.task.name,
        "model": trained.task.model,
        "labels_per_text": "several" if many else "one",
        "classes": sorted(classes),
        "rows": len(trained.used.rows),
        "left_out": dict(trained.used.left_out),
        "test_rows": len(trained.tested),
        "seed": trained.task.seed,
        "libraries": artifacts.libraries(),
        "version": trained.model.version,
    }


def worst_errors(trained: TrainedTask, most: int = WORST) -> pd.DataFrame:
    """Return the wrong answers that were surest, with the row (from 1) and a bit of its text."""
    answers, rows = trained.answers, trained.rows
    found = [
        {
            "row": rows[i] + 1,
            "truth": JOINED.join(answers.truth[i]),
            "answer": JOINED.join(answers.predicted[i]),
            "sure": round(max(answers.sure[i]), 4),
            "text": beginning(trained.tested.texts[rows[i]]),
        }
        for i in answers.worst(most)
    ]
    return pd.DataFrame(found, columns=["row", "truth", "answer", "sure", "text"])


def by_slice(trained: TrainedTask) -> pd.DataFrame:
    """Return the metrics by length of the text, and by channel where the file tells it."""
    tested = trained.tested.take(trained.rows)
    by = {"length": [bucket(len(text)) for text in tested.normal]}
    if tested.channels is not None:
        by["channel"] = [channel or "?" for channel in tested.channels]
    return slices(trained.answers, by)
