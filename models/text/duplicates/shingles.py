"""What of two texts is compared: runs of three letters, without punctuation and addresses.

Personal data was masked and long numbers became tokens before, so copies that differ in a phone or
an order number still say the same.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.text import ngrams
from models.text.normalize import NUMBER_TOKEN, URL_TOKEN, normalize

Keys = NDArray[np.uint64]
LENGTH = 3
SILENT = re.compile(rf"(?:{URL_TOKEN}|{NUMBER_TOKEN}|[\W_])+")


def bare(text: str) -> str:
    """Return the letters and digits of a text in one spelling; empty where it says nothing.

    >>> bare("转发：電熱水壺　着火！见 https://example.com")
    '转发电热水壶着火见'
    """
    return SILENT.sub("", normalize(text))


def shingles(bared: Sequence[str]) -> tuple[Keys, Keys]:
    """Return every run of three characters as a key, and where each text's runs begin and end.

    The second has one number more than there are texts. A shorter text has no run.
    """
    runs = ngrams.runs(bared, length=LENGTH)
    bounds = np.searchsorted(runs.rows, np.arange(len(bared) + 1)).astype(np.uint64)
    return runs.keys.view(np.uint64), bounds


def jaccard(one: str, other: str) -> float:
    """Return the share of the different runs of two bared texts that both have; 0 without any.

    >>> jaccard("电热水壶着火", "电热水壶着火了")
    0.8
    """
    own, others = _runs(one), _runs(other)
    both = len(own & others)
    return both / max(len(own) + len(others) - both, 1)


def _runs(text: str) -> set[str]:
    return {text[i : i + LENGTH] for i in range(len(text) - LENGTH + 1)}
