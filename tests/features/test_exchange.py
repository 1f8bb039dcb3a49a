import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from features import exchange
from features.errors import Invalid
from features.exchange import Row
from features.records import EXCHANGED, Declaration, Inspection, Record
from features.store import Store

NOW = datetime(2025, 1, 1, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
TOLD: dict[str, dict[str, Any]] = {
    "enterprises": {"enterprise_id": "E1", "aliases": "甲;乙", "listed": "red"},
    "declarations": {
        "declaration_id": "D1",
        "declared_at": "2024-03-01T08:00+08:00",
        "enterprise_id": "E1",
        "hs_code": "8516101000",
        "quantity": 3,
        "value_cny": 12.5,
        "x_score": 0.5,
        "x_lane": "B7",
    },
    "inspections": {
        "declaration_id": "D1",
        "inspected_at": "2024-03-02T08:00+08:00",
        "outcome": "fail",
        "hazards": "fire;burn",
        "severity": 3,
    },
    "reports": {
        "report_id": "R1",
        "channel": "12315",
        "received_at": "2024-03-01T08:00+08:00",
        "text": "电热水壶漏电，\n“冒烟”。",
    },
    "warnings": {
        "warning_id": "W1",
        "level": "II",
        "issued_at": "2024-03-01T08:00+08:00",
        "scope": "hs4=8516;origin=VN",
    },
    "certificates": {
        "certificate_id": "C1",
        "issuer_id": "L1",
        "issuer": "agency",
        "issued_at": "2024-03-01T08:00+08:00",
        "outcome": "pass",
        "scope": "lot=B7;enterprise=E1",
        "items": "flammability",
    },
}


def saved(path: Path, told: list[dict[str, Any]]) -> Path:
    frame = pd.DataFrame(told)
    match path.suffix:
        case ".parquet":
            frame.to_parquet(path)
        case ".csv":
            frame.to_csv(path, index=False)
        case _:
            lines = (json.dumps(row, ensure_ascii=False) for row in told)
            path.write_text("\n".join(lines), encoding="utf-8")
    return path


def read(path: Path, table: str, **terms: Any) -> list[Row]:
    return [row for batch in exchange.read(path, table, now=NOW, **terms) for row in batch]


def facts(path: Path, table: str, **terms: Any) -> list[Record | None]:
    return [row.fact for row in read(path, table, **terms)]


@pytest.mark.parametrize("table", EXCHANGED)
@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".jsonl"])
def test_a_row_is_the_same_fact_in_every_format(tmp_path: Path, table: str, suffix: str) -> None:
    expected = EXCHANGED[table].model_validate({"known_at": NOW} | TOLD[table])
    if table != "enterprises":
        expected = EXCHANGED[table].model_validate(TOLD[table])
    assert facts(saved(tmp_path / f"{table}{suffix}", [TOLD[table]]), table) == [expected]


def test_the_columns_are_those_of_the_exchange_tables() -> None:
    required = {table: exchange.required(table) for table in EXCHANGED}
    assert required == {
        "enterprises": ["enterprise_id"],
        "declarations": ["declaration_id", "declared_at", "enterprise_id"],
        "inspections": ["declaration_id", "inspected_at", "outcome"],
        "reports": ["report_id", "channel", "received_at", "text"],
        "warnings": ["warning_id", "level", "issued_at", "scope"],
        "certificates": [
            "certificate_id",
            "issuer_id",
            "issuer",
            "issued_at",
            "outcome",
            "scope",
        ],
    }
    assert exchange.columns("declarations")[-2:] == ["value_cny", "known_at"]
    assert not {"x", "value_fen"} & set(exchange.columns("declarations"))


def test_tables_are_found_in_the_order_to_load_them(tmp_path: Path) -> None:
    names = ["warnings.csv", "declarations-2.csv.gz", "declarations-1.parquet", "enterprises.jsonl"]
    for name in [*names, "declaration.csv", "inspections.xlsx", "README.md"]:
        (tmp_path / name).write_text("")
    (tmp_path / "reports" / "2024").mkdir(parents=True)
    (tmp_path / "reports" / "2024" / "01.jsonl.gz").write_text("")
    (tmp_path / "rejected").mkdir()
    (tmp_path / "rejected" / "reports.jsonl").write_text("")
    found = exchange.found(tmp_path)
    assert {table: [path.name for path in paths] for table, paths in found.items()} == {
        "enterprises": ["enterprises.jsonl"],
        "declarations": ["declarations-1.parquet", "declarations-2.csv.gz"],
        "reports": ["01.jsonl.gz"],
        "warnings": ["warnings.csv"],
    }
    assert list(found) == ["enterprises", "declarations", "reports", "warnings"]
    overlooked = [path.name for path in exchange.overlooked(tmp_path)]
    assert overlooked == ["declaration.csv", "inspections.xlsx"]


def test_a_directory_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="is no directory; give one with enterprises, declarations"):
        exchange.found(tmp_path / "nowhere")


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".jsonl"])
def test_a_file_with_wrong_columns_is_refused_with_all_of_them(tmp_path: Path, suffix: str) -> None:
    told = {"declaration_id": "D1", "enterprise_id": "E1", "colour": "red", "value_fen": 3}
    path = saved(tmp_path / f"declarations{suffix}", [told])
    with pytest.raises(Invalid, match="is refused: declared_at is missing") as refused:
        read(path, "declarations")
    assert "'colour' is unknown (rename it to x_colour or take it out)" in str(refused.value)
    assert "'value_fen' is unknown" in str(refused.value)


def test_a_column_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "enterprises.csv"
    path.write_text("enterprise_id,name,name\nE1,a,b\n")
    with pytest.raises(Invalid, match="name is there twice"):
        read(path, "enterprises")


def test_a_file_without_rows_has_none(tmp_path: Path) -> None:
    (tmp_path / "enterprises.csv").write_text("enterprise_id\n")
    (tmp_path / "enterprises.jsonl").write_text("")
    (tmp_path / "nothing.csv").write_text("")
    saved(tmp_path / "enterprises.parquet", [TOLD["enterprises"]])
    pd.DataFrame({"enterprise_id": pd.Series([], dtype=str)}).to_parquet(tmp_path / "e.parquet")
    for name in ("enterprises.csv", "enterprises.jsonl", "e.parquet"):
        assert read(tmp_path / name, "enterprises") == []
    with pytest.raises(Invalid, match="enterprise_id is missing"):
        read(tmp_path / "nothing.csv", "enterprises")


def test_every_thing_that_is_wrong_with_a_row_is_said_in_its_columns(tmp_path: Path) -> None:
    told = {
        **TOLD["declarations"],
        "declared_at": "2024-03-01",
        "hs_code": "851",
        "quantity": "many",
        "value_cny": "-3",
        "enterprise_id": "",
        "goods_name": "电" * 300,
    }
    path = saved(tmp_path / "declarations.csv", [TOLD["declarations"], told])
    good, bad = read(path, "declarations")
    assert (good.number, good.reason, bad.number, bad.fact) == (1, "", 2, None)
    assert bad.reason.split("; ") == [
        "declared_at 2024-03-01 00:00 has no time zone",
        "pass an aware datetime, for example 2024-03-01T00:00+08:00",
        "or name the zone of the whole load: --time-zone Asia/Shanghai",
        "enterprise_id is missing",
        "hs_code '851' is not an HS code",
        "give 4, 6, 8, 10 or 13 digits and keep a leading zero",
        f"goods_name '{'电' * 59}… must have at most 256 characters",
        "quantity 'many' must be a valid number, unable to parse string as a number",
        "value_cny '-3' must be greater than 0",
    ]


@pytest.mark.parametrize(
    ("table", "told", "reason"),
    [
        ("declarations", {"value_cny": "1.005"}, "value_cny '1.005' is not an amount in yuan with"),
        (
            "declarations",
            {"known_at": "2024-02-01T00:00Z"},
            "known_at 2024-02-01T00:00:00+00:00 is",
        ),
        ("declarations", {"enterprise_id": "91350100M000100Y44"}, "enterprise_id '91350100M00010"),
        (
            "declarations",
            {"goods_name": "a\x00"},
            "goods_name 'a\\x00' must not hold a NUL character",
        ),
        ("inspections", {"outcome": "ok"}, "outcome 'ok' must be 'pass' or 'fail'"),
        ("inspections", {"hazards": "a" * 257}, "hazards '"),
        ("inspections", {"severity": "7"}, "severity '7' must be less than or equal to 4"),
        ("warnings", {"scope": "hs4"}, "scope 'hs4' must have at least 1 character"),
        ("reports", {"channel": "telegraph"}, "channel 'telegraph' must be '12315', '12345'"),
    ],
)
def test_a_reason_names_the_column_and_the_value(
    tmp_path: Path, table: str, told: dict[str, Any], reason: str
) -> None:
    (row,) = read(saved(tmp_path / f"{table}.jsonl", [TOLD[table] | told]), table)
    assert row.reason.startswith(reason)
    assert row.told == TOLD[table] | told


def test_an_extra_column_with_more_than_a_scalar_is_refused_once(tmp_path: Path) -> None:
    path = saved(tmp_path / "declarations.jsonl", [{**TOLD["declarations"], "x_all": [1, 2]}])
    (row,) = read(path, "declarations")
    assert row.reason == "x_all [1, 2] must be a text, a number or true or false"


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
@pytest.mark.parametrize("text", ["2024-03-01 08:00:00", "2024-03-01T08:00", "2024-03-01T00:00Z"])
def test_a_text_without_zone_is_of_the_zone_of_the_load(
    tmp_path: Path, suffix: str, text: str
) -> None:
    told = {**TOLD["declarations"], "declared_at": text}
    path = saved(tmp_path / f"declarations{suffix}", [told])
    (fact,) = facts(path, "declarations", zone=SHANGHAI)
    assert fact is not None
    assert fact.known_at == datetime(2024, 3, 1, tzinfo=UTC)


def test_a_parquet_column_without_zone_is_of_the_zone_of_the_load(tmp_path: Path) -> None:
    told = {**TOLD["declarations"], "declared_at": datetime(2024, 3, 1, 8)}
    path = saved(tmp_path / "declarations.parquet", [told])
    (row,) = read(path, "declarations")
    assert row.reason.startswith("declared_at 2024-03-01 08:00 has no time zone")
    (fact,) = facts(path, "declarations", zone=SHANGHAI)
    assert fact is not None
    assert fact.known_at == datetime(2024, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("kind", ["int64", "float64", "uint64"])
def test_codes_kept_as_numbers_are_read_as_their_digits(tmp_path: Path, kind: str) -> None:
    frame = pd.DataFrame([TOLD["declarations"]]).assign(
        hs_code=np.array([8516101000], dtype=kind), port=np.array([5301], dtype=kind)
    )
    frame.to_parquet(tmp_path / "declarations.parquet")
    (fact,) = facts(tmp_path / "declarations.parquet", "declarations")
    assert isinstance(fact, Declaration)
    assert (fact.hs_code, fact.port) == ("8516101000", "5301")


def test_a_leading_zero_that_was_lost_is_not_guessed(tmp_path: Path) -> None:
    path = saved(
        tmp_path / "declarations.parquet", [{**TOLD["declarations"], "hs_code": 101210000}]
    )
    (row,) = read(path, "declarations")
    assert row.reason.startswith("hs_code '101210000' is not an HS code; give 4, 6, 8, 10 or 13")


def test_lists_may_be_lists_or_texts(tmp_path: Path) -> None:
    told = [{**TOLD["inspections"], "hazards": hazards} for hazards in (["fire", "burn"], [], None)]
    found = facts(saved(tmp_path / "inspections.parquet", told), "inspections")
    hazards = [fact.hazards for fact in found if isinstance(fact, Inspection)]
    assert hazards == [("fire", "burn"), (), ()]


def test_only_enterprises_are_known_now_when_they_do_not_say(tmp_path: Path) -> None:
    dated = {"enterprise_id": "E2", "known_at": "2024-03-01T08:00+08:00"}
    path = saved(tmp_path / "enterprises.jsonl", [TOLD["enterprises"], dated])
    known = [fact.known_at for fact in facts(path, "enterprises") if fact]
    assert known == [NOW, datetime(2024, 3, 1, tzinfo=UTC)]


def test_what_a_store_holds_can_be_written_and_read_again(tmp_path: Path, sqlite_url: str) -> None:
    kept = [EXCHANGED[t].model_validate({"known_at": NOW} | told) for t, told in TOLD.items()]
    odd = Declaration.model_validate(
        TOLD["declarations"] | {"declaration_id": "D2", "value_cny": 0.07}
    )
    plain = Declaration(
        declaration_id="D3",
        declared_at=NOW - timedelta(milliseconds=1),
        enterprise_id="E1",
        value_fen=10**15 - 1,
        known_at=NOW,
    )
    store = Store.open(sqlite_url)
    store.append([*kept, odd, plain])
    for table in EXCHANGED:
        path = tmp_path / f"{table}.parquet"
        exchange.write(path, store.frame(table))
        again = facts(path, table)
        assert {fact.fact_id: fact for fact in again if fact} == {
            fact.fact_id: fact for _, found in [store.after(table, 0)] for fact in found
        }
    store.close()


def test_an_empty_table_can_be_written_and_read_again(tmp_path: Path, sqlite_url: str) -> None:
    store = Store.open(sqlite_url)
    for table in EXCHANGED:
        exchange.write(tmp_path / f"{table}.parquet", store.frame(table))
        assert read(tmp_path / f"{table}.parquet", table) == []
    store.close()
