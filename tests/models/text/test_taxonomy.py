from pathlib import Path
from typing import Any

import pytest
import yaml

from features.errors import Invalid
from models.text.taxonomy import SHIPPED, Taxonomy, load


def shipped() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    return content


def written(content: object, path: Path) -> Path:
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return path


def test_the_shipped_file_names_what_the_design_names() -> None:
    taxonomy = load()
    assert {"quality", "safety", "counterfeit", "other"} <= set(taxonomy.categories)
    assert {"fire", "electric_shock", "choking", "suffocation"} <= set(taxonomy.hazards)
    assert [taxonomy.severities[level].zh for level in (1, 2, 3, 4)] == [
        "微弱",
        "一般",
        "严重",
        "非常严重",
    ]


def test_the_version_follows_the_content_only(tmp_path: Path) -> None:
    reordered = dict(reversed(shipped().items()))
    assert load(written(reordered, tmp_path / "a.yaml")).version == load().version
    changed = shipped()
    changed["hazards"]["fire"]["words"].append("火光冲天")
    assert load(written(changed, tmp_path / "b.yaml")).version != load().version


def test_a_hazard_of_an_unknown_category_is_named(tmp_path: Path) -> None:
    content = shipped()
    content["hazards"]["fire"]["category"] = "nothing"
    with pytest.raises(Invalid, match=r"unknown categories.*nothing"):
        load(written(content, tmp_path / "t.yaml"))


def test_a_wrong_severity_is_named_with_its_place(tmp_path: Path) -> None:
    content = shipped()
    content["hazards"]["fire"]["severity"] = 5
    with pytest.raises(Invalid, match=r"hazards\.fire\.severity"):
        load(written(content, tmp_path / "t.yaml"))


def test_a_word_twice_in_a_list_is_named(tmp_path: Path) -> None:
    content = shipped()
    content["hazards"]["fire"]["words"] *= 2
    with pytest.raises(Invalid, match=r"起火.*twice"):
        load(written(content, tmp_path / "t.yaml"))


def test_a_single_character_is_refused(tmp_path: Path) -> None:
    content = shipped()
    content["hazards"]["fire"]["words"].append("火")
    with pytest.raises(Invalid, match="at least 2 characters"):
        load(written(content, tmp_path / "t.yaml"))


@pytest.mark.parametrize("text", ["", "[1, 2]", "a: [", "categories: {}"])
def test_what_is_no_taxonomy_is_invalid(tmp_path: Path, text: str) -> None:
    (tmp_path / "t.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(Invalid):
        load(tmp_path / "t.yaml")


def test_a_missing_file_is_invalid(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="does not exist"):
        load(tmp_path / "t.yaml")


def test_every_concept_has_words() -> None:
    taxonomy: Taxonomy = load()
    assert all(words for _, words in taxonomy.concepts())
