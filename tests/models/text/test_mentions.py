import pytest

from models.text.mentions import Finder
from models.text.normalize import normalize
from models.text.taxonomy import load

FINDER = Finder(load())


def standings(text: str, concept: str) -> list[str]:
    return [m.standing for m in FINDER.find(normalize(text)) if m.concept == concept]


@pytest.mark.parametrize(
    ("text", "standing"),
    [
        ("使用时突然起火", "asserted"),
        ("没有起火", "denied"),
        ("未见起火现象", "denied"),
        ("没有发生起火", "denied"),
        ("没有冒烟、起火", "denied"),
        ("没有及时处理导致起火", "asserted"),
        ("没有人受伤，但是起火了", "asserted"),
        ("无缘无故起火", "asserted"),
        ("担心会起火", "possible"),
        ("怕它起火", "possible"),
        ("有起火隐患", "possible"),
        ("存在起火的风险", "possible"),
        ("如果起火怎么办", "possible"),
        ("担心质量，后来果然起火", "asserted"),
        ("起火了很危险", "asserted"),
    ],
)
def test_whether_a_fire_is_asserted(text: str, standing: str) -> None:
    assert set(standings(text, "hazard:fire")) == {standing}


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
