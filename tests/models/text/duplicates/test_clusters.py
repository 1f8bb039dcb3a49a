"""Copies meet, different complaints do not, and it makes no difference how they come in."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.judgements import Annotation
from features.marks import Mark, Told
from models.text import privacy
from models.text.duplicates import bands, clusters
from models.text.duplicates.clusters import Clusters

HOUR = 3_600_000
LONG = "我上个月在网上买了一台电热水壶，使用不到一周就突然冒烟，外壳发烫，联系客服多次都推诿。"
# Another person's complaint about the same product and the same harm.
OTHER = "朋友送的电热水壶，昨晚烧水时壶底冒烟，一股焦糊味，插头也烫手，商家说过了保修期不肯管。"
WORDS = ["电热水壶冒烟", "外壳发烫", "客服推诿", "要求退款", "昨晚烧水时", "插头烫手", "。", "，"]
TEXTS = st.lists(st.sampled_from(WORDS), max_size=9).map("".join)


def told(number: int, text: str, *, at: int | None = None, channel: str = "12315") -> Told:
    return Told(f"r{number}", channel, number if at is None else at, text)


def marks(reports: Sequence[Told], *, size: int | None = None) -> list[Mark]:
    """The marks of reports that are taken so many at a time."""
    found, step = Clusters(), size or max(len(reports), 1)
    for start in range(0, len(reports), step):
        found.take(reports[start : start + step], {})
    return [found.mark(one.report_id) for one in reports]


def met(*texts: str) -> bool:
    """Whether all texts are in one cluster."""
    return len({m.cluster_id for m in marks([told(n, t) for n, t in enumerate(texts)])}) == 1


@pytest.mark.parametrize(
    "copy",
    [
        LONG,
        "转发：" + LONG,
        LONG + "请尽快给我一个说法。",
        LONG[:31] + "……",
        LONG.replace("冒烟", "起火"),
        LONG.replace("，", " , "),
        LONG.replace("我上个月在网上买了一台电热水壶", "我上個月在網上買了一臺電熱水壺"),
        "　" + LONG + "！！！ https://example.com/a",
    ],
)
def test_a_repost_joins(copy: str) -> None:
    assert met(LONG, copy)


@pytest.mark.parametrize("one", ["13800138000", "订单20240301123456"])
@pytest.mark.parametrize("other", ["13911112222", "订单99887766554433"])
def test_copies_that_differ_in_a_phone_or_an_order_number_join(one: str, other: str) -> None:
    assert met(privacy.mask(f"{LONG}电话{one}"), privacy.mask(f"{LONG}电话{other}"))


@pytest.mark.parametrize(
    "other",
    [
        OTHER,
        LONG[:20] + "到手发现没有中文标签，闻着刺鼻，孩子用后皮肤发红，去医院看了两次还没有好。",
        LONG[-20:] + LONG[:4],
        "",
    ],
)
def test_another_complaint_about_the_same_product_does_not_join(other: str) -> None:
    assert not met(LONG, other)


def test_a_short_text_joins_by_equality_only() -> None:
    assert met("电热水壶漏电", "電熱水壺　漏电！")
    assert not met("电热水壶漏电", "电热水壶漏电了")


@pytest.mark.parametrize("silent", ["", "！！！", " \n ", "https://example.com/a", "13800138000"])
def test_what_says_nothing_never_clusters(silent: str) -> None:
    assert marks([told(0, silent), told(1, silent)]) == [Mark(None), Mark(None)]


def test_likeness_does_not_creep_from_copy_to_copy() -> None:
    """Each says what the one before said but a little; the last says nothing of the first."""
    words = LONG + OTHER
    found = marks([told(n, words[n * 4 : n * 4 + 40]) for n in range(11)])
    assert found[1].cluster_id == "r0"
    assert found[-1].cluster_id != "r0"


def test_a_copy_says_how_many_had_come_by_then() -> None:
    found = marks([told(n, LONG) for n in range(3)])
    assert found == [Mark("r0", n + 1) for n in range(3)]


def test_a_report_never_joins_one_that_was_known_later() -> None:
    found = Clusters()
    found.take([told(1, LONG, at=9)], {})
    found.take([told(2, LONG, at=5), told(3, LONG, at=10)], {})
    assert found.mark("r1") == Mark("r1")
    assert found.mark("r2") == Mark("r2")
    assert found.mark("r3") == Mark("r2", 2)


def test_a_corrected_report_counts_once_and_keeps_its_cluster() -> None:
    found = Clusters()
    found.take([told(1, LONG), told(2, LONG)], {})
    found.take([told(2, OTHER, at=5), told(2, LONG, at=6), told(3, LONG, at=7)], {})
    assert found.mark("r2") == Mark("r1", 2)
    assert found.mark("r3") == Mark("r1", 3)


def test_marks_that_were_stored_before_stand() -> None:
    found = Clusters()
    before = {"r1": Mark("r1"), "r2": Mark("r1", 2), "r3": Mark("r3")}
    found.take([told(1, LONG), told(2, OTHER), told(3, LONG), told(4, LONG)], before)
    assert [found.mark(f"r{n}") for n in (1, 2, 3)] == list(before.values())
    assert found.mark("r4") == Mark("r1", 3)
    found.take([], {"r3": Mark("r1", 3)})
    assert found.mark("r3") == Mark("r1", 3)


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, max_size=14), st.integers(1, 5))
def test_one_by_one_equals_batch(texts: list[str], size: int) -> None:
    reports = [told(n, text) for n, text in enumerate(texts)]
    whole = marks(reports)
    assert marks(reports, size=size) == whole
    assert marks(reports, size=1) == whole


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, max_size=14), st.integers(0, 14))
def test_a_restart_goes_on_where_it_stopped(texts: list[str], at: int) -> None:
    reports = [told(n, text) for n, text in enumerate(texts)]
    whole = marks(reports)
    stored = {one.report_id: mark for one, mark in zip(reports[:at], whole[:at], strict=True)}
    again = Clusters()
    again.take(reports, {name: mark for name, mark in stored.items() if mark.cluster_id})
    assert [again.mark(one.report_id) for one in reports] == whole


@settings(max_examples=60, deadline=None)
@given(st.lists(TEXTS, max_size=14), st.lists(TEXTS, max_size=4))
def test_what_comes_later_changes_nothing(texts: list[str], later: list[str]) -> None:
    reports = [told(n, text) for n, text in enumerate([*texts, *later])]
    assert marks(reports)[: len(texts)] == marks(reports[: len(texts)])


def test_sorting_the_newest_into_arrays_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    reports = [told(n, f"{LONG}{chr(0x4E00 + n % 7) * (n % 40)}") for n in range(300)]
    whole = marks(reports)
    monkeypatch.setattr(bands, "NEWEST", 5)
    assert marks(reports, size=7) == whole
    monkeypatch.setattr(clusters, "BATCH", 3)
    assert marks(reports) == whole


def test_annotations_get_the_clusters_of_their_reports() -> None:
    found = Clusters()
    found.take([told(1, LONG), told(2, LONG)], {})
    moment = datetime(2024, 3, 1, tzinfo=UTC)
    fields = {"report_id": "r2", "model_version": "v", "annotated_at": moment}
    read = Annotation.model_validate({**fields, "relevant": True, "category": "质量"})
    (marked,) = found.marked([read])
    assert (marked.cluster_id, marked.cluster_size, marked.flood) == ("r1", 2, False)
    assert read.cluster_id is None


def test_copies_within_a_day_are_a_flood_from_the_fifth_on() -> None:
    found = marks([told(n, LONG, at=n * HOUR) for n in range(7)])
    assert [mark.flood for mark in found] == [False] * 4 + [True] * 3


def test_an_honest_wave_about_one_product_is_no_flood() -> None:
    """Many people in an hour, each in own words."""
    wave = [told(n, f"{chr(0x4E00 + n) * 3}{OTHER[n % 9 :]}"[: 20 + n]) for n in range(3)]
    wave += [
        told(10 + n, "电热水壶冒烟，" + "".join(chr(0x5000 + 97 * n + 7 * k) for k in range(40)))
        for n in range(50)
    ]
    assert not any(mark.flood for mark in marks(wave))


def test_copies_over_weeks_are_no_flood() -> None:
    assert not any(m.flood for m in marks([told(n, LONG, at=n * 7 * HOUR) for n in range(30)]))


def test_posts_are_copied_more_before_it_is_a_flood() -> None:
    found = marks([told(n, LONG, at=n * 60_000, channel="media") for n in range(25)])
    assert [mark.flood for mark in found] == [False] * 19 + [True] * 6
