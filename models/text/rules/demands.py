"""Demands: what the writer wants, also where it was refused (不给退款 asks for it)."""

from models.text.mentions import Said
from models.text.rules.answer import Answer
from models.text.taxonomy import Taxonomy


def answer(taxonomy: Taxonomy, said: Said) -> Answer[tuple[str, ...]]:
    """Return what is asked for, each once, in the order of the text."""
    codes = tuple(dict.fromkeys(m.code for m in said["demand"]))
    places = tuple((m.start, m.end, m.concept) for m in said["demand"])
    return Answer(codes, taxonomy.sureness.demands["named" if codes else "silent"], places)
