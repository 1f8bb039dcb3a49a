"""Material: what the text models learn from, as it was known before a moment.

The reports, what people said of them, and the names to link: enterprises of the register and
brands that declarations and reports told.
"""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

import pandas as pd

from features.store import Store
from models.text.entities import register
from models.text.entities.linker import Linker
from models.text.taxonomy import Taxonomy
from pipelines import corrections
from pipelines.text_labels import NOBODY

FIRM = ("enterprise_id", "name", "aliases")
BRANDED = ("declarations", "reports")


@dataclass(frozen=True)
class Material:
    """Reports with the columns of ``Store.frame``, answers as ``corrections.read`` returns them.

    A linker that was told no names still knows the shipped goods and countries.
    """

    reports: pd.DataFrame
    said: pd.DataFrame = field(default_factory=lambda: NOBODY)
    linker: Linker = field(default_factory=Linker)


def read(store: Store, *, taxonomy: Taxonomy, until: datetime) -> Material:
    """Return what a store knew before ``until``, not with it."""
    return Material(
        store.frame("reports", known_before=until),
        corrections.read(store, taxonomy=taxonomy, until=until),
        linker(store, until=until),
    )


def linker(store: Store, *, until: datetime) -> Linker:
    """Return the linker of the names that a store knew before ``until``, each firm's newest."""
    firms = store.frame("enterprises", known_before=until, fields=FIRM)
    told = (store.frame(name, known_before=until, fields=("brand",)) for name in BRANDED)
    brands = chain.from_iterable(frame["brand"].unique() for frame in told)
    return register.linker(
        firms.drop_duplicates("enterprise_id", keep="last"), makes=register.told(brands)
    )
