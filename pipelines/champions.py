"""Champions: the promoted models, loaded for a batch step."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from features import memory, moments
from features.feature_set import FeatureSet
from features.index import Index
from features.store import Store
from models.inspection.rules.rules import Rules
from models.registry import Registry
from models.risk.model import RiskModel
from models.text import artifacts, suspects, taxonomy
from models.text.annotate import Annotator, lexicon_only
from models.text.suspects import Suspect


@dataclass(frozen=True)
class RiskChampion:
    """A risk model, its version, whose annotations it reads, and before when all it knows was."""

    model: RiskModel
    version: str
    text_version: str | None
    as_of: datetime

    def index(self, store: Store) -> Index:
        """Return the index of everything the model reads in a store."""
        return _index(store, self.model.features, text_version=self.text_version)

    def ruled(self, store: Store, rules: Rules) -> Index:
        """Return the index of what an agency's rules ask of the facts."""
        return _index(store, rules.features, text_version=self.text_version)


def _index(store: Store, features: FeatureSet, *, text_version: str | None) -> Index:
    tables = {name: store.frame(name) for name in memory.tables(features)}
    return memory.recall(tables, features, text_version=text_version)


def risk(registry: Registry) -> RiskChampion:
    """Return the promoted risk model; ``NotReady`` when there is none."""
    return risk_in(registry.fetch("risk"), f"risk/{registry.version('risk')}")


def risk_in(folder: Path, version: str) -> RiskChampion:
    """Return the risk model that a version's folder holds."""
    manifest = _manifest(folder)
    return RiskChampion(
        RiskModel.load(folder),
        version,
        manifest["text_version"],
        moments.parse(manifest["as_of"], "as_of"),
    )


def gains(registry: Registry) -> dict[str, float]:
    """Return what the promoted risk model gained by each feature; nothing where there is none."""
    return risk(registry).model.gains() if registry.version("risk") else {}


@dataclass(frozen=True)
class Reader:
    """The text model in use, and the moment before which it learned everything it knows.

    The lexicon alone was never trained: its ``as_of`` is ``None``.
    """

    annotator: Annotator
    as_of: datetime | None
    suspects: tuple[Suspect, ...] = ()  # labels that were doubted when it was trained

    @property
    def version(self) -> str:
        """The version that its annotations name."""
        return self.annotator.version


def text(registry: Registry) -> Reader:
    """Return the promoted text model, or the lexicon alone when none was promoted."""
    if registry.version("text") is None:
        return Reader(lexicon_only(taxonomy.load()), None)
    folder = registry.fetch("text")
    learned = moments.parse(_manifest(folder)["as_of"], "as_of")
    annotator = artifacts.annotator(folder, taxonomy=taxonomy.load())
    return Reader(annotator, learned, suspects.read(folder))


def _manifest(folder: Path) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return plain
