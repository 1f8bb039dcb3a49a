"""Every feature can be said, in both languages, without the names of code; and says what it is."""

import re
from datetime import timedelta

import pytest

from features import build, catalog, keys, memory
from features.build import Questions
from features.feature_set import FeatureSet
from features.index import Index
from features.judgements import Annotation
from features.records import Declaration, Inspection, Record, Report, Warning
from models.risk.grounds.case import Case, Said
from models.risk.grounds.ground import Grounds
from models.risk.grounds.sentences import say
from tests.models.conftest import Trained
from tests.worlds import VERSION, World, at, patterned

QUOTED = re.compile("“[^”]*”")
CHINESE = re.compile("[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z]+")
SPOKEN = {"HS", "A", "B", "C", "D"}  # what stands in Chinese sentences in Latin letters


def said(case: Case) -> dict[str, Said]:
    """What each feature of a case says."""
    return {
        member.name: say(case, member, theme=ground.theme)
        for ground in Grounds.of(case.rows.features).each
        for member in ground.members
    }


def case(index: Index, questions: Questions, features: FeatureSet) -> Case:
    rows = build.answer(questions, features, facts=index)
    return Case({}, rows, questions, index, 0)


def is_clean(told: Said, *, unit: str = "") -> None:
    zh, en = (QUOTED.sub("", words) for words in (told.zh, told.en))
    assert set(LATIN.findall(zh)) <= SPOKEN, told.zh
    assert CHINESE.search(zh)
    assert not CHINESE.search(en.replace(unit, "")), told.en
    assert not re.search(r"_|None|nan|\be[+-]\d", zh + en), told


def declaration(**told: object) -> Declaration:
    given = {"declaration_id": "Q", "declared_at": at(900), "known_at": at(900)}
    return Declaration.model_validate({**given, **told})


FULL = {
    "enterprise_id": "F00",
    "hs_code": "8516101000",
    "origin": "VN",
    "brand": "山鹰",
    "port": "上海",
    "manufacturer_id": "M1",
    "goods_name": "电热水壶",
    "trade_mode": "一般贸易",
    "unit": "台",
    "quantity": 100.0,
    "net_weight_kg": 30.0,
    "value_fen": 1_234_500,
    "x_cell": "north",
    "x_cold_chain": 3.5,
}
MISSING = {"enterprise_id": "F00"}
SHORT = {**FULL, "hs_code": "8516"}


@pytest.fixture(scope="module")
def whole() -> tuple[FeatureSet, Index]:
    """A standard set with everything in it, and facts about the first of the cases."""
    world = patterned(600)
    lines = [
        line.model_copy(
            update={
                **{name: FULL[name] for name in ("manufacturer_id", "goods_name", "trade_mode")},
                **{"unit": "台", "net_weight_kg": 12.0},
                "x": {"x_cell": "north", "x_cold_chain": 2.0},
            }
        )
        for line in world.of("declarations")
        if isinstance(line, Declaration)
    ]
    visits = [v.model_copy(update={"x": {"x_days": 4.0}}) for v in world.of("inspections")]
    warning = Warning(
        warning_id="W1", level="II", issued_at=at(800), known_at=at(800), scope={"hs4": "8516"}
    )
    made: dict[str, list[Record]] = {
        **world.records,
        "declarations": [*lines],
        "inspections": [*visits],
        "warnings": [warning],
    }
    tables = World(made).tables()
    features = catalog.standard(tables, custom=[keys.parse("x_cell+hs4"), keys.parse("x_cell")])
    return features, memory.recall(tables, features, text_version=VERSION)


@pytest.mark.parametrize("told", [FULL, MISSING, SHORT], ids=["full", "missing", "short"])
def test_every_feature_can_be_said(
    whole: tuple[FeatureSet, Index], told: dict[str, object]
) -> None:
    features, index = whole
    one = case(index, build.asking([declaration(**told)], features, as_of=at(900)), features)
    found = said(one)
    assert set(found) == set(features.names)
    for sentence in found.values():
        is_clean(sentence, unit="台")


def test_every_feature_of_a_line_that_nothing_is_known_of_can_be_said(trained: Trained) -> None:
    nothing = memory.recall(World().tables(), trained.features, text_version=VERSION)
    questions = build.asking([declaration(**FULL)], trained.features, as_of=at(900))
    for sentence in said(case(nothing, questions, trained.features)).values():
        is_clean(sentence, unit="台")


# What sentences say, word for word, of small worlds whose numbers are counted by hand.

NOW = at(1600)
REPORTS = 1_000  # days of them before now


def told(world: World, feature: str, **line: object) -> Said:
    """What one feature says of a line declared now."""
    tables = world.tables()
    features = catalog.standard(tables)
    index = memory.recall(tables, features, text_version=VERSION)
    asked = declaration(**{**FULL, "declared_at": NOW, "known_at": NOW, **line})
    return said(case(index, build.asking([asked], features, as_of=NOW), features))[feature]


def fires(days: list[float], *, channel: str = "12315", origin: str = "VN") -> World:
    """Reports of fires in goods of one origin, so many days ago; and enough others of old."""
    made: dict[str, list[Record]] = {"declarations": [declaration(**FULL)]}
    made["reports"], made["annotations"] = [], []
    old = [(REPORTS - n, "12345", "DE", "choking") for n in range(25)]
    for number, (ago, by, place, hazard) in enumerate(
        [
            *((d, channel, origin, "fire") for d in days),
            *((d, "12315", "TH", "fire") for d in range(400, 425)),
            *old,
        ]
    ):
        heard = NOW - timedelta(days=ago)
        shared = {"report_id": f"R{number}", "hs_code": "8516", "origin": place, "known_at": heard}
        made["reports"].append(
            Report.model_validate(
                {**shared, "channel": by, "received_at": heard, "text": "冒烟起火"}
            )
        )
        made["annotations"].append(
            Annotation.model_validate(
                {
                    **shared,
                    **{"model_version": VERSION, "annotated_at": heard, "relevant": True},
                    **{"category": "safety", "hazards": (hazard,), "severity": 3},
                }
            )
        )
    return World(made)


FIRES = "origin_hs4_annotation_hazard_fire_count_90d"
LATELY, BEFORE = [float(n) for n in range(1, 13)], [91.0 + 29 * n for n in range(24)]


def test_complaints_are_compared_with_what_is_usual() -> None:
    assert told(fires([*LATELY, *BEFORE]), FIRES)[:2] == (
        "同产地同类商品近90天起火投诉12起，为平时的4倍",
        "12 fire complaints about such goods of this origin in the last 90 days, 4 times the usual",
    )


def test_what_came_by_other_channels_is_no_complaint() -> None:
    assert told(fires([*LATELY, *BEFORE], channel="media"), FIRES)[:2] == (
        "同产地同类商品近90天起火类风险信息12条，为平时的4倍",
        "12 fire reports about such goods of this origin in the last 90 days, 4 times the usual",
    )


def test_complaints_compared_with_other_reports_are_reports_all() -> None:
    heard = fires(LATELY).records
    before = fires(BEFORE, channel="media").records
    merged = {
        name: [
            *records,
            *(
                r.model_copy(update={"report_id": f"M-{r.report_id}"})  # type: ignore[attr-defined]
                for r in before[name]
                if name != "declarations"
            ),
        ]
        for name, records in heard.items()
    }
    assert told(World(merged), FIRES).zh == "同产地同类商品近90天起火类风险信息12条，为平时的4倍"


@pytest.mark.parametrize(
    ("days", "zh"),
    [
        ([], "同产地同类商品近90天没有起火类风险信息"),
        ([5], "同产地同类商品近90天起火投诉1起，此前两年没有"),
        ([5, 200], "同产地同类商品近90天起火投诉1起，此前两年共1起"),
        ([5, 6, 7, *BEFORE], "同产地同类商品近90天起火投诉3起"),
        ([5, *BEFORE], "同产地同类商品近90天起火投诉1起"),
    ],
)
def test_few_and_usual_reports_are_given_no_ratio(days: list[float], zh: str) -> None:
    assert told(fires(days), FIRES).zh == zh


def test_the_facts_are_those_that_the_sentence_counts() -> None:
    facts = told(fires([*LATELY, *BEFORE]), FIRES).facts
    assert facts is not None
    assert [fact.id for fact in facts] == [f"R{n}" for n in range(12)]


def visits(outcomes: str, *, hs_code: str = "8516101000", firm: str = "F00") -> list[Record]:
    """Inspected lines of the last days, one a day: f failed, F badly, p passed."""
    made: list[Record] = []
    for number, outcome in enumerate(outcomes):
        known = NOW - timedelta(days=20 + number)
        name = f"{hs_code}-{firm}-{number}"
        about = {**FULL, "hs_code": hs_code, "enterprise_id": firm, "declaration_id": name}
        made.append(declaration(**{**about, "declared_at": known, "known_at": known}))
        failed = outcome != "p"
        made.append(
            Inspection(
                declaration_id=name,
                inspected_at=known,
                known_at=known,
                outcome="fail" if failed else "pass",
                severity=(3 if outcome == "F" else 1) if failed else None,
            )
        )
    return made


def inspected(*parts: list[Record]) -> World:
    whole = [record for part in parts for record in part]
    return World(
        {
            "declarations": [r for r in whole if isinstance(r, Declaration)],
            "inspections": [r for r in whole if isinstance(r, Inspection)],
        }
    )


RATE = "enterprise_hs4_inspection_fail_shrunk_rate_730d"


def test_failures_are_compared_with_those_of_such_goods() -> None:
    world = inspected(visits("Ffffff" + "p" * 34), visits("f" + "p" * 39, firm="F01"))
    assert told(world, RATE)[:2] == (
        "该企业同类商品近两年查验40批，不合格6批（15%，其中严重1批）；同类商品不合格率为8.8%",
        "40 inspected of such goods of this enterprise in the last two years, 6 failed "
        "(15%, 1 seriously); 8.8% for such goods",
    )


def test_a_rate_without_facts_of_its_own_is_said_of_the_goods_it_leans_on() -> None:
    world = inspected(visits("fp", firm="F01"))
    assert told(world, RATE).zh == (
        "该企业同类商品近两年没有查验记录；同类商品近两年查验2批，不合格1批"
    )
    assert told(inspected(visits("ppp")), RATE).zh == "该企业同类商品近两年查验3批，全部合格"


def test_a_low_price_is_set_beside_what_such_goods_cost() -> None:
    lines = visits("p" * 30)
    found = told(
        inspected(lines), "origin_hs4_declaration_unit_value_log_deviation_365d", value_fen=370_350
    )
    assert found[:2] == (
        "申报单价37元，为同产地同类商品通常的0.3倍",
        "declared unit price CNY 37, 0.3 times the usual for such goods of this origin",
    )


def test_a_first_time_is_said_as_one() -> None:
    feature = "enterprise_hs4_declaration_first"
    found = told(inspected(visits("p", firm="F01")), feature)
    assert found.zh == "该企业首次申报此类商品"
    assert told(inspected(visits("p")), feature).zh == "该企业此前申报过此类商品"
