"""Recipes: the classifiers by name, untrained or as they were saved.

An encoder is loaded only where one is used; the linear model needs none.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from features.errors import Invalid, NotReady
from models.text.classifier import Classifier
from models.text.linear import LinearClassifier

if TYPE_CHECKING:
    from models.text.encoder.session import Encoder
    from models.text.multilabel.model import MultiLabel

Model = Literal["linear", "encoder", "cascade", "tuned"]
MODELS: tuple[Model, ...] = get_args(Model)
ENCODER = Path("data/encoder")  # where `make encoder` builds it
REMEMBERED = 60_000  # texts whose features are kept while training


def best_there(encoder: Path = ENCODER) -> Model:
    """Return the encoder where it is built: the best on most sets. Else the linear model."""
    from models.text.encoder.session import is_built

    return "encoder" if is_built(encoder) else "linear"


def classifier(model: Model, *, seed: int, encoder: Path = ENCODER) -> Classifier:
    """Return an untrained classifier; ``NotReady`` where its encoder is not there."""
    if model == "linear":
        return LinearClassifier(seed=seed)
    if model not in MODELS:
        raise Invalid(f"model {model!r} is none of {', '.join(MODELS)}")
    from models.text.encoder.cascade import CascadeClassifier
    from models.text.encoder.stacked import EncoderClassifier
    from models.text.encoder.tuned import TunedClassifier

    stacked = EncoderClassifier(_loaded(encoder), seed=seed)
    if model == "tuned":
        return TunedClassifier(stacked, seed=seed)
    return stacked if model == "encoder" else CascadeClassifier(stacked)


def multilabel(model: Model, *, seed: int, encoder: Path = ENCODER) -> "MultiLabel":
    """Return an untrained model of several labels; ``NotReady`` where its encoder is not there.

    ``Invalid`` for a model that reads only one label.
    """
    from models.text.encoder.cascade import LOSS
    from models.text.multilabel.model import MultiLabel

    if model == "linear":
        return MultiLabel(seed=seed)
    if model == "tuned":
        raise Invalid(
            "model 'tuned' reads one label of a text; for several give encoder or cascade"
        )
    loss = LOSS if model == "cascade" else None
    return MultiLabel(_loaded(encoder), loss=loss, seed=seed)


@lru_cache(maxsize=1)
def _loaded(directory: Path) -> "Encoder":
    """Return one encoder for all trainings of a run."""
    from models.text.encoder.session import Encoder

    return Encoder.load(directory, remembered=REMEMBERED)


def kind(fitted: Classifier) -> Model:
    """Return the name of a classifier's model."""
    named: dict[str, Model] = {
        "LinearClassifier": "linear",
        "EncoderClassifier": "encoder",
        "CascadeClassifier": "cascade",
        "TunedClassifier": "tuned",
    }
    return named[type(fitted).__name__]


def save(fitted: Classifier, directory: Path) -> None:
    """Write a fitted classifier into a folder, made where it was missing."""
    directory.mkdir(parents=True, exist_ok=True)
    fitted.save(directory)


def load(directory: Path, model: Model) -> Classifier:
    """Return the classifier that ``save`` wrote; ``NotReady`` where a file is missing or broken."""
    try:
        if model == "linear":
            return LinearClassifier.load(directory)
        from models.text.encoder.cascade import CascadeClassifier
        from models.text.encoder.stacked import EncoderClassifier
        from models.text.encoder.tuned import TunedClassifier

        if model == "tuned":
            return TunedClassifier.load(directory)
        return (EncoderClassifier if model == "encoder" else CascadeClassifier).load(directory)
    except (OSError, KeyError, ValueError, json.JSONDecodeError) as error:
        raise NotReady(f"the {model} model in {directory} cannot be read: {error}") from None
