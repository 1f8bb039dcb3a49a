"""Pool a text's tokens into one row of features."""

from collections.abc import Sequence

import torch


def pooled(layers: Sequence[torch.Tensor], there: torch.Tensor) -> torch.Tensor:
    """Return the mean of each layer's tokens and the last one's maximum, shape (texts, features).

    layers: shape (texts, tokens, hidden) each. there: (texts, tokens), which tokens are no padding.
    """
    kept = there.to(layers[0].dtype)[..., None]
    means = [(tokens * kept).sum(1) / kept.sum(1) for tokens in layers]
    return torch.cat([*means, (layers[-1] + (kept - 1) * 1e4).amax(1)], dim=1)
