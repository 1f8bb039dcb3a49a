"""Self-training: what a model is sure of in unlabelled texts trains it once more.

For texts that come from elsewhere than the labelled ones, such as another kind of goods: the sure
answers carry its words (pseudo-labels: Lee 2013). They train like hints and calibrate nothing.
"""

from collections.abc import Collection
from dataclasses import replace

from models.text.multilabel.model import MultiLabel
from models.text.prepared import Prepared
from models.text.singlelabel import SingleLabel
from pipelines.labelled import Labelled

SURE = 0.8  # of an answer that trains; chosen on reviews of books, by a model of other reviews


def sure(
    model: SingleLabel | MultiLabel, texts: Labelled, *, known: Collection[str]
) -> Labelled | None:
    """Return the texts of which a model is sure, each once and with its answer; none may be.

    known: normalised texts that are left out, such as those that trained the model.
    """
    places = {text: i for i, text in enumerate(texts.normal) if text and text not in known}
    if not places:
        return None
    asked = texts.take(list(places.values()))
    labels, confidence = model.answer(Prepared.of(asked.normal))
    kept = [i for i, own in enumerate(confidence) if min(own) >= SURE]
    return replace(asked, labels=labels).take(kept) if kept else None
