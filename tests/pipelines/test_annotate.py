from datetime import UTC, datetime, timedelta

from features.judgements import Annotation
from features.records import Report
from features.store import Store
from models.text.annotate import Annotator, lexicon_only
from models.text.taxonomy import load
from pipelines.annotate import annotate

KNOWN = datetime(2024, 3, 1, tzinfo=UTC)
TAXONOMY = load()
ANNOTATOR = lexicon_only(TAXONOMY)


def report(number: int, text: str = "电热水壶起火", *, later: timedelta = timedelta(0)) -> Report:
    return Report(
        report_id=f"r{number}",
        channel="12315",
        received_at=KNOWN,
        text=text,
        known_at=KNOWN + later,
    )


def test_every_report_is_read_once(store: Store) -> None:
    store.append([report(n) for n in range(5)])
    first = annotate(store, ANNOTATOR, batch=2)
    assert (first.read, first.relevant, first.already) == (5, 5, 0)
    again = annotate(store, ANNOTATOR, batch=2)
    assert (again.read, again.already) == (0, 5)
    assert store.count("annotations") == 5


def test_a_run_goes_on_where_it_stopped(store: Store) -> None:
    store.append([report(n) for n in range(3)])
    store.append(ANNOTATOR.annotate([report(1)]))
    assert annotate(store, ANNOTATOR).read == 2


def test_a_corrected_report_is_read_again(store: Store) -> None:
    store.append([report(1)])
    annotate(store, ANNOTATOR)
    store.append([report(1, "电热水壶没有起火", later=timedelta(days=1))])
    assert annotate(store, ANNOTATOR).read == 1
    newest = store.find("annotations", f"r1@{ANNOTATOR.version}")
    assert isinstance(newest, Annotation)
    assert newest.hazards == ()


def test_another_version_reads_all_again(store: Store) -> None:
    store.append([report(1)])
    annotate(store, ANNOTATOR)
    assert annotate(store, Annotator(TAXONOMY, "another")).read == 1
    assert store.count("annotations") == 2


def test_an_empty_store_is_no_failure(store: Store) -> None:
    assert annotate(store, ANNOTATOR).read == 0
