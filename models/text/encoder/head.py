"""A light head on a frozen encoder: kernel ridge regression from landmarks.

Least squares in the space of a Gaussian kernel (regularised least squares: Rifkin and Lippert 2007,
whose closed form of the leave-one-out answers spares all folds) on the features' principal axes.
The space is spanned by some of the texts, the landmarks (Nyström: Williams and Seeger 2001), so
that its cost stays bounded. It learns the encoder's distances, where a plane through 1,536 features
learns directions (measured in ARCHITECTURE.md, decisions).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cholesky, eigh, solve_triangular

from models.text.classifier import Probabilities
from models.text.encoder.session import Features
from models.text.kept import Kept

AXES = 256  # principal axes that are kept
LANDMARKS = 8_000  # more are better: what was learned of a text is learned near it
MOST_TRIED = 2_500  # texts on which widths and penalties are compared
WIDTHS = (0.25, 0.5, 1.0)  # of the kernel, for squared distances of the mean feature
PENALTIES = (0.01, 0.03, 0.1, 0.3, 1.0)
JITTER = 1e-3  # keeps landmarks apart that are the same text
LEAST = 1e-6
Targets = NDArray[np.float64]  # shape (texts, targets): 1 where a text has it


@dataclass(frozen=True, eq=False)
class Head(Kept):
    """What was learned of targets.

    means: shape (features,). axes: (features, axes), scaled so that the kernel's width is one.
    landmarks: (landmarks, axes). weights: (landmarks, targets). frequency: (targets,), how often
    each is there.
    """

    means: Features
    axes: Features
    landmarks: Features
    weights: Features
    frequency: Features

    def placed(self, features: Features) -> Features:
        """Return where texts lie on the axes, shape (texts, axes)."""
        # Row by row, so that a batch and single texts agree to the last bit.
        rows = [(row - self.means) @ self.axes for row in features]
        return np.array(rows, dtype=np.float32).reshape(-1, self.axes.shape[1])

    def scores(self, features: Features) -> Probabilities:
        """Return about how likely each target is, shape (texts, targets); may leave 0 to 1."""
        return self.near(self.placed(features))

    def near(self, placed: Features) -> Probabilities:
        """Return the scores of texts that are placed already."""
        rows = [self._row(own) for own in placed]
        return np.array(rows, dtype=np.float64).reshape(-1, len(self.frequency))

    @cached_property
    def _norms(self) -> Features:
        norms: Features = np.square(self.landmarks).sum(axis=1)
        return norms

    def _row(self, own: Features) -> Features:
        squared = self._norms - 2 * (self.landmarks @ own) + own @ own
        told: Features = np.exp(-np.maximum(squared, 0)) @ self.weights + self.frequency
        return told


def fitted(features: Features, targets: Targets, *, seed: int) -> tuple[Head, Probabilities]:
    """Return a head and its leave-one-out scores, shape (texts, targets).

    The width and the penalty are those with the least squared error left out (PRESS: Allen 1974).
    """
    means, axes = _axes(features)
    placed = ((features - means) @ axes).astype(np.float64)
    order = np.random.default_rng(seed).permutation(len(placed))
    landmarks, tried = placed[order[:LANDMARKS]], order[:MOST_TRIED]
    width, penalty = _best(placed[tried], targets[tried])
    weights, held_out = _Kernel.of(placed, landmarks, width=width).solved(targets, penalty)
    parts = (means, axes * np.sqrt(width), landmarks * np.sqrt(width), weights)
    learned = [part.astype(np.float32) for part in (*parts, targets.mean(axis=0))]
    return Head(*learned), held_out


def _axes(features: Features) -> tuple[Features, Features]:
    """Return the means, and the principal axes of standardised features scaled to mean one."""
    means, scales = features.mean(axis=0), features.std(axis=0) + LEAST
    standard = (features - means) / scales
    width = standard.shape[1]
    most = min(AXES, width, len(standard))
    covariance = standard.T @ standard / len(standard)
    _, axes = eigh(covariance, subset_by_index=[width - most, width - 1])
    return means, axes / scales[:, None] / np.sqrt(width)


def _best(placed: Targets, targets: Targets) -> tuple[float, float]:
    """Return the width and the penalty with the least error left out."""

    def errors() -> Iterator[tuple[float, float, float]]:
        for width in WIDTHS:
            kernel = _Kernel.of(placed, placed, width=width)
            for penalty in PENALTIES:
                _, scores = kernel.solved(targets, penalty)
                yield float(np.square(targets - scores).mean()), width, penalty

    _, width, penalty = min(errors())
    return width, penalty


@dataclass(frozen=True, eq=False)
class _Kernel:
    """How near texts are to landmarks, landmarks to each other, and the products of the former."""

    near: Targets  # shape (texts, landmarks)
    between: Targets  # shape (landmarks, landmarks)
    products: Targets  # shape (landmarks, landmarks)

    @classmethod
    def of(cls, placed: Targets, landmarks: Targets, *, width: float) -> Self:
        near, between = (_near(own, landmarks, width=width) for own in (placed, landmarks))
        return cls(near, between + JITTER * np.eye(len(landmarks)), near.T @ near)

    def solved(self, targets: Targets, penalty: float) -> tuple[Targets, Probabilities]:
        """Return weights, shape (landmarks, targets), and leave-one-out scores of the texts."""
        frequency = targets.mean(axis=0)
        centred = targets - frequency
        lower = cholesky(self.products + penalty * self.between, lower=True, check_finite=False)
        inner = solve_triangular(lower, self.near.T, lower=True, check_finite=False)
        told = inner @ centred
        leverage = np.square(inner).sum(axis=0)[:, None]
        rest = (centred - inner.T @ told) / np.maximum(1 - leverage, LEAST)
        weights = solve_triangular(lower, told, lower=True, trans="T", check_finite=False)
        return weights, targets - rest


def _near(placed: Targets, landmarks: Targets, *, width: float) -> Targets:
    first, second = (np.square(own).sum(axis=1) for own in (placed, landmarks))
    told = placed @ landmarks.T  # worked on in place: it may take a gigabyte
    told *= 2
    told -= first[:, None]
    told -= second
    np.minimum(told, 0, out=told)
    told *= width
    return np.asarray(np.exp(told, out=told))
