import gc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text import vocabulary
from models.text.ngrams import Ngrams
from models.text.vocabulary import Vocabulary, _counted, _gathered, _sorted

PAIRS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 6)), max_size=40)
TEXTS = ["插座漏电冒烟", "", "冒烟 冒烟", "电饭煲"]


@given(PAIRS)
def test_pairs_are_counted_as_scipy_counts_them(pairs: list[tuple[int, int]]) -> None:
    rows = np.array([row for row, _ in pairs], dtype=np.int32)
    columns = np.array([column for _, column in pairs], dtype=np.intp)
    plain = _counted(columns, rows, shape=(5, 7))
    counts, at = _gathered(columns, rows, shape=(5, 7))
    assert (counts.toarray() == plain.toarray()).all()
    assert (counts.indices == plain.indices).all()
    assert (counts.indptr == plain.indptr).all()
    assert [int(counts.indices[i]) for i in at] == columns.tolist()


@given(st.lists(st.integers(0, 2**62) | st.integers(0, 9), max_size=20))
def test_numbers_are_sorted_with_their_order_however_large(values: list[int]) -> None:
    order, ordered = _sorted(np.array(values, dtype=np.int64))
    assert ordered.tolist() == sorted(values)
    assert [values[i] for i in order] == ordered.tolist()
    assert sorted(order.tolist()) == list(range(len(values)))


def test_what_is_found_is_kept_while_its_vocabulary_lives() -> None:
    ngrams = Ngrams.of(TEXTS)
    own = Vocabulary.of(ngrams, characters=2, words=1)
    assert own.find(ngrams) is own.find(ngrams)
    assert len(ngrams.found) == 1
    del own
    gc.collect()
    assert len(ngrams.found) == 0


def test_of_very_many_texts_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    ngrams = Ngrams.of(TEXTS)
    own = Vocabulary.of(ngrams, characters=3, words=2)
    monkeypatch.setattr(vocabulary, "MOST_KEPT", len(TEXTS) - 1)
    assert (own.weigh(ngrams).toarray() == own.weigh(Ngrams.of(TEXTS)).toarray()).all()
    assert len(ngrams.found) == 0


def test_weighing_leaves_what_was_found_alone() -> None:
    ngrams = Ngrams.of(TEXTS)
    own = Vocabulary.of(ngrams, characters=2, words=1)
    first = own.weigh(ngrams)
    assert (own.weigh(ngrams).toarray() == first.toarray()).all()
    assert own.find(ngrams).counts.data.min() >= 1
