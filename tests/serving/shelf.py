"""A registry without MLflow: the one seam where tests may stand in."""

from dataclasses import dataclass, field
from pathlib import Path

from features.errors import NotReady


@dataclass
class Shelf:
    """Champions by model name: a version and a folder."""

    champions: dict[str, tuple[str, Path]] = field(default_factory=dict)

    def fetch(self, model: str, alias: str = "champion") -> Path:
        if model not in self.champions:
            raise NotReady(f"no {alias} of {model!r} in the registry; train and promote one first")
        return self.champions[model][1]

    def version(self, model: str, alias: str = "champion") -> str | None:
        return self.champions[model][0] if alias == "champion" and model in self.champions else None
