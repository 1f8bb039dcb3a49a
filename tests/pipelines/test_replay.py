"""A replay is fair: the same lines, hours and luck; and nobody sees what it did not select."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from features import build, memory
from features.errors import Invalid
from models.evaluation import page
from models.inspection import policy as policies
from models.risk import matrix as matrices
from models.risk.training import Training
from pipelines import cli_policy
from pipelines.load import load
from pipelines.replay import charts, found, learner, offline, play
from pipelines.replay.learner import Agency, Learner
from pipelines.replay.play import LEARNING, Asked, Played, Replay
from pipelines.replay.shown import Shown, shown
from pipelines.replay.stage import Stage, stage
from pipelines.sample import sample
from tests.pipelines.conftest import UNTIL, Place

WEEKS, HOURS = 8, 4.0
WEIGHING = ("inverse_propensity", "self_normalised", "doubly_robust")
ASKED = Asked(HOURS, retrain=3, seed=1, seeds=2)
Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def agency() -> Agency:
    return Agency(policies.load(), matrices.load())


@pytest.fixture(scope="module")
def told(world: Place, tables: Tables) -> Shown:
    return shown(world.directory, tables, weeks=WEEKS, seed=1)


@pytest.fixture(scope="module")
def on(tables: Tables, told: Shown, agency: Agency) -> Stage:
    return stage(tables, told, policy=agency.policy)


@pytest.fixture(scope="module")
def begun(on: Stage, quick: None) -> Training:
    assert quick is None
    return learner.begin(on, seed=1)


@pytest.fixture(scope="module")
def done(on: Stage, agency: Agency, begun: Training) -> Replay:
    return play.replay(on, agency, begun=begun, asked=ASKED)


def turned(told: Shown, lines: "pd.Series[str]") -> Shown:
    """The same weeks, but what fails among some lines would pass, and the other way round."""
    ids = set(lines)
    severity = told.severity.where(~told.severity.index.isin(ids), 3 - told.severity.clip(upper=3))
    seen = told.inspections
    other = seen["outcome"].map({"pass": "fail", "fail": "pass"})
    outcome = seen["outcome"].where(~seen["declaration_id"].isin(ids), other)
    harmed = severity.loc[seen["declaration_id"]].to_numpy(float)
    inspections = seen.assign(outcome=outcome, severity=np.where(harmed > 0, harmed, np.nan))
    return replace(told, inspections=inspections, severity=severity)


def once(on: Stage, agency: Agency, *, begun: Training, name: str) -> Played:
    """The first repetition of one policy."""
    asked = replace(ASKED, seeds=1, policies=(name,))
    return play.replay(on, agency, begun=begun, asked=asked)[name][0]


@pytest.mark.parametrize("name", list(LEARNING))
def test_no_policy_sees_a_label_that_it_did_not_select(
    name: str, tables: Tables, on: Stage, agency: Agency, begun: Training, done: Replay
) -> None:
    run = done[name][0]
    missed = on.declarations["declaration_id"][~run.inspected]
    other = stage(tables, turned(on.shown, missed), policy=agency.policy)
    assert (other.harm != on.harm).mean() > 0.5
    again = once(other, agency, begun=begun, name=name)
    assert (again.chance == run.chance).all()


def test_a_policy_does_see_what_it_selected(
    tables: Tables, on: Stage, agency: Agency, begun: Training, done: Replay
) -> None:
    run = done["threshold"][0]
    seen = on.declarations["declaration_id"][run.inspected]
    other = stage(tables, turned(on.shown, seen), policy=agency.policy)
    again = once(other, agency, begun=begun, name="threshold")
    first, later = on.weeks[0], np.concatenate(on.weeks[2:])
    assert (again.chance[first] == run.chance[first]).all()
    assert (again.chance[later] != run.chance[later]).any()


def test_what_is_not_known_yet_changes_no_feature(
    on: Stage, agency: Agency, begun: Training
) -> None:
    late = on.shown.inspections.assign(known_at=pd.Timestamp(on.shown.period.end))
    waiting = replace(on, shown=replace(on.shown, inspections=late))
    told, nothing = (Learner.begin(each, agency, begun=begun) for each in (waiting, on))
    rows = on.weeks[0]
    told.learn(rows, np.ones(len(rows)))
    for who in (told, nothing):
        who.weigh(len(on.weeks) - 1)
    assert np.array_equal(told.numbers, nothing.numbers, equal_nan=True)
    nothing.learn(rows, np.ones(len(rows)))
    nothing.weigh(len(on.weeks) - 1)
    assert not np.array_equal(told.numbers, nothing.numbers, equal_nan=True)


def test_rows_are_those_of_tables_that_hold_what_was_selected(
    tables: Tables, on: Stage, agency: Agency, begun: Training
) -> None:
    who = Learner.begin(on, agency, begun=begun)
    chosen = np.concatenate([rows[::3] for rows in on.weeks[:-1]])
    for rows in on.weeks[:-1]:
        who.learn(rows[::3], np.ones(len(rows[::3])))
    who.weigh(len(on.weeks) - 1)
    seen = on.declarations["declaration_id"].iloc[chosen]
    inspections = on.shown.inspections
    kept = inspections[inspections["declaration_id"].isin(seen)]
    whole = pd.concat([on.before["inspections"], kept], ignore_index=True)
    lines = on.declarations.iloc[on.weeks[-1]].reset_index(drop=True)
    kinds = memory.kinds({**tables, "inspections": whole}, on.features, text_version=None)
    expected = build.build(build.asked(lines, on.features), on.features, kinds=kinds)
    assert np.array_equal(who.numbers[on.weeks[-1]], expected.numbers, equal_nan=True)


def test_every_policy_has_the_same_hours(on: Stage, done: Replay) -> None:
    for runs in done.values():
        for rows in on.weeks:
            assert runs[0].chance[rows].sum() == pytest.approx(min(HOURS, len(rows)))


def test_an_oracle_is_an_upper_bound_and_others_regret(on: Stage, done: Replay) -> None:
    best = done["oracle"][0].chance * on.harm
    for name, runs in done.items():
        for rows in on.weeks:
            assert (runs[0].chance * on.harm)[rows].sum() <= best[rows].sum() + 1e-9, name
    last = found.weekly(on, done).query("week == @WEEKS - 1").groupby("policy")["regret_so_far"]
    assert (last.mean().drop("oracle") > 0).all()


def test_policies_share_their_luck_and_repetitions_do_not(done: Replay) -> None:
    first, second = done["random"]
    assert (first.chance == second.chance).all()
    assert (first.inspected != second.inspected).any()
    agency = done["agency"][0]
    both = first.inspected & (agency.chance >= first.chance)
    assert agency.inspected[both].all()


def test_floors_give_every_line_a_chance_and_prices_do_not(done: Replay) -> None:
    assert done["floors"][0].chance.min() > 0
    assert done["price"][0].chance.min() == done["threshold"][0].chance.min() == 0


def test_the_same_seed_gives_the_same_replay(
    on: Stage, agency: Agency, begun: Training, done: Replay
) -> None:
    again = once(on, agency, begun=begun, name="floors")
    assert (again.chance == done["floors"][0].chance).all()


def test_weeks_add_up_to_the_summary(on: Stage, done: Replay) -> None:
    weeks = found.weekly(on, done)
    told = found.summary(on, done, weeks=weeks).set_index("policy")
    sums = weeks.groupby(["policy", "repetition"])[["lines", "failures", "harm", "regret"]].sum()
    means = sums.groupby("policy").mean()
    for name in done:
        assert told["lines"][name] == pytest.approx(means["lines"][name])
        assert told["harm"][name] == pytest.approx(means["harm"][name] / on.harm.sum())
        assert told["failures"][name] == pytest.approx(means["failures"][name] / on.fails.sum())
        assert told["regret"][name] == pytest.approx(means["regret"][name])
        assert told["harm_low"][name] <= told["harm"][name] <= told["harm_high"][name]
    run = done["floors"][0].inspected
    last = weeks.query("policy == 'floors' and repetition == 0 and week == @WEEKS - 1").iloc[0]
    firms = on.declarations["enterprise_id"]
    assert last["enterprises"] == pytest.approx(firms[run].nunique() / firms.nunique())
    assert last["harm_so_far"] == pytest.approx(on.harm[run].sum())


def test_enterprises_are_met_once(on: Stage, done: Replay) -> None:
    weeks = found.weekly(on, done)
    met = weeks.groupby(["policy", "repetition"])["enterprises"]
    assert (met.diff().dropna() >= -1e-12).all()
    assert weeks["enterprises"].between(0, 1).all()


def test_policies_stand_beside_the_price(on: Stage, done: Replay) -> None:
    told = found.beside(on, done)
    assert set(told["period"]) == {"all"}
    assert set(told["policy"]) == {"random", "agency", "threshold", "floors"}
    floors = told.query("policy == 'floors' and what == 'harm'").iloc[0]
    means = {name: np.mean([r.inspected for r in done[name]], axis=0) for name in done}
    gap = (means["floors"] - means["price"]) @ on.harm / on.harm.sum()
    assert floors["difference"] == pytest.approx(gap)
    assert floors["low"] <= floors["difference"] <= floors["high"]


def test_the_time_before_and_after_a_drift_is_told_apart(on: Stage, done: Replay) -> None:
    middle = on.shown.period.start + timedelta(weeks=WEEKS // 2)
    drifting = replace(on, shown=replace(on.shown, drifted_at=middle))
    told = found.beside(drifting, done)
    assert [*told["period"].unique()] == ["all", "before", "after"]


def test_charts_are_drawn_in_both_languages(on: Stage, done: Replay) -> None:
    weeks = found.weekly(on, done)
    courses = [charts.Course("一 one", weeks), charts.Course("二 two", weeks, on.starts[3])]
    drawn = charts.weekly(courses)
    assert set(drawn) == {"harm", "hit_rate", "enterprises", "regret"}
    for name, chart in drawn.items():
        picture = page.svg(chart)
        assert "随机 random" in picture
        assert ("全知 oracle" in picture) == (name != "regret")
        assert "漂移 drift" in picture


@pytest.fixture(scope="module")
def asking(world: Place, tables: Tables, agency: Agency, quick: None) -> offline.Offline:
    """Half a year of logged inspections, and the policies that were never run."""
    assert quick is None
    told = shown(world.directory, tables, weeks=30, seed=1)
    longer = stage(tables, told, policy=agency.policy)
    first = learner.begin(longer, seed=1)
    made = offline.offline(longer, agency, begun=first, hours=10.0)
    assert made is not None
    return made


def test_estimates_of_policies_that_were_never_run_hold_the_truth(
    asking: offline.Offline,
) -> None:
    held = offline.coverage(asking, draws=200, seed=1)
    worst = held.groupby(["quantity", "estimator"])["coverage"].min()
    for estimator in WEIGHING:
        assert worst["hit_rate", estimator] >= 0.92
        # Great harm is rare in so few lines: where none was drawn, no interval can know of it.
        assert worst["harm_per_hour", estimator] >= 0.7


@pytest.mark.slow
def test_with_many_lines_they_hold_the_truth_of_harm_too_and_the_naive_miss_it(
    tmp_path: Path, agency: Agency, quick: None
) -> None:
    assert quick is None
    sample(tmp_path, seed=0, declarations=20_000, until=UNTIL)
    tables = load(tmp_path, now=UNTIL).tables
    longer = stage(tables, shown(tmp_path, tables, weeks=26, seed=0), policy=agency.policy)
    first = learner.begin(longer, seed=0)
    hours = play.hours(longer.weeks, None)
    made = offline.offline(longer, agency, begun=first, hours=hours)
    assert made is not None
    held = offline.coverage(made, draws=200, seed=1)
    assert held[held["estimator"].isin(WEIGHING)]["coverage"].min() >= 0.9
    random = held.query("estimator == 'naive' and policy == 'random' and quantity == 'hit_rate'")
    assert random["error"].iloc[0] > 0.02
    assert random["coverage"].iloc[0] < 0.5


def test_estimates_stand_beside_the_truth_and_are_drawn(asking: offline.Offline) -> None:
    told = offline.estimates(asking)
    assert set(told["policy"]) == {"random", "agency", "threshold", "price", "floors"}
    assert told["truth"].notna().all()
    assert (told["outside"] == 0).all()
    picture = page.svg(charts.estimates(told))
    assert "双重稳健 doubly robust" in picture
    assert "命中率 hit rate" in picture


@pytest.fixture(scope="module")
def recorded(tables: Tables) -> Shown:
    """The same tables without the truth beside them."""
    return shown(Path("nowhere"), tables, weeks=12, seed=1)


def test_without_the_truth_only_inspected_lines_are_replayed(
    recorded: Shown, tables: Tables, agency: Agency, begun: Training
) -> None:
    assert not recorded.is_true
    on = stage(tables, recorded, policy=agency.policy)
    assert 0 < len(on) < len(on.declared)
    assert set(on.declarations["declaration_id"]) <= set(tables["inspections"]["declaration_id"])
    asked = Asked(2.0, retrain=100, seed=1, seeds=1)
    done = play.replay(on, agency, begun=begun, asked=asked)
    assert set(done) == set(play.POLICIES)
    made = offline.offline(on, agency, begun=begun, hours=2.0)
    assert made is not None
    told = offline.estimates(made)
    assert "agency" not in set(told["policy"])
    assert told["truth"].isna().all()
    assert told["value"].notna().all()


def test_where_chances_are_not_told_the_agency_is_left_out_and_nothing_is_estimated(
    recorded: Shown, tables: Tables, agency: Agency, begun: Training
) -> None:
    silent = replace(recorded, propensity=recorded.propensity * np.nan)
    on = stage(tables, silent, policy=agency.policy)
    asked = Asked(2.0, retrain=100, seed=1, seeds=1)
    assert "agency" not in play.replay(on, agency, begun=begun, asked=asked)
    assert offline.offline(on, agency, begun=begun, hours=2.0) is None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"hours": 0.0}, "hours is 0.0"),
        ({"hours": np.nan}, "hours is nan"),
        ({"retrain": 0}, "retrain is 0"),
        ({"seeds": 0}, "seeds is 0"),
    ],
)
def test_what_cannot_be_replayed_is_refused(
    wrong: dict[str, Any], words: str, on: Stage, agency: Agency, begun: Training
) -> None:
    with pytest.raises(Invalid, match=words):
        play.replay(on, agency, begun=begun, asked=replace(ASKED, **wrong))


def test_weeks_with_too_little_before_them_are_refused(world: Place, tables: Tables) -> None:
    with pytest.raises(Invalid, match=r"failures are known before|was inspected before"):
        stage(tables, shown(world.directory, tables, weeks=153, seed=1), policy=policies.load())


@pytest.mark.slow
def test_the_command_prints_and_keeps_what_was_found(
    world: Place, tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert quick is None
    monkeypatch.setattr(offline, "DRAWS", 10)
    kept = f"sqlite:///{tmp_path / 'mlflow.db'}"
    words = [str(world.directory), "--weeks", "5", "--seeds", "1", "--tracking-uri", kept]
    said = CliRunner().invoke(cli_policy.app, [*words, "--json"])
    assert said.exit_code == 0, said.output
    assert "每周" in said.stdout
    assert "双重稳健" in said.stdout
    told = json.loads(said.stdout.splitlines()[-1])
    assert 0 <= told["tables_floors_harm"] <= 1
    assert told["tables_oracle_harm"] >= told["tables_random_harm"]
    files = {path.name for path in tmp_path.rglob("*.svg")}
    assert {"harm.svg", "hit_rate.svg", "enterprises.svg", "regret.svg"} <= files
    assert {"weeks.csv", "summary.csv", "off_policy.csv", "off_policy_coverage.csv"} <= {
        path.name for path in tmp_path.rglob("*.csv")
    }
