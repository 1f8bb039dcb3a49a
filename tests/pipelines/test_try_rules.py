"""Rules tried on a small past, every number checked by hand; wrong input is one line."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import typer
from rich.cells import cell_len
from typer.testing import CliRunner

from features.errors import YujingError
from features.moments import CIVIL
from models.inspection import policy as policies
from models.inspection.rules import rules
from models.inspection.rules.conditions import parse
from pipelines import cli_rules
from pipelines.cli_rules import words
from pipelines.load import load
from pipelines.try_rules import Report, days, try_rules

app = typer.Typer()
app.add_typer(cli_rules.app, name="rules")
POLICY = policies.load()
LINES = """\
declaration_id,declared_at,enterprise_id,hs_code,origin,trade_mode
D1,2024-03-04T09:00+08:00,E1,9503008900,VN,一般贸易
D2,2024-03-05T09:00+08:00,E2,9503008900,VN,一般贸易
D3,2024-03-08T09:00+08:00,E1,8516101000,VN,一般贸易
D4,2024-03-10T09:00+08:00,E1,9503008900,VN,展览品
D5,2024-03-12T09:00+08:00,E3,3915100000,,展览品
D6,2024-03-17T23:00+08:00,E2,6109100021,DE,一般贸易
"""
VISITS = """\
declaration_id,inspected_at,outcome
D1,2024-03-06T09:00+08:00,fail
D2,2024-03-06T09:00+08:00,pass
D3,2024-03-10T09:00+08:00,pass
D6,2024-03-18T09:00+08:00,fail
"""
RULES = """\
name: a test
rules:
  - {id: ban, zh: 禁, en: banned, when: {hs4: "3915"}, then: {prohibit: true}}
  - {id: spared, zh: 免, en: spared, when: {trade_mode: 展览品}, then: {exempt: true}}
  - id: toys
    zh: 玩具
    en: toys
    when: {hs4: "9503"}
    then: {inspect: sampling, items: [choking]}
  - id: again
    zh: 再犯
    en: failed before
    when: {enterprise_inspection_fail_count_180d: {at_least: 1}}
    then: {at_least: 0.5}
  - {id: firm, zh: 某企业, en: a firm, when: {enterprise: E1}, then: {inspect: documents}}
  - id: later
    zh: 以后
    en: later
    since: 2030-01-01
    when: {origin: VN}
    then: {inspect: full}
  - {id: brand, zh: 品牌, en: a brand, when: {brand: Nova}, then: {inspect: full}}
"""


def laid(folder: Path, *, visits: str = VISITS) -> Path:
    """Write tables and rules into a folder, and some that are wrong."""
    (folder / "tables").mkdir()
    (folder / "empty").mkdir()
    (folder / "tables/declarations.csv").write_text(LINES, encoding="utf-8")
    (folder / "tables/inspections.csv").write_text(visits, encoding="utf-8")
    for name, text in {
        "rules": RULES,
        "fyre": RULES.replace("choking", "fyre"),
        "norway": RULES.replace("VN", "NO"),
        "none": "name: none\nrules: []\n",
        "broken": "name: [",
    }.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tables and rules of this page; no test changes it."""
    return laid(tmp_path_factory.mktemp("past"))


@dataclass(frozen=True)
class Found:
    """The numbers of a trial, each rule's by its id, and what is shown to people."""

    whole: dict[str, Any]
    shown: str

    def each(self, number: str) -> dict[str, Any]:
        """One number of every rule."""
        return {one["id"]: one[number] for one in self.whole["rules"]}

    def of(self, rule: str) -> dict[str, Any]:
        """Every number of one rule."""
        (found,) = (one for one in self.whole["rules"] if one["id"] == rule)
        return dict(found)


def tried(past: Path, *words: str, file: str = "rules.yaml") -> Found:
    options = ["--rules", str(past / file), "--json", *words]
    said = CliRunner().invoke(app, ["rules", "test", str(past / "tables"), *options])
    assert said.exit_code == 0, said.exception
    return Found(json.loads(said.stdout.splitlines()[-1]), said.stdout)


@pytest.fixture(scope="module")
def found(past: Path) -> Found:
    """The trial of all rules on the whole past."""
    return tried(past)


def test_every_number_is_as_counted_by_hand(found: Found) -> None:
    hours = POLICY.effort
    fires = {"ban": 1, "spared": 2, "toys": 3, "again": 2, "firm": 3, "later": 0, "brand": 0}
    assert found.each("lines") == fires
    assert found.each("decided_before") == {
        "ban": 0,
        "spared": 1,  # D5 is banned
        "toys": 1,  # D4 is exempt
        "again": 1,  # D4 again; D3 came after the failure of D1 was known
        "firm": 2,  # D4, and D1, which is sampled as a toy
        "later": 0,
        "brand": 0,
    }
    assert found.each("hours") == {
        "ban": hours["full"],
        "spared": 0,
        "toys": 3 * hours["sampling"],
        "again": 2 * 0.5 * POLICY.hours("low"),
        "firm": 3 * hours["documents"],
        "later": 0,
        "brand": 0,
    }
    counted = ("inspected", "failed", "others_inspected", "others_failed")
    told = {rule: [found.of(rule)[name] for name in counted] for rule in fires}
    assert told["toys"] == told["firm"] == [2, 1, 2, 1]
    assert told["again"] == [1, 0, 3, 2]
    assert told["ban"] == told["later"] == [0, 0, 4, 2]
    assert (found.whole["lines"], found.whole["hit"], found.whole["weeks"]) == (6, 5, 2.0)
    # D1 and D2 are sampled, D3 is for the documents, D4 is exempt, D5 is banned.
    whole = 2 * hours["sampling"] + hours["documents"] + hours["full"]
    assert found.whole["hours"] == pytest.approx(whole)


def test_shares_weeks_and_rates_follow_from_the_counts(found: Found) -> None:
    toys = found.of("toys")
    assert (toys["per_week"], toys["share"], toys["fail_rate"]) == (1.5, 0.5, 0.5)
    assert 0 < toys["fail_rate_low"] < 0.5 < toys["fail_rate_high"] < 1
    assert found.of("again")["others_fail_rate"] == pytest.approx(2 / 3)
    for name in ("fail_rate", "fail_rate_low", "fail_rate_high"):
        assert found.of("ban")[name] is None


def test_what_never_fires_is_said_with_the_reason(found: Found) -> None:
    assert (found.of("later")["in_force"], found.of("brand")["blank"]) == (False, ["brand"])
    assert "never fires: later，此期间未生效 not in force in this period" in found.shown
    assert "never fires: brand，数据中没有 no line tells brand" in found.shown
    assert "never fires: toys" not in found.shown
    for word in (
        "规则",
        "命中",
        "工时",
        "前已决定",
        "不合格率",
        "others",
        "合计 total: 5 项 lines",
    ):
        assert word in found.shown
    assert max(map(cell_len, found.shown.splitlines()[:-1])) <= 120


def test_a_rule_may_be_tried_before_its_time(past: Path) -> None:
    later = tried(past, "--undated").of("later")
    assert (later["lines"], later["in_force"]) == (4, True)
    assert later["decided_before"] == 1  # D4; the others get a more intensive lane


def test_days_narrow_the_lines_but_not_what_was_known(past: Path) -> None:
    some = tried(past, "--from", "2024-03-08", "--until", "2024-03-10")
    assert (some.whole["lines"], some.whole["weeks"]) == (2, pytest.approx(3 / 7))
    assert some.of("again")["lines"] == 2  # the failure before the first day still counts


def test_weeks_without_lines_are_not_counted(past: Path) -> None:
    some = tried(past, "--from", "2023-01-01", "--until", "2025-12-31").whole
    assert (some["lines"], some["weeks"]) == (6, 2.0)


def test_a_day_belongs_to_its_zone(past: Path) -> None:
    there = ("--time-zone", "America/New_York")  # 9:00 of the fourth in Shanghai is the third there
    assert tried(past, "--until", "2024-03-03", *there).whole["lines"] == 1


def test_no_rules_take_nothing(past: Path) -> None:
    none = tried(past, file="none.yaml")
    assert (none.whole["hit"], none.whole["hours"], none.whole["rules"]) == (0, 0.0, [])
    assert "never" not in none.shown


@pytest.fixture
def frames(past: Path) -> dict[str, pd.DataFrame]:
    """The tables of the past as frames."""
    return load(past / "tables", now=datetime(2025, 1, 1, tzinfo=UTC)).tables


def test_the_order_decides_what_is_left_to_a_rule(
    frames: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    actions = {
        "exempt": "{exempt: true}",
        "inspect": "{inspect: full}",
        "items": "{items: [fire]}",
        "raise": "{at_least: 0.2}",
    }

    def decided(*order: str) -> list[int]:
        then = [
            f'{{id: r{n}, zh: 规, en: r, when: {{hs4: "9503"}}, then: {actions[one]}}}'
            for n, one in enumerate(order)
        ]
        file = tmp_path / "order.yaml"
        file.write_text("name: a\nrules:\n  - " + "\n  - ".join(then), encoding="utf-8")
        return [one.decided for one in report(frames, rules.load(file)).tried]

    assert decided("inspect") == decided("exempt") == decided("items") == [0]
    assert decided("exempt", "inspect", "items") == [0, 3, 3]
    assert decided("inspect", "exempt", "items") == [0, 3, 0]
    assert decided("items", "raise", "inspect") == [0, 0, 0]
    assert decided("raise", "exempt", "raise") == [0, 0, 3]  # the exemption leaves 0.2, no more


def report(tables: dict[str, pd.DataFrame], chosen: rules.Rules) -> Report:
    period = days(tables, start=None, until=None, zone=CIVIL)
    return try_rules(tables, chosen, policy=POLICY, period=period)


def test_a_failure_that_became_known_late_is_not_known_before(tmp_path: Path) -> None:
    late = VISITS.replace("T09:00+08:00,fail\n", "T09:00+08:00,fail,2024-03-09T09:00+08:00\n", 1)
    late = late.replace("outcome\n", "outcome,known_at\n")
    late = late.replace("pass\n", "pass,\n").replace("fail\n", "fail,\n")
    # D3 of the eighth is not hit by what was learned on the ninth, D4 of the tenth is.
    assert tried(laid(tmp_path, visits=late)).of("again")["lines"] == 1


def test_check_prints_each_rule_in_words(past: Path) -> None:
    said = CliRunner().invoke(app, ["rules", "check", str(past / "rules.yaml")])
    assert said.exit_code == 0, said.exception
    plain = said.stdout
    for word in (
        "ban",
        "禁止入境 prohibit",
        "HS heading is 3915",
        "商品品目为3915",
        "2030-01-01 –",
    ):
        assert word in plain
    assert rules.load(past / "rules.yaml").version in plain
    shipped = CliRunner().invoke(app, ["rules", "check"])
    assert shipped.exit_code == 0, shipped.exception
    assert "waste-plastics" in shipped.stdout


@pytest.mark.parametrize(
    ("plain", "zh", "en"),
    [
        ({"origin": ["VN", "TH"]}, "原产地为VN、TH", "origin is VN or TH"),
        ({"hs_code": {"begins": "85"}}, "HS编码开头为85", "HS code begins with 85"),
        ({"value_cny": {"at_least": 2e6}}, "货值（元） ≥ 2,000,000", "value in yuan ≥ 2,000,000"),
        ({"quantity": {"below": 2.5}}, "数量 < 2.5", "quantity < 2.5"),
        ({"brand": {"missing": True}}, "品牌缺失", "brand is missing"),
        ({"brand": {"missing": False}}, "品牌有记录", "brand is told"),
        ({"x_twin": True}, "x_twin为True", "x_twin is True"),
        (
            {"origin": "VN", "any": [{"unit": "台"}, {"not": {"port": "上海"}}]},
            "原产地为VN，且（计量单位为台，或非口岸为上海）",
            "origin is VN and (unit is 台 or not port is 上海)",
        ),
    ],
)
def test_conditions_are_said_in_both_languages(plain: object, zh: str, en: str) -> None:
    condition = parse(plain)
    assert (words(condition, 0), words(condition, 1)) == (zh, en)


WRONG: dict[str, tuple[str, tuple[str, ...]]] = {
    "no rules to check": ("there are no rules nowhere.yaml", ("check", "nowhere.yaml")),
    "a folder to check": ("Is a directory", ("check", "empty")),
    "no YAML": ("is no YAML", ("check", "broken.yaml")),
    "tables as rules": ("is a mapping of names to values", ("check", "tables/inspections.csv")),
    "an unknown item": ("rule 'toys': items 'fyre' is no hazard", ("check", "fyre.yaml")),
    "Norway": ("rule 'later': when: origin: False is no text", ("check", "norway.yaml")),
    "no directory": ("is no directory", ("test", "nowhere")),
    "an empty directory": ("has no exchange table", ("test", "empty")),
    "no rules to test": ("there are no rules", ("test", "tables", "--rules", "nowhere.yaml")),
    "an item to test": ("'fyre' is no hazard", ("test", "tables", "--rules", "fyre.yaml")),
    "a bad first day": ("from 'soon' is not a moment", ("test", "tables", "--from", "soon")),
    "a bad last day": ("until '2024-13' is not", ("test", "tables", "--until", "2024-13")),
    "swapped days": (
        "is empty; swap its ends",
        ("test", "tables", "--from", "2024-03-10", "--until", "2024-03-01"),
    ),
    "days without lines": (
        "no line was declared from 2030-01-01 until 2024-03-17; there are some from 2024-03-04",
        ("test", "tables", "--from", "2030-01-01"),
    ),
    "an unknown zone": ("'Mars/Base' is unknown", ("test", "tables", "--time-zone", "Mars/Base")),
}


@pytest.mark.parametrize("door", WRONG)
def test_wrong_input_is_one_line(past: Path, monkeypatch: pytest.MonkeyPatch, door: str) -> None:
    monkeypatch.chdir(past)
    told, words = WRONG[door]
    said = CliRunner().invoke(app, ["rules", *words])
    assert isinstance(said.exception, YujingError | OSError), said.exception
    assert told in " ".join(str(said.exception).split())
    assert said.stdout == ""


@pytest.mark.parametrize(
    "words", [("nope",), ("test",), ("check", "a", "b"), ("test", "tables", "--what")], ids=" ".join
)
def test_wrong_usage_exits_with_two(words: tuple[str, ...]) -> None:
    assert CliRunner().invoke(app, ["rules", *words]).exit_code == 2
