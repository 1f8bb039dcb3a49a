"""What an importer is told reveals no rule: fixed words, a fixed order, nothing of the case."""

import random
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from features import catalog
from features.errors import Invalid
from features.judgements import Decision
from features.reasons import Evidence, Lane, Reason
from models.risk import public
from models.risk.grounds.ground import Grounds
from tests.worlds import World, worlds

NOW = datetime(2024, 3, 1, tzinfo=UTC)
SENTENCES = public.shipped()
NAMING = ("enterprise_id", "brand", "hs_code", "goods_name", "text", "declaration_id")
NUMBER = re.compile(r"[0-9０-９%％]")


def decision(reasons: list[Reason], *, lane: Lane = "full", seed: int = 0) -> Decision:
    chance = random.Random(seed)
    return Decision(
        decision_id=f"D{seed}@1",
        declaration_id=f"D{seed}",
        decided_at=NOW,
        known_at=NOW,
        likelihood=chance.random(),
        severity=chance.randint(1, 4),
        level="high",
        lane=lane,
        inclusion_probability=chance.random(),
        draw=chance.random(),
        commitment="c",
        reasons=tuple(reasons),
        model_version="risk/1",
        policy_version="p",
        matrix_version="m",
    )


def reason(feature: str, *, seed: int) -> Reason:
    chance = random.Random(seed)
    return Reason(
        feature=feature,
        value=chance.choice([None, chance.random() * 100]),
        contribution=chance.random(),
        zh=f"该企业近{seed}天投诉{chance.randint(1, 99)}起",
        en=f"{seed} complaints",
        evidence=(Evidence(kind="report", id=f"R{seed}"),),
    )


def text(made: Decision) -> str:
    return "\n".join(f"{told.zh}\n{told.en}" for told in SENTENCES.reasons(made))


@settings(max_examples=20, deadline=None)
@given(worlds(), st.integers(0, 10_000))
def test_it_names_no_number_feature_firm_or_brand(world: World, seed: int) -> None:
    names = catalog.standard(world.tables()).names
    picked = random.Random(seed).sample(names, min(4, len(names)))
    told = text(decision([reason(name, seed=seed) for name in picked], seed=seed))
    assert told
    assert not NUMBER.search(told)
    assert not any(name in told for name in names)
    for record in (r for records in world.records.values() for r in records):
        known = (getattr(record, name, None) for name in ("fact_id", *NAMING))
        assert not any(word and str(word) in told for word in known)


@given(st.lists(st.sampled_from(range(40)), max_size=4), st.randoms(), st.integers(0, 999))
def test_the_same_themes_give_the_same_text(
    places: list[int], chance: random.Random, seed: int
) -> None:
    pool = [
        f"{key}_{kind}_count_{days}d"
        for key in ("enterprise", "hs4", "origin_hs4", "brand")
        for kind in ("report", "annotation", "inspection", "declaration", "warning")
        for days in (30, 90)
    ]
    first = [reason(pool[place], seed=seed) for place in places]
    shuffled = chance.sample(places, len(places))
    second = [
        reason(pool[place].replace("enterprise", "port"), seed=seed + 1) for place in shuffled
    ]
    assert text(decision(first, seed=1)) == text(decision(second, lane="documents", seed=2))


def test_nothing_is_told_of_a_released_line() -> None:
    assert (
        SENTENCES.reasons(decision([reason("hs4_report_count_90d", seed=1)], lane="release")) == []
    )


def test_without_reasons_only_the_law_is_told() -> None:
    assert SENTENCES.reasons(decision([])) == [SENTENCES.always]


@settings(max_examples=10, deadline=None)
@given(worlds())
def test_every_feature_and_every_ground_maps_to_its_family(world: World) -> None:
    features = catalog.standard(world.tables())
    assert all(public.family(name) == features.family(name) for name in features.names)
    columns = set(Grounds.of(features).by_column) - {"enterprise_id"}  # every line tells its firm
    assert {public.family(column) for column in columns} <= {"declared"}


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda plain: plain["themes"][0].update(zh="近90天有投诉"), "themes.0.zh"),
        (lambda plain: plain["themes"][1].update(en="hs4_report_count"), "themes.1.en"),
        (lambda plain: plain["themes"][1].update(of=["report"]), "must name each"),
        (lambda plain: plain["themes"].pop(), "must name each"),
        (lambda plain: plain.pop("always"), "always"),
        (lambda plain: plain["themes"][0].update(weight=3), "themes.0.weight"),
    ],
)
def test_a_file_that_would_reveal_something_is_refused(
    tmp_path: Path, change: object, fault: str
) -> None:
    plain = yaml.safe_load(public.FILE.read_text())
    change(plain)  # type: ignore[operator]
    (tmp_path / "public.yaml").write_text(yaml.safe_dump(plain, allow_unicode=True))
    with pytest.raises(Invalid, match=fault):
        public.load(tmp_path / "public.yaml")


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="cannot be read"):
        public.load(tmp_path / "none.yaml")
