"""Trained text models as folders: arrays without code, and a checked manifest.

A folder per classifier (its arrays, ``manifest.json``); an annotator's folder holds those of
its classifiers under their task, the names that its linker knows, and its own manifest. Loading
refuses a model that was trained with another taxonomy, for its answers would mean something else.
"""

import json
import platform
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from features.errors import NotReady
from models.text import recipes
from models.text.annotate import Annotator, trained
from models.text.classifier import Classifier
from models.text.entities import snapshot
from models.text.taxonomy import Taxonomy

MANIFEST = "manifest.json"
LIBRARIES = ("numpy", "opencc", "rjieba", "scikit-learn")


@dataclass(frozen=True)
class Artifact:
    """A fitted classifier and what it was trained for and on."""

    task: str
    classifier: Classifier
    rows: int
    lexicon: str  # version of the taxonomy it was trained with

    @property
    def manifest(self) -> dict[str, Any]:
        """What travels beside the model instead of code."""
        return {
            "task": self.task,
            "model": recipes.kind(self.classifier),
            "classes": [str(code) for code in self.classifier.classes_],
            "rows": self.rows,
            "lexicon": self.lexicon,
            "libraries": libraries(),
            "version": self.classifier.version,
        }

    def save(self, directory: Path) -> None:
        """Write the folder; what was in it under the same names is replaced."""
        recipes.save(self.classifier, directory)
        write_manifest(directory, self.manifest)


def libraries() -> dict[str, str]:
    """Return the versions of what a saved model depends on."""
    return {"python": platform.python_version(), **{name: version(name) for name in LIBRARIES}}


def write_manifest(directory: Path, manifest: dict[str, Any]) -> None:
    """Write ``manifest.json`` in a folder that exists."""
    text = json.dumps(manifest, ensure_ascii=False, indent=2, sort_keys=True)
    (directory / MANIFEST).write_text(text + "\n", encoding="utf-8")


def load(directory: Path, *, lexicon: str) -> Artifact:
    """Return the classifier of a folder.

    ``lexicon`` is the version of the taxonomy in use. ``NotReady`` where the model is absent,
    altered, or trained with another lexicon.
    """
    manifest = _manifest(directory)
    if manifest["lexicon"] != lexicon:
        raise NotReady(
            f"the {manifest['task']} model in {directory} was trained with lexicon "
            f"{manifest['lexicon']}, but {lexicon} is in use; train it again"
        )
    classifier = recipes.load(directory, manifest["model"])
    if classifier.version != manifest["version"]:
        raise NotReady(
            f"the {manifest['task']} model in {directory} is version {classifier.version}, but its "
            f"manifest says {manifest['version']}; fetch it again"
        )
    return Artifact(manifest["task"], classifier, manifest["rows"], manifest["lexicon"])


def _manifest(directory: Path) -> dict[str, Any]:
    path = directory / MANIFEST
    if not path.exists():
        raise NotReady(f"{path} does not exist; train a text model or give its folder")
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def annotator(directory: Path, *, taxonomy: Taxonomy) -> Annotator:
    """Return the annotator of a folder, as ``train_text`` writes it.

    One of before names travelled links nothing. ``NotReady`` where what would answer is not what
    the manifest names.
    """
    manifest = _manifest(directory)
    tasks = {
        task: load(directory / task, lexicon=taxonomy.version).classifier
        for task in manifest["tasks"]
    }
    linker = snapshot.load(directory) if "names" in manifest else None
    made = trained(taxonomy, tasks, linker=linker)
    if made.version != manifest["version"]:
        raise NotReady(
            f"the text model in {directory} is {made.version}, but its manifest says "
            f"{manifest['version']}: {snapshot.FILE} was altered, or goods and countries are "
            "other ones here; fetch it again, or train it again"
        )
    return made
