"""Demands: what the writer wants, also where it was refused (不给退款 asks for it)."""

from collections.abc import Sequence

from models.text.mentions import Mention
from models.text.rules.answer import Answer
from models.text.taxonomy import Taxonomy


def answer(taxonomy: Taxonomy, mentions: Sequence[Mention]) -> Answer[tuple[str, ...]]:
    """Return what is asked for, each once, in the order of the text."""
    said = [m for m in mentions if m.kind == "demand"]
    codes = tuple(dict.fromkeys(m.code for m in said))
    places = tuple((m.start, m.end, m.concept) for m in said)
    return Answer(codes, taxonomy.sureness.demands["named" if codes else "silent"], places)
