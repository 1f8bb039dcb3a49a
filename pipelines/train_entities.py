"""Train the entity tagger on any tagged file, judged on another whose texts it never saw.

Every text of the test is left out of training, by its normalised spelling. An entity counts as
found where its place and its kind are exactly those that people marked.
"""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from features.errors import Invalid
from models.registry import Registry
from models.text.entities import archive, tagger
from models.text.entities.gazetteers import WordLists
from models.text.entities.spans import Sentence
from models.text.entities.tagger import Tagger
from models.text.normalize import normalize

MODEL = "entities"  # its name in the registry
NAME = "crf"
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Found:
    """How well one kind of entity is found."""

    label: str
    precision: float
    recall: float
    f1: float
    entities: int  # that people marked in the test


@dataclass(frozen=True)
class TrainedEntities:
    """A tagger, how well it did on the test, and what was left out of its training."""

    tagger: Tagger
    metrics: Mapping[str, float]
    found: Sequence[Found]
    left_out: int  # training texts that stand in the test

    @property
    def summary(self) -> dict[str, object]:
        """What ``--json`` prints."""
        return {"model": NAME, "version": self.tagger.version, **self.metrics}


def train_entities(
    train: Sequence[Sentence], test: Sequence[Sentence], *, words: WordLists
) -> TrainedEntities:
    """Train on texts that the test does not hold, and judge on the test.

    ``Invalid`` where nothing is left to train on, or no kind of the test was seen.
    """
    kept = apart(train, test)
    _check(kept, test)
    started = perf_counter()
    fitted = tagger.fit(kept, lists=words)
    trained = perf_counter()
    tagged = fitted.tag([sentence.text for sentence in test])
    done = perf_counter()
    answers = [{(one.start, one.end, one.label) for one in each} for each in tagged]
    found = judged([set(sentence.named) for sentence in test], answers)
    metrics = {
        **_scores(found, answers, test=test),
        "train_texts": float(len(kept)),
        "left_out_texts": float(len(train) - len(kept)),
        "test_texts": float(len(test)),
        "train_seconds": trained - started,
        "texts_per_second": len(test) / (done - trained),
    }
    logger.info("train_entities: %d texts, %d kinds", len(kept), len(fitted.labels))
    return TrainedEntities(fitted, metrics, found, len(train) - len(kept))


def apart(train: Sequence[Sentence], test: Sequence[Sentence]) -> list[Sentence]:
    """Return the training texts that, however they are spelt, do not stand in the test."""
    held = {normalize(sentence.text) for sentence in test}
    return [sentence for sentence in train if normalize(sentence.text) not in held]


def _check(kept: Sequence[Sentence], test: Sequence[Sentence]) -> None:
    known = {one.label for sentence in kept for one in sentence.named}
    asked = {one.label for sentence in test for one in sentence.named}
    if not known:
        raise Invalid("every training text that marks an entity stands in the test; give others")
    if not known & asked:
        raise Invalid(
            f"training marks {sorted(known)[:8]}, the test {sorted(asked)[:8]}; give files with "
            "the same kinds"
        )


Stretches = set[tuple[int, int, str]]


def judged(truth: Sequence[Stretches], answers: Sequence[Stretches]) -> list[Found]:
    """Return precision, recall and F1 for each kind that people marked, the commonest first."""
    marked = Counter(one[2] for each in truth for one in each)
    told = Counter(one[2] for each in answers for one in each)
    pairs = zip(truth, answers, strict=True)
    right = Counter(one[2] for own, answer in pairs for one in own & answer)
    return [
        Found(
            label,
            right[label] / told[label] if told[label] else 0.0,
            right[label] / count,
            f1(right[label], told[label], marked=count),
            count,
        )
        for label, count in sorted(marked.items(), key=lambda one: (-one[1], one[0]))
    ]


def f1(right: int, told: int, *, marked: int) -> float:
    """Return the harmonic mean of precision and recall; 0 where there is nothing."""
    return 2 * right / (told + marked) if told + marked else 0.0


def _scores(
    found: Sequence[Found], answers: Sequence[Stretches], *, test: Sequence[Sentence]
) -> dict[str, float]:
    """Return micro and macro F1; a kind told but never marked costs the micro only."""
    marked, told = sum(one.entities for one in found), sum(map(len, answers))
    pairs = zip(test, answers, strict=True)
    right = sum(len(set(sentence.named) & answer) for sentence, answer in pairs)
    return {
        "micro_f1": f1(right, told, marked=marked),
        "macro_f1": sum(one.f1 for one in found) / len(found),
        "precision": right / told if told else 0.0,
        "recall": right / marked,
    }


def log(made: TrainedEntities, registry: Registry, *, params: Mapping[str, object]) -> str:
    """Log a training as one run and register its folder; return the new model version."""
    numbered = {f"f1_{i + 1}": one.f1 for i, one in enumerate(made.found)}
    with TemporaryDirectory() as folder:
        archive.save(made.tagger, Path(folder))
        return registry.log(
            "train_entities",
            params=params,
            metrics={**made.metrics, **numbered},
            directory=Path(folder),
            register=MODEL,
        )
