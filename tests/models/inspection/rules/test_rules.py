"""Rules: each test of a condition, periods, precedence, every mistake, one line as a million."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from features import build, catalog, declared, memory, moments
from features.aggregates import Aggregate
from features.errors import Invalid
from features.feature_set import FeatureSet
from features.records import Declaration
from models.inspection import policy
from models.inspection.rules import conditions, rules
from models.inspection.rules.conditions import Columns
from models.inspection.rules.rules import Rules
from tests.worlds import VERSION, World, patterned

ROOT = Path(__file__).parents[4]
NOON = moments.milliseconds(datetime(2026, 7, 1, 4, tzinfo=UTC))
TEXT = rules.FILE.read_text(encoding="utf-8")
ONE = """\
name: a test
rules:
  - id: one
    zh: 一条规则
    en: a rule
    when: {origin: VN}
    then: {prohibit: true}
"""
SMALL = patterned(150)


def loaded(path: Path, text: str) -> Rules:
    file = path / "rules.yaml"
    file.write_text(text, encoding="utf-8")
    return rules.load(file)


def made(path: Path, *told: Mapping[str, object]) -> Rules:
    """Rules of a file that names only what matters."""
    usual = {"zh": "规则", "en": "a rule", "then": {"prohibit": True}}
    listed = [{"id": f"r{n}", **usual, **one} for n, one in enumerate(told, 1)]
    return loaded(path, yaml.safe_dump({"name": "a test", "rules": listed}, allow_unicode=True))


def holds(plain: object, columns: Columns) -> list[bool]:
    return [bool(held) for held in conditions.holds(conditions.parse(plain), columns)]


@pytest.mark.parametrize(
    ("test", "values", "holding"),
    [
        ({"origin": "VN"}, ["VN", "DE", None], "VN"),
        ({"origin": "vn"}, ["VN", "DE", None], "VN"),
        ({"origin": ["VN", "NO"]}, ["VN", "DE", "NO", None], "VN NO"),
        ({"hs_code": {"begins": "85.16"}}, ["8516101000", "8517", "2085", None], "8516101000"),
        ({"hs_code": {"begins": ["85", "03"]}}, ["8516", "0302", "9503", None], "8516 0302"),
        ({"goods_name": {"contains": "奶"}}, ["配方奶粉", "积木", None], "配方奶粉"),
        ({"goods_name": {"contains": ["奶", "积"]}}, ["奶粉", "积木", "茶"], "奶粉 积木"),
        ({"quantity": 2}, [2, 2.5, None, np.nan], "2"),
        ({"quantity": [2, 2.5]}, [2, 2.5, 3, None], "2 2.5"),
        ({"quantity": {"at_least": 2}}, [1.5, 2, 3, None, np.nan], "2 3"),
        ({"quantity": {"at_most": 2}}, [1.5, 2, 3, None, np.nan], "1.5 2"),
        ({"quantity": {"above": 2}}, [1.5, 2, 3, None, np.nan], "3"),
        ({"quantity": {"below": 2}}, [1.5, 2, 3, None, np.nan], "1.5"),
        ({"quantity": {"at_least": 2, "below": 3}}, [1, 2, 3], "2"),
        ({"brand": {"missing": False}}, ["Nova", None], "Nova"),
        ({"x_age": {"below": 3}}, [2, 3, "2", True, None], "2"),
        ({"x_age": 1}, [1, 1.0, True, "1", None], "1 1.0"),
        ({"x_age": "1"}, [1, True, "1 ", "1", None], "1"),
        ({"x_twin": True}, [1, "True", True, False, None], "True"),
        ({"x_twin": [True, False]}, [0, 1, True, False, None], "True False"),
        ({"x_kind": {"begins": "a"}}, ["ab", "ba", 1, None], "ab"),
    ],
)
def test_each_test_holds_where_it_says(
    test: Mapping[str, object], values: list[object], holding: str
) -> None:
    (name,) = test
    found = holds(test, {name: values})
    assert " ".join(str(v) for v, held in zip(values, found, strict=True) if held) == holding


def test_a_missing_value_passes_no_test_but_missing() -> None:
    columns: Columns = {"brand": [None, float("nan"), "Nova"], "origin": [None, "VN", "VN"]}
    assert holds({"brand": {"missing": True}}, columns) == [True, True, False]
    assert holds({"not": {"brand": "Nova"}}, columns) == [True, True, False]
    assert holds({"not": {"brand": "Nova"}, "origin": {"missing": False}}, columns) == [
        *(False, True, False)
    ]


def test_conditions_are_joined() -> None:
    columns: Columns = {"origin": ["VN", "VN", "DE", None], "hs2": ["85", "95", "85", "85"]}
    both = {"origin": "VN", "hs2": "85"}
    assert holds(both, columns) == [True, False, False, False]
    assert holds({"all": [{"origin": "VN"}, {"hs2": "85"}]}, columns) == holds(both, columns)
    assert holds({"any": [{"origin": "VN"}, {"hs2": "85"}]}, columns) == [True] * 4
    neither = {"not": {"any": [{"origin": "VN"}, {"hs2": "95"}]}, "hs2": "85"}
    assert holds(neither, columns) == [False, False, True, True]


WRONG = {
    "no YAML": (ONE, "name: [", "rules.yaml: this is no YAML"),
    "no mapping": (ONE, "- a\n", "is a mapping of names to values"),
    "a version": ("name: a test", "name: a\nversion: 1", "version is made from the file"),
    "no name": ("name: a test\n", "", "rules.yaml: name is missing; add it"),
    "another word": ("name: a test", "name: a\ncolour: red", "colour 'red' is no word of it"),
    "no list": (ONE, "name: a\nrules: {id: one}\n", "rules is a list of rules"),
    "no rules": (ONE, "name: a\n", "got None"),
    "no rule": (ONE, "name: a\nrules: [one]\n", "rule 1 is a mapping with id, zh, en, basis"),
    "a rule's other word": ("when:", "colour: red\n    when:", "rule 'one': colour 'red'"),
    "no id": ("- id: one\n    zh", "- zh", "rule 1: id is missing"),
    "an id that is none": ("id: one", "id: a b", "rule 'a b': id 'a b'"),
    "a number as id": ("id: one", "id: 12", "rule 12: id 12: .*valid string"),
    "no reason": ("zh: 一条规则", "zh: ' '", "rule 'one': zh ' '"),
    "no condition": ("    when: {origin: VN}\n", "", "rule 'one': when is missing"),
    "nothing asked": ("{origin: VN}", "{}", "rule 'one': when: a condition maps names to tests"),
    "a condition as text": ("{origin: VN}", "origin", "maps names to tests.*got 'origin'"),
    "an unknown name": ("origin: VN", "orgin: VN", "'orgin' is no field.*nearest is origin"),
    "an unknown feature": (
        "origin: VN",
        "enterprise_inspection_fail_count_90d: {at_least: 1}",
        "enterprise_inspection_fail_count_180d",
    ),
    "a name that no line has": ("origin: VN", "region: 上海", "'region' is no field"),
    "no as a name": ("origin: VN", "NO: VN", "False is no name of a field"),
    "Norway": ("origin: VN", "origin: NO", r"origin: False is no text; write it in quotes.*\"NO\""),
    "Norway in a list": ("origin: VN", "origin: [VN, NO]", "origin: False is no text"),
    "a number as code": ("origin: VN", "hs2: 85", "rule 'one': when: hs2: 85 is no text; .*quotes"),
    "an octal number": ("origin: VN", "hs2: 03", "hs2: 3 is no text"),
    "a day": ("origin: VN", "x_day: 2024-01-01", "x_day: datetime.* is no text"),
    "nothing": ("origin: VN", "origin: ", "origin: None is no text.*missing: true"),
    "an empty text": ("origin: VN", "brand: ' '", "brand: ' ' is no text"),
    "an empty list": ("origin: VN", "origin: []", "origin: an empty list fits no line"),
    "an empty test": ("origin: VN", "origin: {}", "origin: {} is no test; use a value, a list, or"),
    "an unknown test": ("origin: VN", "origin: {like: V}", "{'like': 'V'} is no test; .*begins"),
    "is as a test": ("origin: VN", "origin: {is: VN}", "is no test"),
    "a list in a list": ("origin: VN", "origin: [[VN]]", r"origin: \['VN'\] is no text"),
    "no country": ("origin: VN", "origin: Vietnam", "origin: 'Vietnam' is not a country code"),
    "no HS code": ("origin: VN", "hs_code: '85161'", "hs_code: '85161' is not an HS code"),
    "no digits": ("origin: VN", "hs_code: {begins: HS85}", "'HS85' is no beginning of an HS code"),
    "a heading as chapter": ("origin: VN", "hs2: '8516'", "hs2: '8516' fits no line.*2 characters"),
    "a chapter as heading": ("origin: VN", "hs4: '85'", "hs4: '85' fits no line.*4 characters"),
    "a long beginning": ("origin: VN", "hs4: {begins: '85161'}", "'85161' fits no line"),
    "a long noun": ("origin: VN", "goods_noun: 电饭煲", "'电饭煲' fits no line"),
    "a mistyped firm": (
        "origin: VN",
        "enterprise_id: 91350100M000100Y44",
        "enterprise_id: .* fails the check digit",
    ),
    "a number of a text": ("origin: VN", "origin: {at_least: 5}", "at_least 5 asks for a number"),
    "a text of a number": ("origin: VN", "quantity: {begins: '5'}", "begins '5' asks for a text"),
    "a text as number": ("origin: VN", "quantity: {at_least: '5'}", "'5' is no number; .*without"),
    "a flag as number": ("origin: VN", "value_cny: true", "value_cny: True is no number"),
    "several bounds": ("origin: VN", "quantity: {above: [1, 2]}", r"\[1, 2\] is no number"),
    "infinity": ("origin: VN", "quantity: {below: .inf}", "inf is no number"),
    "no number at all": ("origin: VN", "quantity: {below: .nan}", "nan is no number"),
    "too large": ("origin: VN", f"quantity: {{below: 1{'0' * 400}}}", "is no number"),
    "a number as beginning": ("origin: VN", "x_a: {begins: 5}", "x_a: 5 is no text"),
    "mixed values": ("origin: VN", "x_a: [1, a]", r"x_a: \[1, 'a'\] mixes"),
    "mixed flags": ("origin: VN", "x_a: [1, true]", "mixes texts, numbers and flags"),
    "missing what": ("origin: VN", "brand: {missing: 'no'}", "missing is true or false, got 'no'"),
    "any of no list": ("{origin: VN}", "{any: {origin: VN}}", "any takes a list of conditions"),
    "any of nothing": ("{origin: VN}", "{any: []}", "any takes a list"),
    "all of a text": ("{origin: VN}", "{all: [VN]}", "maps names to tests.*got 'VN'"),
    "not of a list": ("{origin: VN}", "{not: [{origin: VN}]}", "maps names to tests"),
    "too deep": ("{origin: VN}", "{not: " * 10 + "{origin: VN}" + "}" * 10, "more than 8 deep"),
    "a circle": ("{origin: VN}", "&a {any: [*a]}", "more than 8 deep"),
    "a name twice": ("{origin: VN}", "{origin: VN, origin: DE}", "line 6: 'origin' stands twice"),
    "a word twice": ("    when", "    when: {origin: DE}\n    when", "line 3: 'when' stands twice"),
    "no action": ("{prohibit: true}", "{}", "then: nothing would be done; use inspect, prohibit"),
    "two actions": ("{prohibit: true}", "{prohibit: true, exempt: true}", "exclude each other"),
    "no prohibition": ("{prohibit: true}", "{prohibit: false}", "then.prohibit False"),
    "no lane": ("{prohibit: true}", "{inspect: release}", "then.inspect 'release'.*documents"),
    "no probability": ("{prohibit: true}", "{at_least: 30}", "then.at_least 30"),
    "a probability of none": ("{prohibit: true}", "{at_least: 0}", "then.at_least 0"),
    "yes as probability": ("{prohibit: true}", "{at_least: yes}", "then.at_least True"),
    "another action": ("{prohibit: true}", "{stop: true}", "then.stop True is no word of it"),
    "items of an exempt line": (
        "{prohibit: true}",
        "{exempt: true, items: [fire]}",
        "exempt line is not inspected, so no items",
    ),
    "items as a text": ("{prohibit: true}", "{items: fire}", "then.items 'fire'"),
    "no day": ("when:", "since: soon\n    when:", "since: 'soon' is no day; write 2026-07-01"),
    "a day that is none": (
        "when:",
        "until: 2026-02-30\n    when:",
        "some day is none .day is out of range for month.; mend since or until",
    ),
    "a year": ("when:", "since: 2026\n    when:", "since: 2026 is no day"),
    "a moment": ("when:", "since: 2026-07-01 08:00:00\n    when:", "since: datetime.* is no day"),
    "swapped days": (
        "when:",
        "since: 2026-07-02\n    until: 2026-07-01\n    when:",
        "until 2026-07-01 is before since 2026-07-02; swap them",
    ),
    "the last day of all": ("when:", "until: 9999-12-31\n    when:", "no day after it"),
    "the same id": (
        ONE,
        ONE + ONE.partition("rules:\n")[2],
        "two rules are called 'one'; give each an id of its own",
    ),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_is_one_clear_error(tmp_path: Path, mistake: str) -> None:
    old, new, says = WRONG[mistake]
    assert old in ONE
    with pytest.raises(Invalid, match=says) as told:
        loaded(tmp_path, ONE.replace(old, new, 1))
    assert str(told.value).startswith(str(tmp_path / "rules.yaml"))


def test_a_file_in_another_encoding_is_no_yaml(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_bytes(ONE.encode("gb18030"))
    with pytest.raises(Invalid, match=r"this is no YAML: unacceptable character"):
        rules.load(tmp_path / "rules.yaml")


def test_a_file_that_is_not_there_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"there are no rules .*copy rules.yaml of the package"):
        rules.load(tmp_path / "rules.yaml")


def test_the_version_follows_the_file(tmp_path: Path) -> None:
    version = rules.load().version
    assert re.fullmatch("[0-9a-f]{12}", version)
    assert loaded(tmp_path, TEXT).version == version
    assert loaded(tmp_path, TEXT + "# a word more\n").version != version


def test_a_file_may_have_no_rules(tmp_path: Path) -> None:
    none = loaded(tmp_path, "name: none\nrules: []\n")
    assert (none.names, none.features.read, none.features.categories) == ((), (), ())
    assert rules.fired(none, {}, as_of=[NOON, NOON]) == [(), ()]


def test_the_shipped_rules_use_fields_and_features() -> None:
    shipped = rules.load()
    assert "enterprise_inspection_fail_count_180d" in shipped.features.names
    assert {"hs4", "origin", "trade_mode", "goods_name"} <= set(shipped.features.categories)
    rules.check_items(shipped, policy.load())


def test_an_item_without_a_test_is_named(tmp_path: Path) -> None:
    asked = made(tmp_path, {"when": {"hs2": "85"}, "then": {"items": ["fire", "fyre"]}})
    with pytest.raises(Invalid, match=r"rule 'r1': items 'fyre' is no hazard .*use fire"):
        rules.check_items(asked, policy.load())


ACTIONS: dict[str, tuple[dict[str, object], tuple[float, float, str | None]]] = {
    "documents": ({"inspect": "documents"}, (1, 1, "documents")),
    "full": ({"inspect": "full"}, (1, 1, "full")),
    "prohibited": ({"prohibit": True}, (1, 1, "full")),
    "raised": ({"at_least": 0.25}, (0.25, 1, None)),
    "exempt": ({"exempt": True}, (0, 0, None)),
    "items": ({"items": ["fire"]}, (0, 1, None)),
    "both": ({"inspect": "sampling", "items": ["fire", "burn"]}, (1, 1, "sampling")),
}


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_bounds_the_probability(tmp_path: Path, action: str) -> None:
    then, (least, most, lane) = ACTIONS[action]
    (rule,) = made(tmp_path, {"when": {"origin": "VN"}, "then": then}).rules
    told = rule.effect
    assert (told.cause, told.id) == ("prohibition" if "prohibit" in then else "rule", "r1")
    assert (told.least, told.most, told.lane) == (least, most, lane)
    assert rule.items == tuple(then.get("items", ()))  # type: ignore[arg-type]


def test_an_effect_says_why_by_which_law_and_that_goods_must_not_enter(tmp_path: Path) -> None:
    told = {"when": {"origin": "VN"}, "basis": "某法第一条"}
    banned, inspected = made(tmp_path, told, {**told, "then": {"inspect": "full"}}).rules
    assert banned.effect.zh == "禁止入境：规则（依据：某法第一条）"
    assert banned.effect.en == "must not enter: a rule"
    assert (inspected.effect.zh, inspected.effect.en) == ("规则（依据：某法第一条）", "a rule")


def fires(asked: Rules, columns: Columns, *texts: str) -> list[str]:
    as_of = [moments.milliseconds(moments.parse(text, "as_of")) for text in texts]
    found = rules.fired(asked, columns, as_of=as_of)
    return [" ".join(rule.id for rule in some) for some in found]


def test_rules_fire_in_the_order_of_the_file_but_prohibitions_first(tmp_path: Path) -> None:
    asked = made(
        tmp_path,
        {"when": {"hs2": "95"}},
        {"when": {"origin": "VN"}, "then": {"exempt": True}},
        {"when": {"hs2": ["85", "95"]}},
    )
    columns: Columns = {"hs2": ["85", "95", "03", "95"], "origin": [None, "VN", "VN", "DE"]}
    found = rules.fired(asked, columns, as_of=[NOON] * 4)
    assert [[rule.id for rule in some] for some in found] == [
        ["r3"],
        ["r1", "r3", "r2"],
        ["r2"],
        ["r1", "r3"],
    ]


def test_a_rule_fires_on_its_days_in_shanghai_alone(tmp_path: Path) -> None:
    day = {"since": "2026-07-01", "until": "2026-07-02"}
    asked = made(tmp_path, *({"when": {"hs2": "85"}, **day, "id": "d"},))
    ends = (
        "2026-06-30T15:59:59.999+00:00",
        "2026-06-30T16:00:00.000+00:00",
        "2026-07-02T15:59:59.999+00:00",
        "2026-07-02T16:00:00.000+00:00",
    )
    assert fires(asked, {"hs2": ["85"] * 4}, *ends) == ["", "d", "d", ""]
    assert fires(asked.undated(), {"hs2": ["85"] * 4}, *ends) == ["d"] * 4


def test_a_day_may_be_a_text_and_one_end_is_enough(tmp_path: Path) -> None:
    asked = loaded(tmp_path, ONE.replace("when", "since: '2026-07-01'\n    when"))
    noons = ("2026-06-30T12:00+08:00", "2099-07-01T12:00+08:00")
    assert fires(asked, {"origin": ["VN", "VN"]}, *noons) == ["", "one"]


TEXTS = st.sampled_from(["VN", "NO", "1", "a", None])
MIXED = st.sampled_from(["a", "1", 1, 1.0, 2.5, True, False, None, float("nan")])
REAL = st.sampled_from([0, 1, 2.5, -1.0, None, float("nan")])
TESTS = st.one_of(
    st.fixed_dictionaries({"brand": st.sampled_from(["VN", "1", ["a", "NO"]])}),
    st.fixed_dictionaries({"brand": st.fixed_dictionaries({"begins": st.just("V")})}),
    st.fixed_dictionaries({"brand": st.fixed_dictionaries({"contains": st.just(["O", "a"])})}),
    st.fixed_dictionaries({"x_any": st.sampled_from(["1", 1, True, [1, 2.5], ["a", "1"]])}),
    st.fixed_dictionaries({"x_any": st.sampled_from([{"above": 0.5}, {"missing": True}])}),
    st.fixed_dictionaries({"quantity": st.sampled_from([1, {"at_most": 1}, {"at_least": 0}])}),
    st.fixed_dictionaries({"quantity": st.sampled_from([{"below": 1}, {"missing": False}])}),
)
CONDITIONS = st.recursive(
    TESTS,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=3)}),
        st.fixed_dictionaries({"not": inner}),
    ),
    max_leaves=5,
)
LINES = st.lists(st.tuples(TEXTS, MIXED, REAL), min_size=1, max_size=8)


def plainly(plain: Mapping[str, object], line: Mapping[str, object]) -> bool:
    """Return whether a condition holds of one line, as its page says it."""
    for name, told in plain.items():
        if name == "not":
            held = not plainly(told, line)  # type: ignore[arg-type]
        elif name in ("any", "all"):
            each = [plainly(one, line) for one in told]  # type: ignore[attr-defined]
            held = any(each) if name == "any" else all(each)
        else:
            held = passes(told, line[name])
        if not held:
            return False
    return True


def passes(told: object, value: object) -> bool:
    missing = value is None or value != value
    if not isinstance(told, dict):
        listed = told if isinstance(told, list) else [told]
        return any(kind(one) == kind(value) and one == value for one in listed)
    ((how, asked),) = told.items()
    if how == "missing":
        return missing is asked
    if how in ("begins", "contains"):
        listed = asked if isinstance(asked, list) else [asked]
        return isinstance(value, str) and any(
            value.startswith(one) if how == "begins" else one in value for one in listed
        )
    if missing or kind(value) != "number":
        return False
    sign = {"above": "__gt__", "below": "__lt__", "at_least": "__ge__", "at_most": "__le__"}[how]
    return bool(getattr(float(value), sign)(float(asked)))  # type: ignore[arg-type]


def kind(value: object) -> str:
    if isinstance(value, bool):
        return "flag"
    return "number" if isinstance(value, int | float) else type(value).__name__


@given(CONDITIONS, LINES)
def test_many_lines_at_once_are_as_one_by_one_and_as_the_page_says(
    plain: Mapping[str, object], lines: list[tuple[object, ...]]
) -> None:
    names = ("brand", "x_any", "quantity")
    columns = {name: [line[i] for line in lines] for i, name in enumerate(names)}
    condition = conditions.parse(plain)
    alone = [
        conditions.holds(condition, {n: [v] for n, v in zip(names, line, strict=True)}).tolist()
        for line in lines
    ]
    together = conditions.holds(condition, columns).tolist()
    told = [plainly(plain, dict(zip(names, line, strict=True))) for line in lines]
    assert together == [held for (held,) in alone] == told


def everything(path: Path) -> Rules:
    """Rules that ask a field of each sort, a number, a column of the user's own, and features."""
    return made(
        path,
        {"when": {"hs_code": {"begins": ["8516", "9503"]}, "enterprise_id": ["E01", "E02", "E03"]}},
        {"when": {"value_cny": {"at_least": 500000}, "quantity": {"below": 400}}},
        {"when": {"goods_noun": {"missing": True}, "origin": ["VN", "TH"]}},
        {"when": {"x_lane": "a"}},
        {"when": {"enterprise_inspection_fail_count_180d": {"at_least": 1}}},
        {"when": {"hs4_inspection_fail_shrunk_rate_730d": {"above": 0.2}}},
        {"when": {"enterprise_credit_grade_last": 1}},
        {"when": {"declaration_weekday": [5, 6]}},
        {"when": {"enterprise_hs4_declaration_first": 1, "not": {"lot": {"missing": False}}}},
    )


def test_the_lines_of_a_year_are_as_each_one_when_it_came(tmp_path: Path) -> None:
    asked, tables = everything(tmp_path), SMALL.tables()
    features = asked.features
    declared_at = tables["declarations"]["declared_at"]
    questions = build.asked(tables["declarations"], features)
    kinds = memory.kinds(tables, features, text_version=VERSION)
    rows = build.build(questions, features, kinds=kinds)
    columns = rules.columns(asked, questions, rows=rows)
    together = rules.fired(asked, columns, as_of=questions.as_of.tolist())
    index = memory.recall(tables, features, text_version=VERSION)
    for place, line in enumerate(SMALL.of("declarations")):
        assert isinstance(line, Declaration)
        one = build.asking([line], features, as_of=declared_at[place].to_pydatetime())
        told = rules.columns(asked, one, rows=build.answer(one, features, facts=index))
        (alone,) = rules.fired(asked, told, as_of=one.as_of.tolist())
        assert [r.id for r in alone] == [r.id for r in together[place]]
    each = {rule.id for some in together for rule in some}
    assert each == {f"r{n}" for n in range(1, 10)} - {"r4"}  # nothing tells x_lane


def test_money_is_in_yuan_to_the_fen(tmp_path: Path) -> None:
    asked = made(tmp_path, {"when": {"value_cny": {"at_least": 100.1}}})
    day = datetime(2026, 7, 1, tzinfo=UTC)
    lines = [
        Declaration.model_validate(
            {"declaration_id": "D", "declared_at": day, "enterprise_id": "E1", "value_cny": yuan}
        )
        for yuan in ("100.09", "100.10", "100.11", None)
    ]
    questions = build.asking(lines, asked.features, as_of=day)
    rows = build.build(questions, asked.features, kinds={})
    columns = rules.columns(asked, questions, rows=rows)
    assert columns == {"value_cny": [100.09, 100.1, 100.11, None]}
    assert fires(asked, columns, *["2026-07-01T12:00+08:00"] * 4) == ["", "r1", "r1", ""]


def test_a_question_that_lacks_a_column_is_no_silent_miss(tmp_path: Path) -> None:
    asked = made(tmp_path, {"when": {"brand": "Nova"}})
    empty = FeatureSet((), (), ())
    questions = build.asked(World().tables()["declarations"], empty)
    rows = build.build(questions, empty, kinds={})
    with pytest.raises(KeyError, match="brand"):
        rules.columns(asked, questions, rows=rows)


def test_features_are_found_by_name_among_all_that_there_may_be() -> None:
    names = ["declaration_weekday", "enterprise_declaration_first", "hs4_report_count_90d"]
    found = catalog.named([*names, *names])
    assert set(found.names) == set(names)
    assert found.numeric == ("declaration_weekday",)
    assert found.aggregates == (Aggregate("report", ("hs4",), "count", None, 90),)
    assert len(found.contrasts) == 1
    assert catalog.named([]) == FeatureSet((), (), ())


def test_whatever_tables_can_feed_is_found_by_name() -> None:
    standard = catalog.standard(SMALL.tables())
    names = [name for name in standard.names if "质量" not in name]  # a category of its own
    found = catalog.named(names)
    assert list(found.names) == names
    assert set(found.contrasts) == set(standard.contrasts)
    assert set(declared.NUMERIC) <= set(catalog.named(declared.NUMERIC).names)


def test_an_unknown_feature_names_the_nearest() -> None:
    with pytest.raises(Invalid, match=r"no feature 'hs4_report_count_91d'; .*hs4_report_count_90d"):
        catalog.named(["hs4_report_count_91d"])


def page() -> str:
    return (ROOT / "docs/rules.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("example", re.findall(r"```yaml\n(.*?)```", page(), re.DOTALL))
def test_every_example_of_the_page_is_a_rule(tmp_path: Path, example: str) -> None:
    file = example if example.startswith("name") else f"name: a page\nrules:\n{example}"
    found = loaded(tmp_path, file)
    assert found.rules
    rules.check_items(found, policy.load())


def cells(heading: str) -> list[str]:
    """Return the code in the first cells of the table below a heading of the page."""
    section = page().partition(heading)[2].partition("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)


def test_every_test_and_action_of_the_page_is_one(tmp_path: Path) -> None:
    asked = cells("## 条件 Conditions")
    text = "\n".join(asked)
    assert [how for how in conditions.TESTS if f"{how}:" not in text] == []
    whens = [conditions.parse(yaml.safe_load(f"{{{one}}}")) for one in asked]
    assert len(whens) == len(asked) >= 11
    thens = [yaml.safe_load(f"{{{one}}}") for one in cells("## 处理 Actions")]
    made(tmp_path, *({"when": {"origin": "VN"}, "then": then} for then in thens))
    assert [then for then in ALL_ACTIONS if not any(then in told for told in thens)] == []


ALL_ACTIONS = tuple(rules.Action.model_fields)


def test_every_field_stands_on_the_page() -> None:
    told = set(re.findall(r"`(\w+)`", page()))
    synonyms = {"enterprise", "manufacturer", "lot"}
    assert {*conditions.TEXTS, *conditions.NUMBERS} - synonyms <= told


def test_whoever_words_a_rule_finds_a_label_for_each_name() -> None:
    for name in (*conditions.TEXTS, *conditions.NUMBERS, *rules.load().names):
        zh, en = (conditions.label(name, language) for language in (0, 1))
        assert re.search("[一-鿿]", zh), name
        assert not re.search("[一-鿿]", en), name
    assert conditions.label("x_lane", 0) == "x_lane"
