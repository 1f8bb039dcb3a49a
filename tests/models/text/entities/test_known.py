"""Known words and topics: what training texts say, and never of themselves."""

from models.text.entities.known import Known
from models.text.entities.spans import Named, Sentence
from models.text.entities.tagger import FOLDS
from models.text.entities.topics import Topics
from tests.models.text.entities.conftest import sentences


def test_a_word_tells_its_label_share_and_count() -> None:
    sometimes = [Sentence("苹果坏了", (Named(0, 2, "A"),)), Sentence("苹果好吃", ())]
    assert Known.of(sometimes).column("买苹果") == ["-", "BAm1", "EAm1"]
    always = [Sentence("苹果坏了", (Named(0, 2, "A"),))] * FOLDS
    assert Known.of(always).column("苹果") == ["BAh3", "EAh3"]


def test_nothing_known_tells_nothing() -> None:
    assert Known.of([]).column("苹果") == ["-", "-"]


def test_topics_tell_what_a_text_is_likely_to_hold() -> None:
    games = [Sentence(f"玩家 打游戏 第{i}关", (Named(0, 2, "game"),)) for i in range(20)]
    books = [Sentence(f"作者 写书 第{i}页", (Named(0, 2, "book"),)) for i in range(20)]
    levels = Topics.of([*games, *books]).levels("玩家 打游戏")
    assert sorted(levels) == ["Tbook0", "Tgame4"] or levels[1] > "Tgame2"


def test_a_label_that_all_texts_hold_is_no_topic() -> None:
    assert Topics.of(sentences(30, seed=1)).levels("海岚插座") == []
