import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from features.errors import Invalid
from models.text.taxonomy import SHIPPED, Taxonomy, load


def shipped(name: str = "taxonomy") -> dict[str, Any]:
    path = SHIPPED / f"{name}.yaml"
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content


def written(content: object, folder: Path, *, name: str = "taxonomy") -> Path:
    """Write the shipped lexicon into a folder, one of its files with other content."""
    shutil.copytree(SHIPPED, folder, dirs_exist_ok=True)
    text = content if isinstance(content, str) else yaml.safe_dump(content, allow_unicode=True)
    (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


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
    assert load(written(reordered, tmp_path / "a")).version == load().version
    changed = shipped()
    changed["hazards"]["fire"]["words"].append("火光冲天")
    assert load(written(changed, tmp_path / "b")).version != load().version


def test_a_hazard_of_an_unknown_category_is_named(tmp_path: Path) -> None:
    content = shipped()
    content["hazards"]["fire"]["category"] = "nothing"
    with pytest.raises(Invalid, match=r"unknown categories.*nothing"):
        load(written(content, tmp_path))


def test_a_wrong_severity_is_named_with_its_place(tmp_path: Path) -> None:
    content = shipped()
    content["hazards"]["fire"]["severity"] = 5
    with pytest.raises(Invalid, match=r"hazards\.fire\.severity"):
        load(written(content, tmp_path))


def test_a_word_twice_in_a_list_is_named(tmp_path: Path) -> None:
    content = shipped()
    content["hazards"]["fire"]["words"] *= 2
    with pytest.raises(Invalid, match=r"起火.*twice"):
        load(written(content, tmp_path))


def test_a_single_character_is_refused(tmp_path: Path) -> None:
    content = shipped()
    content["hazards"]["fire"]["words"].append("火")
    with pytest.raises(Invalid, match="at least 2 characters"):
        load(written(content, tmp_path))


@pytest.mark.parametrize("text", ["", "[1, 2]", "a: [", "categories: {}"])
def test_what_is_no_taxonomy_is_invalid(tmp_path: Path, text: str) -> None:
    with pytest.raises(Invalid):
        load(written(text, tmp_path))


def test_a_missing_file_is_invalid(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="does not exist"):
        load(tmp_path)


def test_a_request_that_hears_nothing_known_is_named(tmp_path: Path) -> None:
    content = shipped("requests")
    content["requests"]["100401"]["heard"] = ["hazard:boredom"]
    with pytest.raises(Invalid, match=r"unknown concepts.*hazard:boredom"):
        load(written(content, tmp_path, name="requests"))


def test_a_pattern_that_is_none_is_named(tmp_path: Path) -> None:
    content = shipped("credibility")
    content["credibility"]["cues"]["dated"]["pattern"] = "("
    with pytest.raises(Invalid, match="pattern of cue dated"):
        load(written(content, tmp_path, name="credibility"))


def test_every_concept_has_words_or_a_pattern() -> None:
    taxonomy: Taxonomy = load()
    silent = {concept for concept, words in taxonomy.concepts() if not words}
    patterned = {
        ("credibility", code) for code, cue in taxonomy.credibility.cues.items() if cue.pattern
    }
    heard = {("request", code) for code, entry in taxonomy.requests.items() if entry.heard}
    assert silent <= patterned | heard
