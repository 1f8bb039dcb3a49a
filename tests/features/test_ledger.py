from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from features.clerk import Clerk
from features.ledger import Ledger, covers, specific
from features.records import Certificate, Declaration, Inspection, Record, Warning
from features.store import Store

NOON = datetime(2024, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    opened = Store.open(sqlite_url)
    yield opened
    opened.close()


def line(name: str = "D1", **told: Any) -> Declaration:
    fields = {"declaration_id": name, "declared_at": NOON, "enterprise_id": "E1"}
    goods = {"hs_code": "8516310000", "origin": "VN", "lot_id": "L7", "brand": "Nova"}
    return Declaration.model_validate({**fields, **goods, **told})


def warning(name: str = "W1", **told: Any) -> Warning:
    fields = {"warning_id": name, "level": "II", "issued_at": NOON - 9 * DAY}
    return Warning.model_validate({**fields, "scope": "hs4=8516;origin=VN", **told})


def certificate(name: str = "C1", **told: Any) -> Certificate:
    fields = {"certificate_id": name, "issuer_id": "T1", "issuer": "third_party"}
    at = {"issued_at": NOON - 9 * DAY, "outcome": "pass", "scope": "brand=Nova;hs4=8516"}
    return Certificate.model_validate({**fields, **at, **told})


def visit(name: str = "D1", days: float = 1, **told: Any) -> Inspection:
    fields = {"declaration_id": name, "inspected_at": NOON + days * DAY, "outcome": "pass"}
    return Inspection.model_validate({**fields, **told})


def follow(store: Store, *facts: Record) -> Ledger:
    store.append(facts)
    return Clerk(store).follow()


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        ("hs4=8516;origin=VN", True),
        ("hs2=85", True),
        ("hs_code=851631", True),
        ("hs2=85;hs4=8517", False),
        ("origin=DE", False),
        ("enterprise=E1", True),
        ("enterprise=E2;hs4=8516", False),
        ("lot=L7", True),
        ("brand=Nova;hazard=fire", True),
        ("hazard=fire", False),
        ("enterprise_id=E1;hs4=8516", True),
        ("enterprise_id=E2;hs4=8516", False),
        ("importer=E1;hs4=8516", False),
        ("x_line=a", True),
        ("x_line=b", False),
        ("region=重庆;hs4=8516", False),
    ],
)
def test_a_warning_covers_what_its_scope_names(store: Store, scope: str, covered: bool) -> None:
    ledger = follow(store, warning(scope=scope))
    found = ledger.of(line(x_line="a"), as_of=NOON)
    assert bool(found.warnings) == covered
    assert not found.certificates


def test_only_what_is_known_and_in_force_counts(store: Store) -> None:
    ledger = follow(
        store,
        warning("W1", issued_at=NOON),
        warning("W2", ends_at=NOON),
        warning("W3", ends_at=NOON + DAY),
        certificate("C1", valid_until=NOON),
        certificate("C2", valid_until=NOON + DAY),
        certificate("C3", known_at=NOON + DAY),
    )
    found = ledger.of(line(), as_of=NOON)
    assert [w.fact_id for w in found.warnings] == ["W3"]
    assert [c.fact_id for c in found.certificates] == ["C2"]
    assert [w.fact_id for w in ledger.of(line(), as_of=NOON + DAY / 2).warnings] == ["W1", "W3"]


def test_the_newest_version_counts_from_when_it_is_known(store: Store) -> None:
    ledger = follow(
        store, warning(), warning(scope="hs4=8517", known_at=NOON), warning("W2", scope="lot=L7")
    )
    assert len(ledger.of(line(), as_of=NOON).warnings) == 2
    later = NOON + DAY
    assert [w.fact_id for w in ledger.of(line(), as_of=later).warnings] == ["W2"]
    assert [w.fact_id for w in ledger.of(line(hs_code="8517"), as_of=later).warnings] == [
        "W2",
        "W1",
    ]


def test_visits_are_those_of_the_same_goods_of_the_same_firms_lot(store: Store) -> None:
    ledger = follow(
        store,
        line("D1"),
        line("D2", enterprise_id="E2"),
        line("D3", hs_code="9503"),
        line("D4", lot_id=None),
        *(visit(name) for name in ("D1", "D2", "D3", "D4")),
    )
    later = NOON + 2 * DAY
    (found,) = ledger.of(line("D9"), as_of=later).visits
    assert (found.declaration_id, found.outcome) == ("D1", "pass")
    assert found.fact_id == visit("D1").fact_id
    assert ledger.of(line("D9"), as_of=NOON + DAY).visits == ()
    assert ledger.of(line("D9", lot_id=None), as_of=later).visits == ()


def test_a_corrected_outcome_counts_from_when_it_is_known(store: Store) -> None:
    ledger = follow(
        store, line("D1"), visit("D1"), visit("D1", outcome="fail", known_at=NOON + 3 * DAY)
    )
    outcomes = [ledger.of(line(), as_of=NOON + d * DAY).visits[0].outcome for d in (2, 4)]
    assert outcomes == ["pass", "fail"]


def test_what_comes_later_is_learned_in_any_order(store: Store) -> None:
    store.append([line("D0", lot_id="L1"), visit("D5")])
    clerk = Clerk(store)
    clerk.follow()
    store.append([line("D5"), warning()])
    ledger = clerk.follow()
    found = ledger.of(line("D9"), as_of=NOON + 2 * DAY)
    assert [v.declaration_id for v in found.visits] == ["D5"]
    assert len(found.warnings) == 1
    assert clerk.follow().of(line("D9"), as_of=NOON + 2 * DAY) == found


def test_scopes_compare_goods_by_their_beginning() -> None:
    assert covers({"hs6": "851631"}, {"hs": "8516310000"})
    assert not covers({"hs6": "851631"}, {})
    assert specific({"manufacturer": "M1"})
    assert not specific({"hs4": "8516"})
