"""What is printed tells what was found; words from outside are never markup."""

import io
import json
import math

import pytest
from rich.console import Console

from features.judgements import Decision
from features.reasons import Reason
from features.records import Declaration
from pipelines import show
from pipelines.ingest import Counts, Ingested
from pipelines.promote import Promotion
from tests.pipelines.conftest import UNTIL

ODD = "[/red] 甲[b]品牌"


def test_numbers_stand_beside_their_bounds() -> None:
    shown = console()
    values = {"auc": 0.7, "auc_low": 0.6, "auc_high": 0.8, "n": 12.0, "ece": 0.1}
    show.measured(shown, ODD, values=values)
    said = shown.export_text()
    assert "0.6–0.8" in said
    assert "auc_low" not in said
    assert ODD in said


def console() -> Console:
    return Console(file=io.StringIO(), width=200, record=True)


def decision(number: int, **changed: object) -> Decision:
    plain: dict[str, object] = {
        "decision_id": f"D{number}@1",
        "declaration_id": f"D{number}",
        "decided_at": UNTIL,
        "known_at": UNTIL,
        "likelihood": number / 100,
        "severity": 3,
        "level": "high",
        "lane": "sampling",
        "inclusion_probability": 0.5,
        "draw": 0.1,
        "commitment": "00",
        "reasons": (Reason(feature="f", value=1.0, contribution=0.3, zh=ODD, en=ODD),),
        "model_version": "risk/1",
        "policy_version": "p",
        "matrix_version": "m",
    }
    return Decision.model_validate({**plain, **changed})


def line(number: int, goods: str = "电热水壶") -> Declaration:
    return Declaration(
        declaration_id=f"D{number}",
        declared_at=UNTIL,
        known_at=UNTIL,
        enterprise_id="E1",
        goods_name=goods,
        port=ODD,
    )


def test_the_most_serious_and_likely_come_first_and_released_are_counted() -> None:
    decided = [
        decision(10),
        decision(90),
        decision(5, level="serious", lane="full"),
        decision(1, lane="release", level="low"),
    ]
    into = console()
    show.decisions(into, decided, lines={d.declaration_id: line(0) for d in decided}, most=2)
    said = into.export_text()
    assert said.index("D5") < said.index("D90")
    assert "D10" not in said
    assert "inspected 3，放行 released 1" in said
    assert "first 2 shown" in said


def test_words_from_outside_are_never_markup() -> None:
    into = console()
    show.decisions(into, [decision(7)], lines={"D7": line(7, goods=ODD)})
    show.mapping(into, ODD, values={"path": ODD})
    refused = Ingested({"reports": Counts(1, 1)}, (ODD,), (), ())
    show.ingested(into, refused)
    assert into.export_text().count("[/red]") >= 5


def test_nothing_decided_is_no_failure() -> None:
    into = console()
    show.decisions(into, [], lines={})
    assert "共 0 项" in into.export_text()


def test_why_a_version_was_not_promoted_is_printed() -> None:
    into = console()
    show.promotion(into, Promotion("risk", "3", False, ("auc 0.500 is below 0.6",)))
    said = into.export_text()
    assert "not promoted" in said
    assert "auc 0.500 is below 0.6" in said


@pytest.mark.parametrize(
    ("value", "said"), [(None, ""), (math.nan, ""), (0.25, "0.25"), (3, "3"), (1.0, "1")]
)
def test_numbers_are_short_and_missing_ones_empty(value: object, said: str) -> None:
    into = console()
    show.results(into, "t", rows=[{"a": value}], columns=("a",))
    cells = into.export_text().splitlines()[-2].strip("│ ")
    assert cells == said


def test_json_is_one_line_without_nan() -> None:
    said = show.json_line({"auc": math.nan, "model": "口岸\n", "n": 3})
    assert json.loads(said) == {"auc": None, "model": "口岸\n", "n": 3}
    assert "NaN" not in said
    assert "\n" not in said


def test_several_values_are_shown_up_to_a_number() -> None:
    assert show.listed({"rare": 2, "empty": 1}) == "rare 2, empty 1"
    assert show.listed([1, 2, 3], most=2) == "1, 2, … 1 more"
    assert (show.listed([]), show.listed(0.5), show.listed("[x]")) == ("", 0.5, "[x]")
