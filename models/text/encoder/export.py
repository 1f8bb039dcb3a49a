"""Export a network of torch for serving: one ONNX graph, its operations fused, its weights 8-bit.

8-bit weights were measured to be faster and no worse (ARCHITECTURE.md, decisions).
"""

import json
import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers import optimizer
from tokenizers import Tokenizer

from models.text.encoder.session import MANIFEST, TOKENIZER, digest

PAD, START, END = 1, 0, 2


def quantised(module: torch.nn.Module, path: Path, *, configuration: Any) -> None:
    """Write a module that makes one row of each text's pieces and their mask.

    configuration: of the network inside, whose attention must be plain (``eager``).
    """
    with TemporaryDirectory() as folder, _quiet():
        plain, fused = Path(folder) / "plain.onnx", Path(folder) / "fused.onnx"
        _exported(module, plain)
        optimizer.optimize_model(
            str(plain),
            model_type="bert",
            num_heads=configuration.num_attention_heads,
            hidden_size=configuration.hidden_size,
            opt_level=0,
        ).save_model_to_file(str(fused))
        quantize_dynamic(fused, path, weight_type=QuantType.QInt8, per_channel=True)


def described(directory: Path, tokenizer: Tokenizer, *, told: Mapping[str, Any]) -> None:
    """Write what a folder with a graph lacks to be an encoder: its tokenizer and its manifest."""
    tokenizer.save(str(directory / TOKENIZER))
    manifest = {**told, "sha256": digest(directory)}
    (directory / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def _exported(module: torch.nn.Module, path: Path) -> None:
    """Write a module as an ONNX file of 32-bit weights."""
    ids = torch.tensor([[START, 5, 6, END], [START, 7, END, PAD]])
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length", max=512)
    torch.onnx.export(
        module,
        (ids, (ids != PAD).long()),
        str(path),
        dynamo=True,
        verbose=False,
        external_data=False,
        input_names=["input_ids", "attention_mask"],
        output_names=["features"],
        dynamic_shapes=[{0: batch, 1: length}, {0: batch, 1: length}],
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep back what the exporters warn of: operations that this network does not have."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
