"""Registering: a training as one run, its folder as a version, who trained it and what it knew."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from models.approval import TRAINED_BY
from models.registry import Registry


class Trained(Protocol):
    """What a training step returns: what it measured, what travels with it, and how to keep it."""

    @property
    def metrics(self) -> Mapping[str, float]:
        """How it did, by name."""

    @property
    def manifest(self) -> Mapping[str, object]:
        """What travels with it; ``as_of`` is the moment before which all it knows was known."""

    def save(self, directory: Path) -> None:
        """Write the artifact."""


def register(
    trained: Trained,
    registry: Registry,
    *,
    model: str,
    params: Mapping[str, object],
    by: str | None,
) -> str:
    """Log a training as one run and register its folder; return the new model version.

    by: who trained it; without a name any named person may approve it.
    """
    with TemporaryDirectory() as folder:
        trained.save(Path(folder))
        made = registry.log(
            f"train_{model}",
            params=params,
            metrics=trained.metrics,
            directory=Path(folder),
            register=model,
        )
    told = {} if by is None else {TRAINED_BY: by}
    registry.tag(model, made, tags={**told, "as_of": str(trained.manifest["as_of"])})
    return made
