import pytest

from models.text.mentions import Finder, by_kind
from models.text.normalize import normalize
from models.text.rules.harm import hazards, severity
from models.text.taxonomy import load

TAXONOMY = load()
FINDER = Finder(TAXONOMY)


def read(text: str) -> tuple[tuple[str, ...], int | None, list[str]]:
    normal = normalize(text)
    mentions = by_kind(FINDER.find(normal))
    grave = severity(TAXONOMY, mentions)
    words = [normal[start:end] for start, end, _ in grave.places]
    return hazards(TAXONOMY, mentions).value, grave.value, words


@pytest.mark.parametrize(
    ("text", "found", "level", "words"),
    [
        ("电热水壶漏电", ("electric_shock",), 3, []),
        ("边缘划破手", ("laceration",), 2, []),
        ("边缘划破手，轻微擦破皮", ("laceration",), 1, ["轻微", "擦破皮"]),
        ("边缘划破手，送医缝针", ("laceration",), 3, ["送医", "缝针"]),
        ("充电宝爆炸，孩子住院", ("explosion",), 4, ["住院", "孩子"]),
        ("热水器漏电致死", ("electric_shock",), 4, ["致死"]),
        ("电饭煲起火，消防队来了", ("fire",), 3, ["消防队"]),
        ("担心会起火", (), 2, []),
        ("没有起火", (), None, []),
        ("没有起火，但外壳漏电", ("electric_shock",), 3, []),
        ("起火，没有人受伤", ("fire",), 3, []),
        ("起火，未造成人员死亡", ("fire",), 3, []),
        ("饼干很好吃，孩子喜欢", (), None, []),
    ],
)
def test_hazards_and_how_severe(
    text: str, found: tuple[str, ...], level: int | None, words: list[str]
) -> None:
    assert read(text) == (found, level, words)


def test_a_doubtful_hazard_is_shown_as_possible() -> None:
    places = hazards(TAXONOMY, by_kind(FINDER.find(normalize("担心会起火，外壳漏电")))).places
    assert [answer for _, _, answer in places] == ["possible:fire", "hazard:electric_shock"]


def test_named_harm_is_surer_than_what_a_hazard_usually_does() -> None:
    named, own = (severity(TAXONOMY, by_kind(FINDER.find(t))) for t in ("漏电,住院", "漏电"))
    assert named.confidence > own.confidence
