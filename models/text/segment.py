"""Chinese words: the one place that knows a segmenter and its shared dictionary.

rjieba is jieba's algorithm and dictionary in Rust; bulk segmentation goes through it.
"""

from collections.abc import Sequence

import rjieba


def pieces(text: str) -> list[str]:
    """Return a text cut into words and white space; joined they are the text again.

    >>> pieces("插座 漏电")
    ['插座', ' ', '漏电']
    """
    cut: list[str] = rjieba.cut(text)
    return cut


def tagged(text: str) -> list[tuple[str, str]]:
    """Return the same pieces, each with its part of speech in jieba's letters.

    >>> tagged("北京的插座")
    [('北京', 'ns'), ('的', 'uj'), ('插座', 'n')]
    """
    told: list[tuple[str, str]] = rjieba.tag(text)
    return told


def words(text: str) -> list[str]:
    """Return the words of a text in order, without white space.

    >>> words("电热水壶使用时冒烟")
    ['电热水壶', '使用', '时', '冒烟']
    """
    return [word for word in pieces(text) if not word.isspace()]


def words_of(texts: Sequence[str]) -> list[list[str]]:
    """Return the words of each text; as many lists as texts."""
    return [words(text) for text in texts]
