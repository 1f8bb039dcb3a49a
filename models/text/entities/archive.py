"""A tagger as a folder of data without code: CRFsuite's own format, word lists, arrays, a manifest.

Loading refuses what was altered, or was read by other signs than these.
"""

import json
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from features.errors import NotReady
from models.text.entities.crf import Field
from models.text.entities.known import Known
from models.text.entities.tagger import Tagger
from models.text.entities.topics import Topics

SIGNS = "1"  # of ``signs.views``; a change there makes fitted fields mean something else
NEAR, WIDE, WORDS = "near.crfsuite", "wide.crfsuite", "words.json"
TOPICS, MANIFEST = "topics.npz", "manifest.json"
LIBRARIES = ("ahocorasick-rs", "numpy", "opencc", "python-crfsuite", "rjieba", "scikit-learn")


def save(tagger: Tagger, directory: Path) -> None:
    """Write the folder; what was in it under the same names is replaced."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / NEAR).write_bytes(tagger.near.content)
    (directory / WIDE).write_bytes(tagger.wide.content)
    topics = tagger.topics
    arrays = {"rarity": topics.rarity, "weights": topics.weights, "bias": topics.bias}
    np.savez_compressed(directory / TOPICS, allow_pickle=False, **arrays)
    words = {
        "lists": {name: list(words) for name, words in tagger.lists.items()},
        "known": tagger.known.signs,
        "topics": {"labels": list(topics.labels), "terms": topics.terms},
    }
    _write(directory / WORDS, words)
    _write(directory / MANIFEST, manifest(tagger))


def manifest(tagger: Tagger) -> dict[str, Any]:
    """Return what travels beside the data instead of code."""
    return {
        "labels": list(tagger.labels),
        "libraries": {
            "python": platform.python_version(),
            **{name: version(name) for name in LIBRARIES},
        },
        "lists": {name: len(words) for name, words in tagger.lists.items()},
        "signs": SIGNS,
        "version": tagger.version,
    }


def load(directory: Path) -> Tagger:
    """Return the tagger of a folder; ``NotReady`` where it is absent, altered or of other signs."""
    try:
        told = json.loads((directory / MANIFEST).read_text(encoding="utf-8"))
        tagger = _read(directory)
    except (FileNotFoundError, NotADirectoryError):
        raise NotReady(
            f"{directory} holds no tagger; train one with `yujing train-entities`"
        ) from None
    except (ValueError, KeyError, TypeError) as error:
        raise NotReady(
            f"the tagger in {directory} cannot be read: {error}; fetch it again"
        ) from None
    if told.get("signs") != SIGNS or told.get("version") != tagger.version:
        raise NotReady(
            f"the tagger in {directory} is version {tagger.version} with signs {SIGNS}, but its "
            f"manifest says {told.get('version')} with {told.get('signs')}; train it again"
        )
    return tagger


def _read(directory: Path) -> Tagger:
    words = json.loads((directory / WORDS).read_text(encoding="utf-8"))
    with np.load(directory / TOPICS, allow_pickle=False) as arrays:
        told = [arrays[name] for name in ("rarity", "weights", "bias")]
    topics = Topics(tuple(words["topics"]["labels"]), words["topics"]["terms"], *told)
    return Tagger(
        Field((directory / NEAR).read_bytes()),
        Field((directory / WIDE).read_bytes()),
        {name: tuple(own) for name, own in words["lists"].items()},
        Known(words["known"]),
        topics,
    )


def _write(path: Path, content: dict[str, Any]) -> None:
    path.write_text(
        json.dumps(content, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8"
    )
