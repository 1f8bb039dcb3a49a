"""Tune the encoder's upper layers to classes of texts, with torch: on a GPU where there is one.

The lower layers stay as they are and read each text once; the upper ones and a plane on their
pooled tokens learn by AdamW with warm-up (Devlin et al. 2019; freezing the lower layers: Lee et al.
2019). How often the texts are read depends on their length, so that the cost is bounded.
"""

import json
import logging
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from numpy.typing import NDArray
from tokenizers import Tokenizer
from transformers import BertModel

from features.errors import NotReady
from models.text.encoder.export import PAD, described, quantised
from models.text.encoder.head import Targets
from models.text.encoder.pooling import pooled
from models.text.encoder.session import (
    ASKED,
    MANIFEST,
    MODEL,
    MOST_CHARACTERS,
    NETWORK,
    TOKENIZER,
)

LAYERS = 4  # that are tuned
MOST_TOKENS = 128  # of a text
BATCH, SMALLEST = 2_048, 256  # tokens that are read at once
FEWEST_STEPS = 200  # below which batches are smaller
BUDGET = 1_200_000  # tokens that are read again; some six minutes of two cores
MOST_PASSES = 4
RATE, PLANE_RATE, DECAY, CLIPPED = 2e-4, 1e-3, 0.01, 1.0
WARM = 0.1  # of the steps
NEAR = 8  # tokens: texts of one batch differ by about as many
States = list[torch.Tensor]  # of each text, shape (tokens, hidden)
Lengths = NDArray[np.intp]
Rows = list[int]
logger = logging.getLogger(__name__)


def tune(encoder: Path, texts: Sequence[str], *, targets: Targets, to: Path, seed: int) -> None:
    """Write an encoder into ``to``, a folder that exists, whose features are the classes' logits.

    encoder: the folder of a built encoder. texts: normalised. targets: shape (texts, classes), 1
    where a text is of a class. ``NotReady`` where the encoder's network is missing.
    """
    torch.manual_seed(seed)
    network = _network(encoder)
    tokenizer = Tokenizer.from_file(str(encoder / TOKENIZER))
    tokenizer.enable_truncation(MOST_TOKENS)  # kept, so that it answers as it learned
    device = "cuda" if torch.cuda.is_available() else "cpu"
    classifier = _Classifier(network, classes=targets.shape[1]).to(device)
    states = _read(classifier, [_ids(tokenizer, text) for text in texts])
    truth = torch.from_numpy(targets.astype(np.float32)).to(device)
    _learn(classifier, states, truth=truth, seed=seed)
    network.config._attn_implementation = "eager"  # what the graph's optimizer knows
    quantised(classifier.train(mode=False).to("cpu"), to / MODEL, configuration=network.config)
    described(to, tokenizer, told={"source": json.loads((encoder / MANIFEST).read_text())})


class _Classifier(torch.nn.Module):
    """The network and a plane for each class on the mean and the maximum of its last tokens."""

    def __init__(self, network: Any, *, classes: int) -> None:
        super().__init__()
        self.network = network
        self.plane = torch.nn.Linear(2 * network.config.hidden_size, classes)
        torch.nn.init.normal_(self.plane.weight, std=network.config.initializer_range)
        torch.nn.init.zeros_(self.plane.bias)

    @property
    def upper(self) -> Any:
        return self.network.encoder.layer[-LAYERS:]

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        told = self.network(input_ids=input_ids, attention_mask=attention_mask)
        return self._logits(told.last_hidden_state, attention_mask)

    def lower(self, ids: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        """Return the tokens below the layers that are tuned, shape (texts, tokens, hidden)."""
        below = self.network.encoder.layer[:-LAYERS]
        return self._through(below, self.network.embeddings(ids), there=there)

    def above(self, states: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        """Return the classes' logits of tokens that ``lower`` made."""
        return self._logits(self._through(self.upper, states, there=there), there)

    def _logits(self, tokens: torch.Tensor, there: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = self.plane(pooled([tokens], there))
        return logits

    @staticmethod
    def _through(layers: Any, tokens: torch.Tensor, *, there: torch.Tensor) -> torch.Tensor:
        for layer in layers:
            made = layer(tokens, there[:, None, None, :])
            tokens = made[0] if isinstance(made, tuple) else made
        return tokens


def _network(encoder: Path) -> Any:
    if not (encoder / NETWORK).is_dir():
        raise NotReady(
            f"{encoder} has no network to tune; remove the folder and build it with `make encoder`"
        )
    transformers.logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # a file read at once
    return BertModel.from_pretrained(
        encoder / NETWORK,
        add_pooling_layer=False,
        attn_implementation="sdpa",
        dtype=torch.float32,
    ).train(mode=False)


def _ids(tokenizer: Tokenizer, text: str) -> torch.Tensor:
    return torch.tensor(tokenizer.encode(ASKED + text[:MOST_CHARACTERS]).ids)


@torch.no_grad()
def _read(classifier: _Classifier, ids: Sequence[torch.Tensor]) -> States:
    """Return what the lower layers make of each text, kept in 16 bits."""
    states: States = [torch.empty(0)] * len(ids)
    device = classifier.plane.weight.device
    lengths = np.array([len(own) for own in ids])
    for rows in _batches(lengths, order=lengths, size=BATCH):
        padded = _padded([ids[row] for row in rows], value=PAD).to(device)
        there = padded != PAD
        for row, own, kept in zip(rows, classifier.lower(padded, there), there, strict=True):
            states[row] = own[kept].half().cpu()
    return states


def _learn(classifier: _Classifier, states: States, *, truth: torch.Tensor, seed: int) -> None:
    """Tune the upper layers and the planes, in passes over all texts."""
    lengths = np.array([len(own) for own in states])
    passes = int(np.clip(BUDGET // lengths.sum(), 1, MOST_PASSES))
    rng = np.random.default_rng(seed)
    size = int(np.clip(passes * lengths.sum() // FEWEST_STEPS, SMALLEST, BATCH))
    plan = [_shuffled(lengths, size=size, rng=rng) for _ in range(passes)]
    step = _stepper(classifier, steps=sum(map(len, plan)))
    classifier.upper.train()
    for number, batches in enumerate(plan, start=1):
        lost = 0.0
        for rows in batches:
            own = _padded([states[row] for row in rows], value=0).float().to(truth.device)
            told = classifier.above(own, own.abs().amax(-1) > 0)
            loss = torch.nn.functional.cross_entropy(told, truth[rows])
            step(loss)
            lost += loss.item() * len(rows)
        logger.info("tuning: pass %d of %d, loss %.3f", number, passes, lost / len(states))


def _stepper(classifier: _Classifier, *, steps: int) -> Callable[[torch.Tensor], None]:
    """Return what makes one step by a loss: slowly at first, and slower and slower to the end."""
    upper = list(classifier.upper.parameters())
    planes = list(classifier.plane.parameters())
    optimizer = torch.optim.AdamW(
        [{"params": upper, "lr": RATE}, {"params": planes, "lr": PLANE_RATE}], weight_decay=DECAY
    )

    def pace(done: int) -> float:
        return min((done + 1) / (WARM * steps), (steps - done) / ((1 - WARM) * steps), 1)

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, pace)

    def step(loss: torch.Tensor) -> None:
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(upper, CLIPPED)
        optimizer.step()
        schedule.step()

    return step


def _shuffled(lengths: Lengths, *, size: int, rng: np.random.Generator) -> list[Rows]:
    """Return batches of texts of about the same length, in any order."""
    order = lengths + rng.random(len(lengths)) * NEAR
    batches = list(_batches(lengths, order=order, size=size))
    return [batches[i] for i in rng.permutation(len(batches))]


def _batches(lengths: Lengths, *, order: NDArray[np.generic], size: int) -> Iterator[Rows]:
    """Yield rows in an order, as many at once as have ``size`` tokens when padded."""
    rows: Rows = []
    for row in np.argsort(order, kind="stable").tolist():
        if rows and (len(rows) + 1) * max(lengths[row], lengths[rows].max()) > size:
            yield rows
            rows = []
        rows.append(row)
    yield rows


def _padded(own: list[torch.Tensor], *, value: float) -> torch.Tensor:
    return torch.nn.utils.rnn.pad_sequence(own, batch_first=True, padding_value=value)
