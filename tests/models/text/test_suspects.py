from pathlib import Path

import numpy as np
import pytest

from features.errors import NotReady
from models.text import suspects
from models.text.suspects import Suspect


def test_wrong_labels_are_found_the_least_probable_first() -> None:
    random = np.random.default_rng(0)
    truth = random.integers(0, 3, 300)
    held_out = np.full((300, 3), 0.1)
    held_out[np.arange(300), truth] = 0.8
    held_out[7] = [0.01, 0.01, 0.01]
    held_out[7, truth[7]] = 0.98
    given = truth.copy()
    given[[3, 7, 11]] = (truth[[3, 7, 11]] + 1) % 3
    classes = np.array(["a", "b", "c"])
    found = suspects.rows(classes[given], held_out, classes=classes)
    assert found[0] == 7
    assert set(found) == {3, 7, 11}


def test_few_texts_of_a_class_are_no_error() -> None:
    classes = np.array(["a", "b"])
    held_out = np.array([[0.9, 0.1], [0.2, 0.8]])
    assert suspects.rows(classes, held_out, classes=classes).size == 0


def test_what_is_written_is_read(tmp_path: Path) -> None:
    one = Suspect("r1", "category", "label", "safety", 0.02, 0.9, False, "水壶起火")
    suspects.write(tmp_path, [one])
    assert suspects.read(tmp_path) == (one,)
    assert suspects.read(tmp_path / "nowhere") == ()


@pytest.mark.parametrize("content", ["", "[1]", '[{"report_id": "r1"}]', "1"])
def test_a_broken_file_is_told(tmp_path: Path, content: str) -> None:
    (tmp_path / suspects.FILE).write_text(content)
    with pytest.raises(NotReady, match="cannot be read"):
        suspects.read(tmp_path)
