"""A roster is read from YAML or CSV alike; what is wrong is named with its inspector and field."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

from features.errors import Invalid
from models.inspection.draws import roster

TEXT = """
inspectors:
  - {inspector_id: "0102", port: 上海洋山, hours: 7.5, lanes: [full], hs_prefixes: ["85", "9503"]}
  - {inspector_id: "0101", port: 上海洋山, hours: 4, conflict_enterprises: [91350100m000100y43],
     conflict_manufacturers: [M1, M2], absent: [2026-10-01]}
"""
NAMES = "inspector_id,port,hours,lanes,hs_prefixes,conflict_enterprises,conflict_manufacturers"
ROWS = f"""{NAMES},absent
0102,上海洋山,7.5,full,85; 9503,,,
0101,上海洋山,4,,,91350100m000100y43,M1;M2,2026-10-01
"""


def test_yaml_and_csv_say_the_same(tmp_path: Path) -> None:
    for name, text in (("r.yaml", TEXT), ("r.csv", ROWS), ("b.CSV", "\ufeff" + ROWS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        found = roster.load(tmp_path / name)
        first, second = found.inspectors
        assert (first.inspector_id, second.inspector_id) == ("0101", "0102"), "by their numbers"
        assert (first.hours, second.hours) == (4, 7.5)
        assert (first.lanes, second.lanes) == ((), ("full",))
        assert (first.hs_prefixes, second.hs_prefixes) == ((), ("85", "9503"))
        assert first.conflict_enterprises == ("91350100M000100Y43",), "in the spelling of the lines"
        assert first.conflict_manufacturers == ("M1", "M2")
        assert (first.absent, second.absent) == ((date(2026, 10, 1),), ())


def test_the_version_is_the_hash_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(TEXT, encoding="utf-8")
    found = roster.load(path)
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert found.version == found.sha256[:12]
    path.write_text(TEXT + "# a word more\n", encoding="utf-8")
    assert roster.load(path).version != found.version
    again = roster.parse(found.text, found.kind, name="published")
    assert (again.version, again.inspectors) == (found.version, found.inspectors)


def test_the_shipped_example_is_invented_and_complete() -> None:
    found = roster.load()
    assert len(found.inspectors) >= 6
    for field in ("lanes", "hs_prefixes", "conflict_enterprises", "conflict_manufacturers"):
        assert any(getattr(one, field) for one in found.inspectors), field
        assert not all(getattr(one, field) for one in found.inspectors), field


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (TEXT, "inspectors: [", "is no YAML"),
        (TEXT, "- a", "a mapping with one name, inspectors"),
        (TEXT, TEXT + "\nport: 上海", "a mapping with one name, inspectors"),
        (TEXT, "inspectors: many", "must be a list, got 'many'"),
        (TEXT, "inspectors:", "names nobody"),
        (TEXT, "inspectors: [张三]", "inspector 1 must be a mapping"),
        ('"0101"', "101", "inspector 101: inspector_id 101: is no text; write it in quotes"),
        (
            '"0101"',
            "王小明",
            "inspector 王小明: inspector_id '王小明': is no staff number.*never a name",
        ),
        ('"0101"', "Wang-Xm", "is no staff number"),
        ('"0101"', '"0102"', "inspector '0102' is listed twice"),
        ('inspector_id: "0101", ', "", "inspector 2, without a number: inspector_id is missing"),
        ("hours: 4, ", "", "inspector 0101: hours is missing"),
        ("port: 上海洋山, hours: 4", "hours: 4", "inspector 0101: port is missing"),
        ("hours: 4", "hours: 0", "inspector 0101: hours 0: .*greater than 0"),
        ("hours: 4", "hours: 25", "inspector 0101: hours 25: .*less than or equal to 24"),
        ("hours: 4", "hours: .nan", "inspector 0101: hours nan"),
        ("hours: 4", "hours: yes", "inspector 0101: hours True: is no number of hours"),
        ("hours: 4", "hours: long", "inspector 0101: hours 'long'"),
        ("hours: 4", "hours: 4, mood: good", "inspector 0101: mood is unknown; the names are"),
        ("[full]", "[release]", "inspector 0102: lanes.0 'release'"),
        ("[full]", "full", None),
        ("[full]", "7", "inspector 0102: lanes 7: is no list"),
        ('"85", ', "85, ", "inspector 0102: hs_prefixes.0 85: is no text; write it in quotes"),
        ('"85", ', '"8x", ', "inspector 0102: hs_prefixes.0 '8x': is no beginning of an HS code"),
        ("m000100y43", "m000100y44", "conflict_enterprises.0 .*check digit"),
        ("[M1, M2]", "['']", "inspector 0101: conflict_manufacturers.0 ''"),
        ("2026-10-01", "soon", "inspector 0101: absent.0 'soon': is no day"),
        ("2026-10-01", "7", "inspector 0101: absent.0 7: is no day"),
        ("2026-10-01", "2026-10-01 08:00:00", "absent.0 .*is no day"),
    ],
)
def test_a_broken_roster_says_what_is_wrong(old: str, new: str, says: str | None) -> None:
    assert old in TEXT
    text = TEXT.replace(old, new, 1)
    if says is None:
        assert roster.parse(text, "yaml", name="r.yaml")
        return
    with pytest.raises(Invalid, match=f"^r.yaml: .*{says}"):
        roster.parse(text, "yaml", name="r.yaml")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("0101,", "0101,x,", "has more cells"),
        (",absent", ",away", "inspector 0101: away is unknown"),
        ("7.5", "", "inspector 0102: hours is missing"),
        ("7.5", "many", "inspector 0102: hours 'many'"),
        ("M1;M2", '"M1', "is no CSV"),
        (ROWS, "", "names nobody"),
        (ROWS, "inspector_id,port\n", "names nobody"),
    ],
)
def test_a_broken_csv_says_what_is_wrong(old: str, new: str, says: str) -> None:
    assert old in ROWS
    with pytest.raises(Invalid, match=f"^r.csv: .*{says}"):
        roster.parse(ROWS.replace(old, new, 1), "csv", name="r.csv")


def test_no_file_and_no_text_are_clear_errors(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"there is no roster .*copy roster.yaml"):
        roster.load(tmp_path / "roster.yaml")
    (tmp_path / "gbk.csv").write_bytes(ROWS.encode("gbk"))
    with pytest.raises(Invalid, match="no UTF-8 text"):
        roster.load(tmp_path / "gbk.csv")
