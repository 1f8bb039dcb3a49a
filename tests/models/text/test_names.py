import pytest

from models.text import corrections, names, taxonomy
from models.text.names import Name

WORDS = taxonomy.load()
KNOWN = names.answers(WORDS)


def called(codes: str, question: str) -> Name:
    return names.answer(codes, question, known=KNOWN)


def test_every_question_and_every_answer_has_a_name_in_chinese() -> None:
    asked = corrections.questions(WORDS)
    assert set(names.QUESTIONS) == set(asked)
    told = {
        (question, code): called(code, question) for question in asked for code in asked[question]
    }
    assert [key for key, name in told.items() if name.zh.isascii() or not name.en.isascii()] == []


@pytest.mark.parametrize(
    ("codes", "question", "name"),
    [
        ("irrelevant", "relevance", Name("否", "irrelevant")),
        ("negative", "sentiment", Name("负面", "negative")),
        ("doubtful", "credibility", Name("存疑", "doubtful")),
        ("none", "severity", Name("无伤害", "no harm")),
        ("none", "hazards", Name("无", "none")),
        ("none", "demands", Name("无", "none")),
    ],
)
def test_answers_that_no_taxonomy_names(codes: str, question: str, name: Name) -> None:
    assert called(codes, question) == name


def test_what_the_taxonomy_names_is_called_as_it_says() -> None:
    fire, burn = WORDS.hazards["fire"], WORDS.hazards["burn"]
    both = Name(f"{fire.zh}、{burn.zh}", f"{fire.en}, {burn.en}")
    assert called("fire,burn", "hazards") == both
    worst = WORDS.severities[4]
    assert called("4", "severity") == Name(worst.zh, worst.en)


@pytest.mark.parametrize("question", ["category", "hazards", "severity", "colour"])
def test_an_unknown_code_or_question_stands_as_it_is(question: str) -> None:
    assert called("flood", question) == Name("flood", "flood")


def test_none_is_nothing_only_where_several_may_be_named() -> None:
    assert called("none", "category") == Name("none", "none")


def test_a_list_of_nothing_is_empty() -> None:
    assert names.listed([]) == Name("", "")
