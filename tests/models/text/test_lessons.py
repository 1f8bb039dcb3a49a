"""What each reason needs, what it weighs, and what it says."""

from collections.abc import Sequence, Set
from datetime import UTC, datetime

import pytest

from features.judgements import Annotation
from models.text import taxonomy
from models.text.annotate import lexicon_only
from models.text.lessons import KINDS, Lesson, Teacher, Unread, telling
from models.text.suspects import Suspect

WORDS = taxonomy.load()
QUESTIONS = ("severity", "relevance", "hazards", "category")
SURE = dict.fromkeys(QUESTIONS, 1.0)
TEXT = "电热水壶突然起火，烧伤孩子"  # 电热水壶, 突然, 起火, 烧伤, 孩子


def read(*, version: str = "v1", **told: object) -> Annotation:
    made = {
        "report_id": "r1",
        "model_version": version,
        "annotated_at": datetime(2024, 3, 1, tzinfo=UTC),
        "relevant": True,
        "category": "safety",
        "confidence": SURE,
        **told,
    }
    return Annotation.model_validate(made)


def unsure(**confidence: float) -> Annotation:
    """A reading that names every question uncertain of which a confidence is told."""
    return read(confidence={**SURE, **confidence}, uncertain=tuple(confidence))


def lessons(
    annotation: Annotation,
    *others: Annotation,
    suspects: Sequence[Suspect] = (),
    labelled: Set[str] = frozenset(),
) -> tuple[Lesson, ...]:
    teacher = Teacher(WORDS, QUESTIONS, labelled)
    return teacher.lessons(Unread(TEXT, annotation, others, tuple(suspects)))


def doubt(question: str, *, given: float, likely: str = "quality") -> Suspect:
    return Suspect("r1", question, "label", likely, given, 0.9, by_person=False, text="")


def test_what_is_read_surely_and_alike_teaches_nothing() -> None:
    assert lessons(read()) == ()
    assert lessons(read(), read(version="v2")) == ()


def test_a_reading_without_any_confidence_teaches_nothing() -> None:
    assert lessons(read(confidence={}), read(version="v2", category="quality", confidence={})) == ()


def test_uncertain_names_the_least_sure_first_and_at_most_three() -> None:
    (one,) = lessons(unsure(category=0.3, hazards=0.2, relevance=0.4, severity=0.1))
    assert one.kind == "uncertain"
    assert one.zh == "存疑：伤害程度把握 10%、危害把握 20%、类别把握 30%"
    assert one.en == "uncertain: severity 10%, hazards 20%, category 30%"


def test_uncertain_of_equal_confidence_is_told_in_one_order() -> None:
    (one,) = lessons(unsure(severity=0.2, category=0.2))
    assert one.en == "uncertain: category 20%, severity 20%"


def test_uncertain_weighs_how_unsure_all_questions_are() -> None:
    (one,) = lessons(unsure(category=0.2))
    assert one.weight == 0.2  # .8 of one question of four
    (more,) = lessons(unsure(category=0.2, hazards=0.4))
    assert more.weight == 0.35
    below = read(confidence={**SURE, "category": 0.2, "hazards": 0.4}, uncertain=("category",))
    assert lessons(below) == (
        (Lesson("uncertain", 0.35, "存疑：类别把握 20%", "uncertain: category 20%")),
    )


def test_a_question_without_a_confidence_counts_as_sure() -> None:
    (one,) = lessons(read(confidence={"category": 0.2}, uncertain=("category", "hazards")))
    assert (one.weight, one.en) == (0.2, "uncertain: category 20%, hazards 100%")


def test_low_confidence_above_its_threshold_is_not_uncertain() -> None:
    assert lessons(read(confidence={**SURE, "category": 0.2})) == ()


def test_uncertain_leaves_out_what_is_not_asked() -> None:
    assert lessons(read(confidence={**SURE, "colour": 0.1}, uncertain=("colour",))) == ()


def test_versions_that_are_both_sure_disagree() -> None:
    other = read(version="v2", category="quality", confidence={"category": 0.8})
    (one,) = lessons(read(confidence={**SURE, "category": 0.9}), other)
    assert (one.kind, one.weight) == ("disagreeing", 0.72)
    here, there = WORDS.categories["safety"], WORDS.categories["quality"]
    assert one.zh == f"读法不一：类别读作{here.zh}，v2 读作{there.zh}"
    assert one.en == f"disagreeing: category is {here.en} here, {there.en} by v2"


def test_the_lexicon_is_called_so_and_not_by_its_version() -> None:
    version = lexicon_only(WORDS).version
    other = read(version=version, category="quality", confidence={"category": 0.8})
    (one,) = lessons(read(confidence={**SURE, "category": 0.9}), other)
    here, there = WORDS.categories["safety"], WORDS.categories["quality"]
    assert one.zh == f"读法不一：类别读作{here.zh}，词典读作{there.zh}"
    assert one.en == f"disagreeing: category is {here.en} here, {there.en} by the lexicon"


@pytest.mark.parametrize(
    ("own", "theirs", "told"), [(0.8, 0.5, True), (0.79, 0.5, False), (0.5, 0.79, False)]
)
def test_versions_of_which_one_is_unsure_do_not_disagree(
    own: float, theirs: float, *, told: bool
) -> None:
    other = read(version="v2", category="quality", confidence={"category": theirs})
    assert bool(lessons(read(confidence={"category": own}), other)) is told


def test_the_surest_disagreement_is_told_of_several() -> None:
    milder = read(version="v2", category="quality", confidence={"category": 0.6})
    surer = read(version="v3", severity=4, confidence={"severity": 0.9})
    (one,) = lessons(read(), milder, surer)
    assert one.weight == 0.9
    assert one.en == f"disagreeing: severity is no harm here, {WORDS.severities[4].en} by v3"


def test_several_hazards_in_another_order_are_no_disagreement() -> None:
    own, other = read(hazards=("burn", "fire")), read(version="v2", hazards=("fire", "burn"))
    assert lessons(own, other) == ()


def test_a_question_that_one_of_them_left_open_is_no_disagreement() -> None:
    questions = ("credibility",)
    teacher = Teacher(WORDS, questions, frozenset())
    sure = {"credibility": 1.0}
    doubts = read(version="v2", credibility=0.1, confidence=sure)
    silent = Unread(TEXT, read(confidence=sure), (doubts,))
    speaks = Unread(TEXT, read(credibility=0.9, confidence=sure), (doubts,))
    assert teacher.lessons(silent) == ()
    assert [one.kind for one in teacher.lessons(speaks)] == ["disagreeing"]


def test_disagreements_on_what_is_not_asked_are_left_out() -> None:
    other = read(version="v2", sentiment=-1.0, confidence={**SURE, "sentiment": 1.0})
    assert lessons(read(confidence={**SURE, "sentiment": 1.0}), other) == ()


def test_the_least_probable_label_is_the_suspect_one() -> None:
    (one,) = lessons(read(), suspects=[doubt("category", given=0.3), doubt("severity", given=0.4)])
    filed, likely = WORDS.categories["label"], WORDS.categories["quality"]
    assert (one.kind, one.weight) == ("suspect", 0.7)
    assert one.zh == f"标签可疑：类别登记为{filed.zh}，更像{likely.zh}（90%）"
    assert one.en == f"suspect: category is filed as {filed.en}, {likely.en} is likelier (90%)"


def test_a_doubt_is_never_said_to_be_all_where_it_is_not() -> None:
    nearly = doubt("category", given=0.1)._replace(likely_probability=0.998)
    (one,) = lessons(read(), suspects=[nearly])
    assert one.en.endswith("is likelier (99.8%)")


def test_a_suspect_of_a_question_that_is_not_asked_is_left_out() -> None:
    assert lessons(read(), suspects=[doubt("colour", given=0.1)]) == ()


def test_words_that_nobody_labelled_are_novel_the_longest_named_first() -> None:
    assert sorted(telling(TEXT)) == sorted(["电热水壶", "突然", "起火", "烧伤", "孩子"])
    (one,) = lessons(read(), labelled={"突然", "孩子"})
    assert (one.kind, one.weight) == ("novel", 0.6)
    assert one.zh == "新内容：60% 的词未标注过，如电热水壶、烧伤、起火"
    assert one.en == "novel: 60% of its words: 电热水壶、烧伤、起火"


def test_no_more_than_three_novel_words_are_named() -> None:
    (one,) = lessons(read(), labelled={"别的"})
    assert (one.weight, one.en.count("、")) == (1.0, 2)


def test_what_was_mostly_labelled_is_not_novel() -> None:
    assert lessons(read(), labelled={"突然", "孩子", "起火"}) == ()


def test_half_of_the_words_is_novel() -> None:
    teacher = Teacher(WORDS, QUESTIONS, {"突然", "起火"})
    half = Unread("电热水壶突然起火，烧伤", read())
    assert [one.kind for one in teacher.lessons(half)] == ["novel"]


def test_where_nothing_was_labelled_nothing_is_novel() -> None:
    assert lessons(read(), labelled=frozenset()) == ()


@pytest.mark.parametrize("text", ["", "电热水壶起火烧伤", "我在他的家里"])
def test_the_novelty_of_few_words_cannot_be_told(text: str) -> None:
    teacher = Teacher(WORDS, QUESTIONS, {"别的"})
    assert teacher.lessons(Unread(text, read())) == ()


def test_every_reason_is_told_the_weightiest_first() -> None:
    found = lessons(
        unsure(category=0.0),
        read(version="v2", severity=4),
        suspects=[doubt("category", given=0.5)],
        labelled={"突然"},
    )
    assert [(one.kind, one.weight) for one in found] == [
        ("disagreeing", 1.0),
        ("novel", 0.8),
        ("suspect", 0.5),
        ("uncertain", 0.25),
    ]
    assert {one.kind for one in found} == set(KINDS)


def test_telling_words_have_two_characters_or_more() -> None:
    assert telling("壶 起火，起火！火") == {"起火"}
    assert telling("") == frozenset()
