from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text.matcher import GAP, spelt
from models.text.mentions import Finder
from models.text.normalize import normalize
from models.text.taxonomy import load

TAXONOMY = load()
FINDER = Finder(TAXONOMY)
LINES = Path(__file__).parents[2] / "data" / "standings.txt"
WORDS = sorted(
    {spelt(word) for _, words in TAXONOMY.concepts() for word in words if GAP not in word}
)
WRITTEN = st.lists(
    st.sampled_from([*WORDS, *"不没 的,。虫a1", "rash", "e. coli", "tip", "吃出", "没有"])
    | st.text(max_size=3)
).map(lambda parts: normalize("".join(parts)))


def standings(text: str, concept: str) -> list[str]:
    return [m.standing for m in FINDER.find(normalize(text)) if m.concept == concept]


def written_lines() -> Iterator[tuple[str, str, str]]:
    """The standing, the hazard and the text of each line."""
    for line in LINES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            standing, hazard, text = line.split(" ", 2)
            yield standing, hazard, text


@pytest.mark.parametrize(("standing", "hazard", "text"), [*written_lines()])
def test_whether_a_hazard_is_asserted(standing: str, hazard: str, text: str) -> None:
    assert set(standings(text, f"hazard:{hazard}")) == {standing}


def test_there_are_hundreds_of_lines() -> None:
    kinds = [standing for standing, _, _ in written_lines()]
    assert min(map(kinds.count, ("asserted", "denied", "possible"))) >= 100


def searched(text: str, kind: str) -> list[tuple[int, int, str]]:
    """Return where words of a kind stand, by trying every place: slow, and plainly right."""
    words = {
        spelt(word)
        for (own, _), words in TAXONOMY.concepts()
        for word in words
        if own == kind and GAP not in word
    }
    found, free = [], 0
    for start in range(len(text)):
        here = [word for word in words if start >= free and stands(word, text, start=start)]
        if here:
            free = start + max(map(len, here))
            found.append((start, free, text[start:free]))
    return found


def stands(word: str, text: str, *, start: int) -> bool:
    around = text[start - 1 : start] + text[start + len(word) : start + len(word) + 1]
    touched = any(c.isascii() and c.isalnum() for c in around)
    return text.startswith(word, start) and not (word.isascii() and touched)


@given(text=WRITTEN, kind=st.sampled_from(["hazard", "category", "severity", "sentiment"]))
def test_the_automaton_finds_what_a_search_finds(text: str, kind: str) -> None:
    found = [(m.start, m.end, m.word) for m in FINDER.find(text) if m.kind == kind]
    plain = [place for place in dict.fromkeys(found) if GAP not in place[2]]
    assert plain == searched(text, kind)


def test_a_gap_holds_words_of_one_clause() -> None:
    assert standings("吃出一条黑色的虫", "hazard:foreign_body") == ["asserted"]
    assert standings("吃出问题，后来虫", "hazard:foreign_body") == []


def test_latin_words_stand_alone() -> None:
    assert standings("a rash on the arm", "hazard:allergen") == ["asserted"]
    assert standings("trash bin", "hazard:allergen") == []


def test_the_longest_word_wins() -> None:
    words = [m.word for m in FINDER.find("一氧化碳中毒") if m.concept == "hazard:suffocation"]
    assert words == ["一氧化碳中毒"]


def test_mentions_lie_in_the_text() -> None:
    text = normalize("電熱水壺漏電，孩子被烫伤送医")
    assert all(text[m.start : m.end] == m.word for m in FINDER.find(text))
