import pytest

from models.text.mentions import Finder, by_kind
from models.text.normalize import normalize
from models.text.rules.answer import Answer
from models.text.rules.sentiment import answer
from models.text.taxonomy import load

TAXONOMY = load()
FINDER = Finder(TAXONOMY)


def sentiment(text: str) -> Answer[float]:
    normal = normalize(text)
    return answer(TAXONOMY, by_kind(FINDER.find(normal)), text=normal)


@pytest.mark.parametrize(
    "ordered",
    [
        ["极其失望", "非常失望", "失望", "有点失望", "客服来电", "有点满意", "满意", "非常满意"],
        ["很失望！", "很失望", "没有失望"],
        ["满意", "客服来电", "不满意"],
        ["满意", "不太满意"],
        ["质量差", "担心质量差"],
    ],
)
def test_words_of_degree_and_denial_weigh(ordered: list[str]) -> None:
    values = [sentiment(text).value for text in ordered]
    assert values in (sorted(values), sorted(values, reverse=True))
    assert len(set(values)) == len(values)


@pytest.mark.parametrize(
    "text", ["不满意", "不太满意", "不好用", "没有那么好用", "并不推荐", "不值得买"]
)
def test_denied_approval_is_dislike(text: str) -> None:
    assert sentiment(text).value < 0


@pytest.mark.parametrize("text", ["没有失望", "没有问题", "没毛病", "没有异味"])
def test_denied_dislike_is_no_dislike(text: str) -> None:
    assert sentiment(text).value > 0


def test_it_stays_between_minus_one_and_one() -> None:
    assert (
        -1 < sentiment("非常失望！极其恶劣！欺骗！骗子！差评！垃圾产品！黑心！无良！").value < -0.85
    )
    assert sentiment("今天去了").value == 0


def test_stronger_words_are_surer_and_silence_is_not() -> None:
    strong, weak, silent = (sentiment(t).confidence for t in ("非常失望，差评", "有点失望", "今天"))
    assert strong > weak > silent


def test_its_words_are_told_with_their_side() -> None:
    assert [place[2] for place in sentiment("物流很快，质量差").places] == [
        "sentiment:positive",
        "sentiment:negative",
    ]
