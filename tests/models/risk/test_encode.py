from collections.abc import Sequence

import numpy as np

from features.build import Rows
from features.catalog import FeatureSet
from models.risk.encode import MIN_ROWS, Encoder

FEATURES = FeatureSet((), (), ("origin",))


def rows(values: Sequence[object]) -> Rows:
    return Rows(FEATURES, np.empty((len(values), 0)), {"origin": [*values]})


def test_frequent_categories_have_codes_and_the_rest_is_missing() -> None:
    counts = {"VN": MIN_ROWS + 1, "DE": MIN_ROWS, "TH": MIN_ROWS - 1}
    told = [origin for origin, count in counts.items() for _ in range(count)]
    encoder = Encoder.fit(rows([*told, None]))
    found = encoder.matrix(rows(["VN", "DE", "TH", "XX", None]))[:, 0]
    assert list(found[:2]) == [0, 1]
    assert np.isnan(found[2:]).all()


def test_a_category_called_none_is_not_a_missing_one() -> None:
    encoder = Encoder.fit(rows(["None" for _ in range(MIN_ROWS)]))
    assert np.isnan(encoder.matrix(rows([None]))[0, 0])


def test_no_rows_give_no_rows() -> None:
    assert Encoder.fit(rows([])).matrix(rows([])).shape == (0, 1)
