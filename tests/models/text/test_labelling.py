"""In which order reports are asked, and which of those that are alike."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import pytest

from features.errors import Invalid
from features.judgements import Annotation
from features.records import Report
from models.text import labelling, taxonomy
from models.text.annotate import Annotator, lexicon_only
from models.text.labelling import RESEMBLANCE, WEIGHTS, Pick
from models.text.lessons import Teacher, Unread
from models.text.suspects import Suspect

WORDS = taxonomy.load()
LEXICON = lexicon_only(WORDS)
OTHER = Annotator(WORDS, "trained-v2")  # of another version, and reads what the lexicon reads
KNOWN = datetime(2024, 3, 1, tzinfo=UTC)
TEACHER = Teacher(WORDS, ("category",), frozenset())
FIRE = "电热水壶突然起火，烧伤孩子"
ROAD = "门口路灯不亮，晚上走路摔倒"
SURE = {"uncertain": ()}
TEXTS = [FIRE, ROAD, "面包发霉长毛，全家腹泻住院", "玩具零件脱落，宝宝误吞卡喉"]


def unread(name: str, *, sure: float, text: str = "", cluster: str | None = None) -> Unread:
    """A report whose category is read with so much confidence, too little."""
    told = {
        "report_id": name,
        "model_version": "v1",
        "annotated_at": KNOWN,
        "relevant": True,
        "category": "safety",
        "confidence": {"category": sure},
        "uncertain": ("category",),
        "cluster_id": cluster,
    }
    return Unread(text or name, Annotation.model_validate(told))


def ranked(*reports: Unread, limit: int = 100) -> list[Pick]:
    return labelling.rank(reports, TEACHER, limit=limit)


def order(picks: Sequence[Pick]) -> list[str]:
    return [pick.unread.report_id for pick in picks]


def test_the_least_sure_comes_first_and_ties_go_by_id() -> None:
    told = [unread("b", sure=0.4), unread("a", sure=0.4), unread("c", sure=0.1)]
    found = ranked(*told)
    assert order(found) == ["c", "a", "b"]
    assert [pick.score for pick in found] == [0.9, 0.6, 0.6]
    assert order(ranked(*reversed(told))) == ["c", "a", "b"]


def test_nothing_to_rank_is_an_empty_queue() -> None:
    assert ranked() == []
    assert labelling.queue([], [], annotator=LEXICON, limit=3) == []


@pytest.mark.parametrize("limit", [0, -1])
def test_less_than_one_report_cannot_be_asked_for(limit: int) -> None:
    with pytest.raises(Invalid, match=f"limit is {limit}; ask for one report or more"):
        ranked(unread("a", sure=0.1), limit=limit)
    with pytest.raises(Invalid, match=f"limit is {limit}"):
        labelling.queue([], [], annotator=LEXICON, limit=limit)


def test_no_more_are_told_than_were_asked_for() -> None:
    told = [unread(str(n), sure=n / 20, text=text) for n, text in enumerate(TEXTS)]
    assert order(ranked(*told, limit=2)) == ["0", "1"]
    assert order(ranked(*told, limit=9)) == ["0", "1", "2", "3"]


def test_what_would_teach_nothing_is_left_out() -> None:
    sure = unread("a", sure=0.9).annotation.model_copy(update={"uncertain": ()})
    assert order(ranked(Unread("a", sure), unread("b", sure=0.4))) == ["b"]


def test_reasons_of_every_kind_add_up_by_their_weights() -> None:
    doubt = Suspect("a", "category", "label", "safety", 0.2, 0.7, by_person=False, text="")
    teacher = Teacher(WORDS, ("category",), frozenset({"别的"}))
    told = unread("a", sure=0.4)
    (one,) = labelling.rank([Unread(FIRE, told.annotation, (), (doubt,))], teacher, limit=1)
    assert {lesson.kind: lesson.weight for lesson in one.lessons} == {
        "suspect": 0.8,
        "uncertain": 0.6,
        "novel": 1.0,
    }
    assert one.score == pytest.approx(0.8 + 0.6 + WEIGHTS["novel"])
    assert WEIGHTS["novel"] < WEIGHTS["uncertain"] == WEIGHTS["suspect"] == WEIGHTS["disagreeing"]


def test_one_of_each_cluster_is_asked_the_most_instructive() -> None:
    told = [
        unread("a", sure=0.4, text=FIRE, cluster="a"),
        unread("b", sure=0.1, text=f"转发：{FIRE}", cluster="a"),
        unread("c", sure=0.5, text=ROAD, cluster="c"),
    ]
    assert order(ranked(*told)) == ["b", "c"]


def test_a_report_of_no_cluster_stands_for_itself() -> None:
    told = [unread("a", sure=0.1, text=FIRE), unread("b", sure=0.2, text=ROAD)]
    assert order(ranked(*told)) == ["a", "b"]


def test_one_of_each_text_is_asked_whatever_its_cluster() -> None:
    told = [
        unread("a", sure=0.4, text=FIRE, cluster="a"),
        unread("b", sure=0.1, text=FIRE, cluster="b"),
    ]
    assert order(ranked(*told)) == ["b"]


def test_ten_that_are_alike_wait_for_one_that_is_different() -> None:
    alike = [unread(f"a{n}", sure=0.1, text=f"{FIRE}{n}") for n in range(10)]
    milder = unread("z", sure=0.4, text=ROAD)
    found = order(ranked(*alike, milder))
    assert found[:2] == ["a0", "z"]
    assert found[2:] == [f"a{n}" for n in range(1, 10)]
    assert order(ranked(*alike, milder, limit=2)) == ["a0", "z"]


def test_what_is_much_harder_is_asked_though_it_is_alike() -> None:
    hard = [unread(f"a{n}", sure=0.0, text=f"{FIRE}{n}") for n in range(2)]
    milder = unread("z", sure=1 - RESEMBLANCE + 0.01, text=ROAD)
    assert order(ranked(*hard, milder)) == ["a0", "a1", "z"]


def test_likeness_to_any_of_those_before_counts_not_only_to_the_last() -> None:
    told = [
        unread("a", sure=0.0, text=FIRE),
        unread("b", sure=0.1, text=ROAD),
        unread("c", sure=0.2, text=f"{FIRE}1"),
        unread("d", sure=0.5, text=TEXTS[2]),
    ]
    assert order(ranked(*told)) == ["a", "b", "d", "c"]


def test_texts_without_words_are_alike_to_nothing() -> None:
    told = [unread("a", sure=0.1, text="1"), unread("b", sure=0.2, text="2")]
    assert order(ranked(*told, unread("c", sure=0.3, text=ROAD))) == ["a", "b", "c"]


def report(name: str, text: str, **told: object) -> Report:
    made = {"report_id": name, "channel": "12315", "received_at": KNOWN, "text": text}
    return Report.model_validate({**made, **told})


def asked(
    reports: Sequence[Report],
    *,
    annotator: Annotator = LEXICON,
    labelled: Sequence[Report] = (),
    suspects: Sequence[Suspect] = (),
    read: Mapping[str, object],
) -> list[Pick]:
    """The queue of reports that were read with these changes to what the annotator reads."""
    told = [
        (one, annotation.model_copy(update=read), ())
        for one, annotation in zip(reports, annotator.annotate(reports), strict=True)
    ]
    return labelling.queue(told, labelled, annotator=annotator, suspects=suspects, limit=9)


def kinds(picks: Sequence[Pick]) -> list[str]:
    return sorted(lesson.kind for pick in picks for lesson in pick.lessons)


def test_the_lexicon_is_another_opinion_on_what_a_trained_version_read() -> None:
    surely = {"confidence": {"category": 1.0}, "uncertain": (), "category": "price"}
    (one,) = asked([report("a", FIRE)], annotator=OTHER, read=surely)
    assert kinds([one]) == ["disagreeing"]
    assert one.lessons[0].en.endswith("by the lexicon")
    assert asked([report("a", FIRE)], annotator=OTHER, read={**surely, "category": "safety"}) == []
    assert asked([report("a", FIRE)], annotator=LEXICON, read=surely) == []


def test_each_report_has_the_lexicons_opinion_on_its_own_words() -> None:
    surely = {"confidence": {"relevance": 1.0}, "uncertain": (), "relevant": True}
    told = [report("a", FIRE), report("b", "小区路灯不亮，公交晚点，社保怎么办理")]
    assert order(asked(told, annotator=OTHER, read=surely)) == ["b"]


def test_suspects_go_to_their_own_reports() -> None:
    doubts = [
        Suspect("b", "category", "label", "safety", given, 0.9, by_person=False, text="")
        for given in (0.4, 0.1)
    ]
    told = [report("a", FIRE), report("b", ROAD)]
    (one,) = asked(told, suspects=doubts, read=SURE)
    assert (one.unread.report_id, one.lessons[0].weight) == ("b", 0.9)


def test_words_of_labelled_reports_are_not_novel() -> None:
    told = [report("a", FIRE), report("b", ROAD, title="城市道路")]
    assert kinds(asked(told, read=SURE)) == []
    labelled = [report("c", FIRE)]
    assert order(asked(told, labelled=labelled, read=SURE)) == ["b"]
    both = [*labelled, report("d", "路灯不亮", title="晚上走路摔倒，门口城市道路")]
    assert asked(told, labelled=both, read=SURE) == []


def test_words_of_a_report_are_its_title_and_text_in_one_spelling() -> None:
    assert labelling.words(report("a", "電熱水壺ＡＢ", title="投訴")) == labelling.words(
        report("b", "电热水壶ab", title="投诉")
    )
    assert "投诉" in labelling.words(report("a", "电热水壶", title="投诉"))
