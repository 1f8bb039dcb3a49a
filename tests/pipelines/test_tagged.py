"""Tagged files: every common form is read alike, and what is wrong is told with its line."""

import json
from pathlib import Path

import pytest

from features.errors import Invalid
from models.text.entities.spans import Named, Sentence
from pipelines.tagged import read

WANTED = [
    Sentence("海岚 插座", (Named(0, 2, "HP"), Named(3, 5, "HC"))),
    Sentence("不错", ()),
]
BIO = "海\tB-HP\n岚\tI-HP\n \tO\n插\tB-HC\n座\tI-HC\n\n不\tO\n错\tO\n"
COLUMNS = {
    "tabs": BIO,
    "Windows line ends": BIO.replace("\n", "\r\n"),
    "BIOES": BIO.replace("I-", "E-"),
    "BMES without a last blank line": BIO.replace("I-", "E-").rstrip("\n"),
    "spaces": BIO.replace(" \tO", "  O").replace("\t", " "),
    "a lost space": BIO.replace(" \tO", "\tO"),
    "four columns": BIO.replace("\t", "\tx\ty\t"),
    "several blank lines": BIO.replace("\n\n", "\n\n \n\n"),
    "a document's start": "-DOCSTART-\tO\n\n" + BIO,
}
SPANS: dict[str, dict[str, object]] = {
    "cluener": {"label": {"HP": {"海岚": [[0, 1]]}, "HC": {"插座": [[3, 4]]}}},
    "entities": {
        "entities": [
            {"start": 3, "end": 5, "label": "HC"},
            {"start": 0, "end": 2, "label": "HP"},
        ]
    },
    "other words": {
        "entities": [
            {"start_offset": 0, "end_offset": 2, "type": "HP", "text": "海岚"},
            {"start_offset": 3, "end_offset": 5, "type": "HC"},
        ]
    },
    "triples": {"label": [[0, 2, "HP"], [3, 5, "HC"]]},
}


@pytest.mark.parametrize("form", COLUMNS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_tagged_characters(tmp_path: Path, form: str, encoding: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(COLUMNS[form].encode(encoding))
    assert read(path) == WANTED


def test_a_token_of_several_characters_is_as_long_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("iPhone B-HP\n15 E-HP\n壳 S-HC\n")
    assert read(path) == [Sentence("iPhone15壳", (Named(0, 8, "HP"), Named(8, 9, "HC")))]


def test_a_character_that_breaks_lines_elsewhere_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("海\tB-HP\n\x85\tO\n\u3000\tO\n", newline="")
    assert read(path) == [Sentence("海\x85\u3000", (Named(0, 1, "HP"),))]


@pytest.mark.parametrize("form", SPANS)
def test_spans(tmp_path: Path, form: str) -> None:
    path = tmp_path / "file.jsonl"
    rows = [SPANS[form] | {"text": "海岚 插座"}, {"text": "不错", "entities": []}]
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n")
    assert read(path) == WANTED


WRONG = {
    "no tag": ("海\tB-HP\n岚\n", "line 2: '岚' has no tag"),
    "another tag": ("海\tHP\n", "line 1: 'HP' is no tag"),
    "nothing marked": ("海\tO\n", "marks no entity in 1 texts"),
    "empty": ("", "marks no entity in 0 texts"),
    "no JSON": ('{"text": \n', "line 1 is not JSON"),
    "no text": ('{"label": {}}', 'has no "text"'),
    "text is no text": ('{"text": 3, "label": {}}', 'has no "text"'),
    "no labels": ('{"text": "海岚"}', "has none of entities, label"),
    "labels are no list": ('{"text": "海岚", "label": 3}', "is no list of entities"),
    "outside": ('{"text": "海岚", "label": [[0, 3, "HP"]]}', "0 to 3 is no stretch"),
    "no end": ('{"text": "海岚", "label": [[0, "HP"]]}', "needs a start, an end and a label"),
    "no label": ('{"text": "海岚", "entities": [{"start": 0, "end": 1}]}', "needs a start"),
    "words elsewhere": ('{"text": "海岚壶", "label": {"HP": {"海岚": [[1, 2]]}}}', "reads '岚壶'"),
    "a place is no pair": ('{"text": "海岚", "label": {"HP": {"海岚": [0, 1]}}}', "needs a start"),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_what_is_wrong_is_told(tmp_path: Path, mistake: str) -> None:
    content, message = WRONG[mistake]
    path = tmp_path / "file"
    path.write_text(content)
    with pytest.raises(Invalid) as told:
        read(path)
    assert message in str(told.value)


def test_other_encodings_and_no_file_are_told(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="is no file"):
        read(tmp_path)
    (tmp_path / "file").write_bytes(b"\xff\xff\tO\n")
    with pytest.raises(Invalid, match="neither UTF-8"):
        read(tmp_path / "file")
