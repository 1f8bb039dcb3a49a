"""Tuning: the upper layers learn classes, at a bounded cost, and never see what is held out."""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from features.errors import Invalid, NotReady
from models.text import recipes
from models.text.encoder.session import FILES, NETWORK, Encoder
from models.text.encoder.tuned import TunedClassifier
from models.text.prepared import Prepared

FIRES = ["电水壶起火", "插座漏电冒烟", "水壶冒烟", "插座起火", "电水壶漏电"]
FOODS = ["饼干发霉", "奶粉有虫", "饼干有虫", "奶粉发霉", "饼干发霉有虫"]
TEXTS = [text + "。" * i for i in range(12) for text in FIRES + FOODS]
LABELS = (["fire"] * 5 + ["food"] * 5) * 12


def test_the_encoder_learns_classes_and_is_kept_as_an_encoder(
    encoder_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.text.encoder import tuning

    # So small a network is no use at the rates and passes of the real one.
    for name, value in {"MOST_PASSES": 10, "RATE": 0.005, "PLANE_RATE": 0.05}.items():
        monkeypatch.setattr(tuning, name, value)
    targets = np.eye(2)[[int(label == "food") for label in LABELS]]
    tuning.tune(encoder_folder, TEXTS, targets=targets, to=tmp_path, seed=0)
    assert {path.name for path in tmp_path.iterdir()} == set(FILES)
    tuned = Encoder.load(tmp_path)
    assert tuned.tokenizer.truncation["max_length"] == tuning.MOST_TOKENS
    logits = tuned.embed(TEXTS)
    assert logits.shape == (len(TEXTS), 2)
    assert (logits.argmax(axis=1) == targets.argmax(axis=1)).mean() > 0.9


def test_layers_in_two_halves_answer_as_the_whole(encoder_folder: Path) -> None:
    import torch

    from models.text.encoder import tuning
    from models.text.encoder.export import PAD

    classifier = tuning._Classifier(tuning._network(encoder_folder), classes=3)
    padded = tuning._padded([torch.tensor([0, 5, 6, 2]), torch.tensor([0, 7, 2])], value=PAD)
    there = padded != PAD
    halves = classifier.above(classifier.lower(padded, there), there)
    assert torch.allclose(halves, classifier(padded, there.long()), atol=1e-5)


def test_every_text_is_in_one_batch_that_is_not_too_large() -> None:
    pytest.importorskip("torch", reason="the extra `encoder` is not installed: make encoder")
    from models.text.encoder import tuning

    lengths = np.random.default_rng(0).integers(3, 128, 500)
    batches = tuning._shuffled(lengths, size=1_024, rng=np.random.default_rng(1))
    assert sorted(row for rows in batches for row in rows) == list(range(500))
    assert max(len(rows) * lengths[rows].max() for rows in batches) <= 1_024
    assert len(batches) < 1.3 * lengths.sum() / 1_024 + 1


def test_what_is_held_out_is_never_tuned(
    encoder_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.text.encoder import tuning

    seen: list[str] = []
    tune = tuning.tune

    def watched(encoder: Path, texts: Sequence[str], **named: Any) -> None:
        seen.extend(texts)
        tune(encoder, texts, **named)

    monkeypatch.setattr(tuning, "tune", watched)
    mixed: list[str] = []
    embed = Encoder.embed

    def asked(self: Encoder, texts: Sequence[str]) -> np.ndarray:
        if self.directory != encoder_folder:
            mixed.extend(texts)
        return embed(self, texts)

    monkeypatch.setattr(Encoder, "embed", asked)
    made = recipes.classifier("tuned", seed=0, encoder=encoder_folder)
    made.fit(Prepared.of(TEXTS), LABELS)
    assert len(mixed) == 60  # half of the texts, where a tenth would be too few
    assert set(mixed) | set(seen) == set(TEXTS)
    assert not set(mixed) & set(seen)


def test_it_goes_with_the_classifier(encoder_folder: Path) -> None:
    made = recipes.classifier("tuned", seed=0, encoder=encoder_folder)
    assert isinstance(made, TunedClassifier)
    folder = made.fit(Prepared.of(TEXTS), LABELS).tuned_.directory
    assert folder.is_dir()
    del made
    assert not folder.is_dir()


def test_without_a_network_it_says_what_to_do(encoder_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(encoder_folder, tmp_path / "old")
    shutil.rmtree(tmp_path / "old" / NETWORK)
    made = recipes.classifier("tuned", seed=0, encoder=tmp_path / "old")
    with pytest.raises(NotReady, match=r"remove the folder and build it with `make encoder`"):
        made.fit(Prepared.of(TEXTS), LABELS)


def test_several_labels_are_refused() -> None:
    with pytest.raises(Invalid, match="reads one label of a text"):
        recipes.multilabel("tuned", seed=0)
