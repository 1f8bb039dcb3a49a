"""Run the encoder: features of texts by ONNX Runtime, without torch.

Texts go through one by one, two at a time: 8-bit arithmetic scales by what it sees, so a batch
would make one text's answer depend on its neighbours'.
"""

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from features.errors import NotReady

MODEL, TOKENIZER, MANIFEST = "model.onnx", "tokenizer.json", "encoder.json"
FILES = (MODEL, TOKENIZER, MANIFEST)
NETWORK = "network"  # the folder of what is tuned, which serving does without
MOST_TOKENS = 256
MOST_CHARACTERS = 1_024
ASKED = "query: "  # what this model was trained to see before a text
WORKERS = 2
Features = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Encoder:
    """A built encoder; ``version`` hashes its files.

    remembered: of how many texts the features are kept, 6 KiB each, so that several tasks and
    folds read a text once.
    """

    directory: Path
    version: str
    session: Any
    tokenizer: Any
    remembered: int = 0
    _memory: dict[str, Features] = field(default_factory=dict, repr=False)

    @classmethod
    def load(cls, directory: Path, *, remembered: int = 0) -> Self:
        """Return the encoder of a folder; ``NotReady`` where it or its packages are missing."""
        if not is_built(directory):
            raise NotReady(f"no encoder is in {directory}; `make encoder` builds it")
        try:
            from onnxruntime import InferenceSession, SessionOptions
            from tokenizers import Tokenizer
        except ImportError as error:
            raise NotReady(f"the encoder needs {error.name}; `make encoder` installs it") from None
        options = SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        tokenizer = Tokenizer.from_file(str(directory / TOKENIZER))
        if tokenizer.truncation is None:
            tokenizer.enable_truncation(MOST_TOKENS)
        session = InferenceSession(str(directory / MODEL), options)
        return cls(directory, digest(directory)[:16], session, tokenizer, remembered)

    def __deepcopy__(self, _: object) -> Self:
        """Return itself: a session cannot be copied, and none changes."""
        return self

    def embed(self, texts: Sequence[str]) -> Features:
        """Return the features of normalised texts, shape (texts, width)."""
        width = self.session.get_outputs()[0].shape[1]
        if not len(texts):
            return np.empty((0, width), dtype=np.float32)
        new = [text for text in dict.fromkeys(texts) if text not in self._memory]
        made = dict(zip(new, self.each(new), strict=True))
        for text in new[: max(0, self.remembered - len(self._memory))]:
            self._memory[text] = made[text]
        return np.concatenate([self._memory[t] if t in self._memory else made[t] for t in texts])

    def each(self, texts: Iterable[str]) -> Iterator[Features]:
        """Yield the features of one text after the other, shape (1, width)."""
        with ThreadPoolExecutor(WORKERS) as pool:
            yield from pool.map(self._features, texts)

    def save(self, directory: Path) -> None:
        """Copy the encoder into a folder that exists."""
        for name in FILES:
            if not (directory / name).exists():
                shutil.copyfile(self.directory / name, directory / name)

    def _features(self, text: str) -> Features:
        ids = np.array([self.tokenizer.encode(ASKED + text[:MOST_CHARACTERS]).ids], dtype=np.int64)
        given = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        features: Features = self.session.run(None, given)[0]
        return features


def is_built(directory: Path) -> bool:
    """Return whether a folder has an encoder."""
    return all((directory / name).is_file() for name in FILES)


def digest(directory: Path) -> str:
    """Return the SHA-256 of a folder's graph and tokenizer."""
    found = hashlib.sha256()
    for name in (MODEL, TOKENIZER):
        found.update((directory / name).read_bytes())
    return found.hexdigest()
