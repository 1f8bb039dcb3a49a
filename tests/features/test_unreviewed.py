"""Which reports nobody has judged, and what those that people judged count for."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from features.judgements import Annotation, Review
from features.records import Report
from features.store import Store
from features.unreviewed import NOTHING, PAGES, labelled, reviewed, unreviewed

START = datetime(2024, 3, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def report(number: int, *, later: int = 0, **told: object) -> Report:
    """The report of an hour; a later version of it, some hours after."""
    made = {
        "report_id": f"r{number}",
        "channel": "12315",
        "received_at": START + number * HOUR,
        "known_at": START + (number + later) * HOUR,
        "text": f"水壶漏电 {number} {later}",
        **told,
    }
    return Report.model_validate(made)


def read(one: Report, *, version: str = "v2", **told: object) -> Annotation:
    made = {
        "report_id": one.report_id,
        "model_version": version,
        "annotated_at": one.known_at,
        "relevant": True,
        "category": "safety",
        **told,
    }
    return Annotation.model_validate(made)


def review(
    one: Report, *, verdict: str = "agree", version: str = "v2", day: int = 1, **told: object
) -> Review:
    made = {
        "review_id": f"{one.report_id}-{verdict}-{version}-{day}",
        "subject": "annotation",
        "subject_id": f"{one.report_id}@{version}",
        "verdict": verdict,
        "reviewer": "甲",
        "reviewed_at": START + timedelta(days=day),
        **told,
    }
    return Review.model_validate(made)


def filled(store: Store, count: int) -> list[Report]:
    """So many reports in the store, all read by the second version."""
    told = [report(number) for number in range(count)]
    store.append([*told, *map(read, told)])
    return told


def left(store: Store, *, most: int = 100, version: str = "v2") -> list[str]:
    return [one.report.report_id for one in unreviewed(store, version=version, most=most)]


def test_named_reports_follow_however_old(store: Store) -> None:
    told = filled(store, 5)
    other = report(9)
    store.append([other, read(other, version="v1"), review(told[1])])
    named = ("r0", "r1", "r4", "r9", "r0", "unknown")
    found = unreviewed(store, version="v2", most=2, named=named)
    assert [one.report.report_id for one in found] == ["r4", "r3", "r0"]


def test_an_empty_store_has_nothing(store: Store) -> None:
    assert unreviewed(store, version="v2") == []
    assert reviewed(store) == NOTHING
    assert labelled(store) == []


def test_the_newest_come_first_and_no_more_than_were_wanted(store: Store) -> None:
    filled(store, 5)
    assert left(store) == ["r4", "r3", "r2", "r1", "r0"]
    assert left(store, most=2) == ["r4", "r3"]


def test_only_what_this_version_read_is_told(store: Store) -> None:
    one, other = report(1), report(2)
    store.append([one, other, read(one), read(other, version="v1")])
    assert left(store) == ["r1"]
    assert left(store, version="v1") == ["r2"]
    assert left(store, version="v3") == []


@pytest.mark.parametrize("verdict", ["agree", "correct", "dismiss"])
def test_what_was_judged_in_any_way_is_left_out(store: Store, verdict: str) -> None:
    told = filled(store, 3)
    store.append([review(told[1], verdict=verdict)])
    assert left(store) == ["r2", "r0"]


def test_reviews_of_other_things_judge_no_report(store: Store) -> None:
    told = filled(store, 2)
    store.append([review(told[1], subject="warning"), review(report(9))])
    assert left(store) == ["r1", "r0"]
    assert not reviewed(store).last


def test_a_reading_of_an_older_version_that_was_judged_counts(store: Store) -> None:
    told = filled(store, 2)
    store.append([read(told[1], version="v1"), review(told[1], version="v1")])
    assert left(store) == ["r0"]


def test_a_copy_of_what_was_judged_counts(store: Store) -> None:
    told = [report(number) for number in range(4)]
    clusters = ["r0", "r0", "r2", None]
    store.append(told)
    store.append([read(one, cluster_id=c) for one, c in zip(told, clusters, strict=True)])
    store.append([review(told[1])])
    assert left(store) == ["r3", "r2"]
    assert reviewed(store).clusters == {"r0"}


def test_reports_of_no_cluster_are_not_covered_by_one_that_has_none_either(store: Store) -> None:
    told = filled(store, 2)
    store.append([review(told[0])])
    assert reviewed(store).clusters == frozenset()
    assert left(store) == ["r1"]


@pytest.mark.parametrize("most", [1, 2, 3])
def test_many_judged_ones_are_paged_through(store: Store, most: int) -> None:
    told = filled(store, PAGES)
    store.append([review(one) for one in told[1:]])
    assert left(store, most=most) == ["r0"]


def test_paging_fills_up_what_was_judged(store: Store) -> None:
    told = filled(store, 8)
    store.append([review(one) for one in (told[7], told[5], told[4])])
    assert left(store, most=3) == ["r6", "r3", "r2"]
    assert left(store, most=4) == ["r6", "r3", "r2", "r1"]


def test_paging_tells_no_more_than_were_wanted(store: Store) -> None:
    told = filled(store, 6)
    store.append([review(told[5])])
    assert left(store, most=3) == ["r4", "r3", "r2"]


def test_paging_ends_after_so_many_pages(store: Store) -> None:
    told = filled(store, PAGES + 1)
    store.append([review(one) for one in told[1:]])
    assert left(store, most=1) == []
    assert left(store, most=2) == ["r0"]


def test_a_corrected_report_is_told_once_as_it_stands_now(store: Store) -> None:
    first, second = report(1), report(1, later=5)
    store.append([first, second, read(first), read(second, category="quality")])
    (one,) = unreviewed(store, version="v2")
    assert (one.report, one.annotation.category) == (second, "quality")


def test_readings_without_their_report_are_left_out(store: Store) -> None:
    filled(store, 1)
    store.append([read(report(9))])
    assert left(store) == ["r0"]


def test_other_versions_readings_come_along(store: Store) -> None:
    told = filled(store, 2)
    others = [read(told[1], version=version) for version in ("v0", "v1")]
    store.append(others)
    second, first = unreviewed(store, version="v2")
    assert sorted(second.others, key=lambda a: a.model_version) == others
    assert first.others == ()


def test_another_versions_reading_of_earlier_words_is_no_other_opinion(store: Store) -> None:
    first, second = report(1), report(1, later=5)
    store.append([first, second, read(first), read(second), read(first, version="v1")])
    (one,) = unreviewed(store, version="v2")
    assert one.others == ()
    same = read(second, version="v1")
    store.append([same])
    (one,) = unreviewed(store, version="v2")
    assert one.others == (same,)


def labels(store: Store) -> list[str]:
    return sorted(reviewed(store).labelled)


def test_what_was_dismissed_is_judged_and_not_labelled(store: Store) -> None:
    told = filled(store, 3)
    verdicts = ("agree", "correct", "dismiss")
    store.append([review(one, verdict=v) for one, v in zip(told, verdicts, strict=True)])
    assert labels(store) == ["r0", "r1"]
    assert sorted(reviewed(store).last) == ["r0", "r1", "r2"]


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [(("agree", "dismiss"), []), (("dismiss", "agree"), ["r0"]), (("agree", "correct"), ["r0"])],
)
def test_the_last_verdict_tells_whether_it_is_labelled(
    store: Store, verdicts: Sequence[str], expected: list[str]
) -> None:
    (one,) = filled(store, 1)
    said = [review(one, verdict=v, day=day) for day, v in enumerate(verdicts, 1)]
    store.append(said[::-1])
    assert labels(store) == expected


def test_a_dismissal_under_a_later_version_takes_a_label_back(store: Store) -> None:
    (one,) = filled(store, 1)
    store.append([read(one, version="v1"), review(one, version="v1")])
    assert labels(store) == ["r0"]
    store.append([review(one, verdict="dismiss", day=2)])
    assert labels(store) == []


def test_labelled_reports_are_peoples_and_those_that_tell_their_category(store: Store) -> None:
    told = filled(store, 3)
    own = report(7, category="quality")
    store.append([own, review(told[0]), review(told[2], verdict="dismiss")])
    assert [one.report_id for one in labelled(store)] == ["r0", "r7"]


def test_only_the_newest_reports_are_asked_for_their_own_category(store: Store) -> None:
    store.append([report(number, category="quality") for number in range(4)])
    assert [one.report_id for one in labelled(store, most=2)] == ["r3", "r2"]


def test_reviews_read_as_they_come_equal_those_read_at_once(store: Store) -> None:
    told, kept = filled(store, 5), reviewed(store)
    verdicts = ("agree", "dismiss", "correct", "agree", "dismiss")
    for day, (one, verdict) in enumerate(zip(told, verdicts, strict=True), 1):
        store.append([review(one, verdict=verdict, day=day)])
        kept = reviewed(store, since=kept)
        assert kept == reviewed(store)
    assert kept.labelled == ["r0", "r2", "r3"]
    assert [r.report_id for r in labelled(store, judged=kept, most=2)] == ["r2", "r3"]
    store.append([review(told[0], verdict="dismiss", day=9)])
    kept = reviewed(store, since=kept)
    assert kept.labelled == ["r2", "r3"]
    assert unreviewed(store, version="v2", judged=kept) == []
    assert len(unreviewed(store, version="v2", judged=NOTHING)) == 5
