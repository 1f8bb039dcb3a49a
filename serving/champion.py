"""The champion: the promoted risk model, checked against this version before it answers."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lightgbm.basic import LightGBMError

from features import feature_set
from features.errors import NotReady, YujingError
from models.registry import Registry
from models.risk.model import RiskModel
from models.text import artifacts, suspects, taxonomy
from models.text.annotate import Annotator, lexicon_only
from models.text.suspects import Suspect

RISK, TEXT = "risk", "text"


@dataclass(frozen=True)
class Champion:
    """A risk model in office: its version in the registry and whose annotations it reads."""

    version: str
    model: RiskModel
    text_version: str | None


def load(registry: Registry, version: str) -> Champion:
    """Return the champion; ``NotReady`` with the difference where its contract does not fit."""
    directory = registry.fetch(RISK)
    manifest = _manifest(directory, version)
    told = tuple(manifest.get("features", ()))
    model = _model(directory, version)
    if told and told != model.features.names:
        differing = sorted(set(told) ^ set(model.features.names)) or ["their order"]
        raise NotReady(
            f"risk model {version}: manifest and model differ in {', '.join(differing[:5])}; "
            "train and promote it again"
        )
    return Champion(f"{RISK}/{version}", model, manifest.get("text_version"))


def _manifest(directory: Path, version: str) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((directory / "manifest.json").read_text())
    except (OSError, ValueError) as error:
        raise NotReady(f"risk model {version} has no readable manifest.json: {error}") from None
    unknown = feature_set.missing(manifest.get("numeric", ()))
    if unknown:
        raise NotReady(f"risk model {version} takes {', '.join(unknown)}, unknown here; retrain it")
    return manifest


def _model(directory: Path, version: str) -> RiskModel:
    try:
        model = RiskModel.load(directory)
        model.warm()
    except (YujingError, LightGBMError, OSError, ValueError, KeyError, TypeError) as error:
        raise NotReady(f"risk model {version} cannot be loaded: {error}") from None
    return model


def text(registry: Registry) -> tuple[Annotator, tuple[Suspect, ...]]:
    """Return the promoted text model, and the labels that were doubted when it was trained.

    The lexicon alone, which doubts none, where no model was promoted.
    """
    words = taxonomy.load()
    if registry.version(TEXT) is None:
        return lexicon_only(words), ()
    folder = registry.fetch(TEXT)
    return artifacts.annotator(folder, taxonomy=words), suspects.read(folder)
