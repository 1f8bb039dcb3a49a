"""Arrays that were learned, kept in one file without code."""

import hashlib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Kept:
    """A dataclass whose fields are arrays."""

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the fields by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def save(self, path: Path) -> None:
        """Write the fields into a file, ``.npz``."""
        np.savez(path, allow_pickle=False, **self.arrays())

    @property
    def digest(self) -> str:
        """The SHA-256 of the arrays, in hexadecimal."""
        learned = hashlib.sha256()
        for part in self.arrays().values():
            learned.update(np.ascontiguousarray(part).tobytes())
        return learned.hexdigest()

    @classmethod
    def load(cls, path: Path) -> Self:
        """Return what ``save`` wrote; nothing in the file is executed."""
        with np.load(path, allow_pickle=False) as kept:
            return cls(**{field.name: kept[field.name] for field in fields(cls)})
