import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from features import exchange
from features.errors import Invalid, NotReady
from features.judgements import KEPT
from features.records import EXCHANGED, Report
from features.store import Store
from pipelines import ingest as steps
from pipelines.ingest import Counts, Ingested, ingest

NOW = datetime(2025, 1, 1, tzinfo=UTC)
DAY = timedelta(days=1)
NOON = "2024-03-01T12:00Z"
TABLES: dict[str, list[dict[str, Any]]] = {
    "enterprises": [{"enterprise_id": "E1", "name": "甲"}, {"enterprise_id": "E2"}],
    "declarations": [
        {"declaration_id": f"D{n}", "declared_at": NOON, "enterprise_id": "E1", "x_n": n}
        for n in range(5)
    ],
    "inspections": [
        {"declaration_id": f"D{n}", "inspected_at": NOON, "outcome": "pass"} for n in range(3)
    ],
    "reports": [{"report_id": "R1", "channel": "12315", "received_at": NOON, "text": "漏电"}],
    "warnings": [{"warning_id": "W1", "level": "II", "issued_at": NOON, "scope": "hs4=8516"}],
}


def saved(directory: Path, **tables: list[dict[str, Any]]) -> Path:
    directory.mkdir(exist_ok=True)
    for table, told in tables.items():
        lines = (json.dumps(row, ensure_ascii=False) for row in told)
        (directory / f"{table}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return directory


def rejects(directory: Path, table: str) -> list[dict[str, Any]]:
    lines = (directory / "rejected" / f"{table}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_every_table_is_loaded_and_loading_again_adds_nothing(tmp_path: Path, store: Store) -> None:
    directory = saved(tmp_path / "in", **TABLES)
    sizes = {table: len(told) for table, told in TABLES.items()}
    first = ingest(directory, store, now=NOW)
    assert first.tables == {t: Counts(read=n, added=n) for t, n in sizes.items()}
    before = {table: store.after(table, 0) for table in KEPT}
    second = ingest(directory, store, now=NOW + DAY)
    assert second.tables == {t: Counts(read=n, unchanged=n) for t, n in sizes.items()}
    assert {table: store.after(table, 0) for table in KEPT} == before
    assert (second.refused, second.overlooked, second.rejected) == ((), (), ())
    assert not (directory / "rejected").exists()


def test_good_rows_are_kept_and_bad_rows_written_out_with_why(tmp_path: Path, store: Store) -> None:
    bad = {"declaration_id": "D7", "declared_at": NOON, "enterprise_id": "E1", "hs_code": "8"}
    told = [TABLES["declarations"][0], bad, *TABLES["declarations"][1:]]
    directory = saved(tmp_path / "in", declarations=told)
    ingested = ingest(directory, store, now=NOW)
    assert ingested.tables == {"declarations": Counts(read=6, added=5, rejected=1)}
    assert ingested.rejected == (directory / "rejected" / "declarations.jsonl",)
    assert rejects(directory, "declarations") == [
        {
            "file": "declarations.jsonl",
            "row": 2,
            "reason": "hs_code '8' is not an HS code; "
            "give 4, 6, 8, 10 or 13 digits and keep a leading zero",
            "values": bad,
        }
    ]


def test_mended_rows_are_added_and_leave_no_rejects(tmp_path: Path, store: Store) -> None:
    good = TABLES["declarations"]
    directory = saved(tmp_path / "in", declarations=[*good[1:], {**good[0], "quantity": -1}])
    assert ingest(directory, store, now=NOW).tables["declarations"].rejected == 1
    saved(directory, declarations=good)
    assert ingest(directory, store, now=NOW).tables == {
        "declarations": Counts(read=5, added=1, unchanged=4)
    }
    assert not (directory / "rejected" / "declarations.jsonl").exists()


def test_rejects_may_go_elsewhere(tmp_path: Path, store: Store) -> None:
    directory = saved(tmp_path / "in", warnings=[{**TABLES["warnings"][0], "level": "V"}])
    ingested = ingest(directory, store, now=NOW, rejected=tmp_path / "elsewhere")
    assert ingested.rejected == (tmp_path / "elsewhere" / "warnings.jsonl",)
    assert (tmp_path / "elsewhere" / "warnings.jsonl").exists()
    assert not (directory / "rejected").exists()


def test_rejects_that_cannot_be_written_are_no_silence(tmp_path: Path, store: Store) -> None:
    directory = saved(tmp_path / "in", warnings=[{**TABLES["warnings"][0], "level": "V"}])
    (directory / "rejected").write_text("a file where the folder should be")
    with pytest.raises(NotReady, match=r"rejected rows cannot be written to .*warnings.jsonl"):
        ingest(directory, store, now=NOW)


def test_an_inspection_of_nothing_is_rejected(tmp_path: Path, store: Store) -> None:
    directory = saved(tmp_path / "in", inspections=TABLES["inspections"])
    assert ingest(directory, store, now=NOW).tables["inspections"].rejected == 3
    reason = "declaration_id 'D0' is in no declaration; load that one first"
    assert rejects(directory, "inspections")[0]["reason"] == reason
    saved(directory, declarations=TABLES["declarations"][:2])
    counts = ingest(directory, store, now=NOW).tables["inspections"]
    assert counts == Counts(read=3, added=2, rejected=1)
    (directory / "declarations.jsonl").unlink()  # those of an earlier load count as well
    assert ingest(directory, store, now=NOW).tables["inspections"] == Counts(3, 0, 2, 1)


def test_a_contradiction_is_rejected_in_one_file_and_in_the_store(
    tmp_path: Path, store: Store
) -> None:
    first, second = ({**TABLES["declarations"][0], "unit": unit} for unit in ("kg", "件"))
    directory = saved(tmp_path / "in", declarations=[first, second])
    for _ in range(2):
        assert ingest(directory, store, now=NOW).tables["declarations"].rejected == 1
        (reject,) = rejects(directory, "declarations")
        assert (reject["row"], reject["values"]) == (2, second)
        assert reject["reason"].endswith("give a correction a later known_at")
    saved(directory, declarations=[second])
    assert ingest(directory, store, now=NOW).tables["declarations"].rejected == 1
    saved(directory, declarations=[{**second, "known_at": "2024-03-02T12:00Z"}])
    assert ingest(directory, store, now=NOW).tables["declarations"].added == 1
    assert len(store.versions("declarations", "D0")) == 2


def test_an_enterprise_that_changed_is_known_from_now_on(tmp_path: Path, store: Store) -> None:
    directory = saved(tmp_path / "in", enterprises=[{"enterprise_id": "E1", "credit_grade": "A"}])
    ingest(directory, store, now=NOW)
    saved(directory, enterprises=[{"enterprise_id": "E1", "credit_grade": "B"}])
    ingest(directory, store, now=NOW + DAY)
    ingest(directory, store, now=NOW + 2 * DAY)
    known = [fact.known_at for fact in store.versions("enterprises", "E1")]
    assert known == [NOW, NOW + DAY]


def test_enterprises_that_contradict_each_other_never_take_turns(
    tmp_path: Path, store: Store
) -> None:
    told = [{"enterprise_id": "E1", "credit_grade": grade} for grade in "AAB"]
    directory = saved(tmp_path / "in", enterprises=told)
    for day in range(3):
        ingest(directory, store, now=NOW + day * DAY)
        (reject,) = rejects(directory, "enterprises")
        assert (reject["row"], reject["reason"]) == (
            3,
            "'E1' is told twice; give each row its known_at",
        )
    assert store.count("enterprises") == 1


def test_personal_data_is_masked_before_it_is_stored(tmp_path: Path, store: Store) -> None:
    report = {
        **TABLES["reports"][0],
        "title": "电话13812345678",
        "text": "联系人：王小明，电话13812345678，漏电",
        "url": "https://example.org/?tel=13812345678",
        "goods_name": "电热水壶",
    }
    directory = saved(tmp_path / "in", reports=[report])
    ingest(directory, store, now=NOW)
    kept = store.find("reports", "R1")
    assert isinstance(kept, Report)
    assert "13812345678" not in f"{kept.title}{kept.text}{kept.url}"
    assert "王小明" not in kept.text
    assert kept.text.endswith("漏电")
    assert kept.goods_name == "电热水壶"
    assert ingest(directory, store, now=NOW).tables["reports"].unchanged == 1


def test_a_refused_file_leaves_the_others_alone(tmp_path: Path, store: Store) -> None:
    directory = saved(tmp_path / "in", **TABLES)
    (directory / "declarations-2.csv").write_text("declaration_id,colour\nD9,red\n")
    (directory / "warnings.jsonl").write_bytes(b"\xff\xff")
    (directory / "declaration.csv").write_text("declaration_id\nD9\n")
    ingested = ingest(directory, store, now=NOW)
    assert ingested.tables["declarations"] == Counts(read=5, added=5)
    assert ingested.tables["warnings"] == Counts()
    assert [reason.split(" is ")[0] for reason in ingested.refused] == [
        "declarations-2.csv",
        "warnings.jsonl",
    ]
    assert ingested.overlooked == (directory / "declaration.csv",)


def test_a_directory_without_tables_is_refused(tmp_path: Path, store: Store) -> None:
    (tmp_path / "declaration.csv").write_text("")
    with pytest.raises(Invalid, match="has no exchange table; name files enterprises, declaration"):
        ingest(tmp_path, store, now=NOW)


def test_moments_without_zone_are_of_the_zone_of_the_load(tmp_path: Path, store: Store) -> None:
    told = {**TABLES["declarations"][0], "declared_at": "2024-03-01 20:00"}
    directory = saved(tmp_path / "in", declarations=[told])
    assert ingest(directory, store, now=NOW).tables["declarations"].rejected == 1
    ingest(directory, store, now=NOW, zone=ZoneInfo("Asia/Shanghai"))
    assert store.find("declarations", "D0").known_at == datetime(2024, 3, 1, 12, tzinfo=UTC)


def test_batches_end_where_they_end(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange.read, "__kwdefaults__", {"zone": None, "size": 2})
    directory = saved(tmp_path / "in", **TABLES)
    assert ingest(directory, store, now=NOW).tables["declarations"] == Counts(read=5, added=5)


LOAD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from features import exchange
from features.store import Store
from pipelines.ingest import ingest

exchange.read.__kwdefaults__["size"] = 50
ingest(Path(sys.argv[1]), Store.open(sys.argv[2]), now=datetime(2025, 1, 1, tzinfo=UTC))
"""


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A directory that takes a second to load, with bad rows among the good ones."""
    directory = tmp_path / "large"
    numbers = range(4000)
    frame = pd.DataFrame(
        {
            "declaration_id": [f"D{n}" for n in numbers],
            "declared_at": [NOON] * len(numbers),
            "enterprise_id": [f"E{n % 50}" for n in numbers],
            "hs_code": ["8516" if n % 97 else "85" for n in numbers],
            "x_n": list(numbers),
        }
    )
    visits = frame[["declaration_id"]].assign(inspected_at=NOON, outcome="pass")
    directory.mkdir()
    frame.to_csv(directory / "declarations.csv", index=False)
    visits[::2].to_csv(directory / "inspections.csv", index=False)
    return saved(directory, enterprises=[{"enterprise_id": f"E{n}"} for n in range(50)])


def contents(store: Store) -> dict[str, Any]:
    return {table: store.after(table, 0)[1] for table in EXCHANGED}


@pytest.mark.parametrize("kills", [1, pytest.param(4, marks=pytest.mark.slow)])
def test_a_load_that_is_killed_and_run_again_ends_like_a_clean_one(
    tmp_path: Path, large: Path, store_url: str, kills: int
) -> None:
    clean = Store.open(f"sqlite:///{tmp_path / 'clean.db'}")
    ingested = ingest(large, clean, now=NOW)
    expected = rejects(large, "declarations"), rejects(large, "inspections")
    store = Store.open(store_url)
    interrupted = sum(killed(large, store_url, store, after=rows) for rows in places(kills))
    assert interrupted
    again = ingest(large, store, now=NOW)
    assert contents(store) == contents(clean)
    assert (rejects(large, "declarations"), rejects(large, "inspections")) == expected
    for table, counts in ingested.tables.items():
        assert again.tables[table].added + again.tables[table].unchanged == counts.added
        assert again.tables[table].rejected == counts.rejected
    store.close()
    clean.close()


def places(count: int) -> Iterator[int]:
    """Numbers of stored rows at which to kill, ever later; other ones in each run."""
    chance = random.Random()
    yield from sorted(chance.randrange(1, 4000) for _ in range(count))


def killed(directory: Path, url: str, store: Store, *, after: int) -> bool:
    """Load in another process and kill it when so many rows are stored; say if it still ran."""
    root = Path(steps.__file__).parents[1]
    load = subprocess.Popen([sys.executable, "-c", LOAD, directory, url], cwd=root)
    while load.poll() is None:
        if store.count("declarations") + store.count("inspections") >= after:
            load.send_signal(signal.SIGKILL)
            break
        time.sleep(0.002)
    return load.wait() == -signal.SIGKILL


def test_the_result_says_what_happened(tmp_path: Path, store: Store) -> None:
    directory = saved(tmp_path / "in", reports=TABLES["reports"])
    assert ingest(directory, store, now=NOW) == Ingested(
        {"reports": Counts(read=1, added=1)}, refused=(), overlooked=(), rejected=()
    )
