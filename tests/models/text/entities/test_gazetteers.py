"""Word lists: which files count, and what is wrong with a folder."""

from pathlib import Path

import pytest

from features.errors import Invalid
from models.text.entities import gazetteers


def test_files_that_differ_in_figures_are_one_list(tmp_path: Path) -> None:
    (tmp_path / "brand1.dic").write_text("海岚\n星火乐\n")
    (tmp_path / "brand2.dic").write_text("海岚\n贝貝兔\t120\n\n一\n")
    (tmp_path / "goods.txt").write_bytes("插座\r\n".encode("gb18030"))
    (tmp_path / "notes.md").write_text("不读")
    assert gazetteers.load(tmp_path) == {"brand": ("星火乐", "海岚", "贝贝兔"), "goods": ("插座",)}


def test_a_folder_without_words_is_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="is no folder"):
        gazetteers.load(tmp_path / "nowhere")
    (tmp_path / "empty.txt").write_text("\n")
    with pytest.raises(Invalid, match="holds no words"):
        gazetteers.load(tmp_path)
