"""Contenders: versions of the risk model, and what each can honestly say of past lines."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from lightgbm.basic import LightGBMError

from features import memory
from features.errors import NotReady, YujingError
from features.facts import Tables
from features.plans import Numbers
from models.registry import CHAMPION, Registry
from models.splits import Mask
from pipelines import champions, judged
from pipelines.champions import RiskChampion
from pipelines.table import table

MODEL = "risk"


class Incomparable(NotReady):
    """Two versions cannot be compared: what is missing, and what would mend it."""


@dataclass(frozen=True)
class Contender:
    """A version by its number and what it holds.

    judged: the lines on which its recipe was judged, by a model that had not seen them.
    """

    version: str
    risk: RiskChampion
    judged: pd.DataFrame

    def covers(self, lines: pd.DataFrame) -> Mask:
        """Return of which lines it can speak without having learned from them.

        Those on which its recipe was judged, and those declared when it had learned or later.
        """
        known = lines["declaration_id"].isin(self.judged["declaration_id"])
        later = lines["declared_at"] >= pd.Timestamp(self.risk.as_of)
        return (known | later).to_numpy(bool)

    def likelihood(self, tables: Tables, lines: pd.DataFrame) -> Numbers:
        """Return what it says of lines that it covers, each as it was at its declaration.

        tables: store frames by name; of the annotations only its own text model's are read.
        """
        said = self.judged.set_index("declaration_id")["likelihood"].astype(float)
        wanted = lines["declaration_id"]
        new = wanted[~wanted.isin(said.index)]
        if len(new):
            pinned = memory.pinned(tables, self.risk.text_version)
            made = table(pinned, self.risk.model.features, only=new)
            ids = made.declarations["declaration_id"]
            said = pd.concat([said, pd.Series(self.risk.model.likelihood(made.rows), ids)])
        found: Numbers = np.asarray(said.reindex(wanted), dtype=np.float64)
        return found

    @property
    def told(self) -> str:
        """In words, of which lines it can speak."""
        days = self.judged["declared_at"]
        judged = f"from {days.min():%Y-%m-%d} to {days.max():%Y-%m-%d} and " if len(days) else ""
        return (
            f"version {self.version} of lines declared {judged}from {self.risk.as_of:%Y-%m-%d} on"
        )


def contender(registry: Registry, version: str) -> Contender:
    """Return a version by its number; ``Incomparable`` where its folder says too little."""
    folder = registry.folder(MODEL, version)
    try:
        return Contender(
            version, champions.risk_in(folder, f"{MODEL}/{version}"), judged.read(folder)
        )
    except (YujingError, LightGBMError, OSError, ValueError, KeyError, TypeError) as error:
        raise Incomparable(
            f"version {version} of {MODEL!r} cannot be compared, as its folder does not hold a "
            f"whole model ({type(error).__name__}: {error}); train it again"
        ) from None


def chosen(registry: Registry, told: str | None, *, alias: str) -> str:
    """Return the version that a number or an alias names.

    Without either it is that of the alias; where nobody is challenger, the newest version.
    """
    pointed = registry.version(MODEL, told or alias)
    if pointed is not None:
        return pointed
    if told is None and alias == CHAMPION:
        raise NotReady(f"no champion of {MODEL!r} in the registry; train and promote one first")
    if told is None:
        return registry.newest(MODEL)
    registry.tags(MODEL, told)  # there is one, or it is named in an error
    return told
