from datetime import UTC, datetime

import pytest

from features.errors import Invalid
from features.judgements import Annotation
from models.text import corrections, taxonomy

WORDS = taxonomy.load()


def annotation(**told: object) -> Annotation:
    made = {
        "report_id": "r1",
        "model_version": "v1",
        "annotated_at": datetime(2024, 3, 1, tzinfo=UTC),
        "relevant": True,
        "category": "safety",
        **told,
    }
    return Annotation.model_validate(made)


def test_an_annotation_answers_in_the_words_of_corrections() -> None:
    read = annotation(hazards=("burn", "fire"), severity=3, sentiment=-0.9, credibility=0.8)
    told = corrections.answers(read, taxonomy=WORDS)
    assert told == {
        "relevance": "relevant",
        "category": "safety",
        "hazards": "fire,burn",
        "severity": "3",
        "sentiment": "negative",
        "request": "other",
        "demands": "none",
        "credibility": "credible",
    }
    assert corrections.checked(told, taxonomy=WORDS) == told


def test_nothing_read_is_an_answer_too() -> None:
    told = corrections.answers(annotation(relevant=False), taxonomy=WORDS)
    assert (told["relevance"], told["hazards"], told["severity"]) == ("irrelevant", "none", "none")
    assert "credibility" not in told


def test_several_codes_have_one_spelling() -> None:
    said = corrections.checked({"hazards": "burn , fire,burn"}, taxonomy=WORDS)
    assert said == {"hazards": "fire,burn"}
    assert corrections.checked({"hazards": "none"}, taxonomy=WORDS) == {"hazards": "none"}


@pytest.mark.parametrize(
    ("told", "names"),
    [
        ({"colour": "red"}, "no question is called 'colour'"),
        ({"category": "dangerous"}, "category 'dangerous' is unknown; give one of safety"),
        ({"category": "safety,quality"}, "category 'safety,quality' is unknown"),
        ({"hazards": "fire,flood"}, "hazards 'flood' is unknown"),
        ({"hazards": "fire,none"}, "hazards 'none' is unknown"),
        ({"severity": "5"}, "severity '5' is unknown; give one of none, 1, 2, 3, 4"),
        ({"sentiment": "-1"}, "sentiment '-1' is unknown"),
    ],
)
def test_what_the_taxonomy_does_not_know_is_invalid(told: dict[str, str], names: str) -> None:
    with pytest.raises(Invalid, match=names):
        corrections.checked(told, taxonomy=WORDS)
