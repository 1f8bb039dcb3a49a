"""Trees: a LightGBM booster's leaves, each with the conditions on its path, in pieces.

A piece is all leaves of a subtree that has few conditions, on the path to it and in it; or one leaf
whose path has many.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from models.risk.conditions import Condition, condition
from models.risk.shapley import TINY


class Step(NamedTuple):
    """One condition on the way to a leaf."""

    split: int  # which split of its tree
    condition: Condition
    met: bool  # whether the leaf is for rows that meet it
    cover: float  # the share of the training rows at this split that go the same way


class Leaf(NamedTuple):
    """A leaf: its value in log-odds, and the conditions from the root to it."""

    value: float
    path: tuple[Step, ...]


Piece = list[Leaf]
Node = dict[str, Any]  # as ``Booster.dump_model`` tells it


def pieces(root: Node, *, most: int) -> Iterator[Piece]:
    """Yield the pieces of a tree: of at most so many conditions, or of one leaf only."""
    return _pieces(root, (), most=most)


def _pieces(node: Node, path: tuple[Step, ...], *, most: int) -> Iterator[Piece]:
    if _is_leaf(node) or len(path) + _splits(node) <= most:
        yield list(_leaves(node, path))
        return
    for child, step in _ways(node):
        yield from _pieces(child, (*path, step), most=most)


def _leaves(node: Node, path: tuple[Step, ...]) -> Iterator[Leaf]:
    if _is_leaf(node):
        yield Leaf(float(node["leaf_value"]), path)
        return
    for child, step in _ways(node):
        yield from _leaves(child, (*path, step))


def _ways(node: Node) -> Iterator[tuple[Node, Step]]:
    asked, met_is_left = condition(node)
    for child, met in ((node["left_child"], met_is_left), (node["right_child"], not met_is_left)):
        cover = max(TINY, _count(child) / max(1, _count(node)))
        yield child, Step(node["split_index"], asked, met, cover)


def _splits(node: Node) -> int:
    """Return how many splits a subtree has."""
    if _is_leaf(node):
        return 0
    return 1 + _splits(node["left_child"]) + _splits(node["right_child"])


def _is_leaf(node: Node) -> bool:
    return "leaf_value" in node


def _count(node: Node) -> int:
    return int(node["leaf_count"] if _is_leaf(node) else node["internal_count"])
