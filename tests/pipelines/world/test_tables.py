import numpy as np
import pytest
from pydantic import ValidationError

from features.identifiers import hs_code
from pipelines.world import tables
from pipelines.world.policy import policy
from pipelines.world.tables import Goods, Reporting


def test_sixty_headings_of_real_shape() -> None:
    codes = [line.hs for line in tables.goods()]
    assert len(codes) >= 60
    assert all(len(hs_code(code)) == 10 for code in codes)
    assert len({code[:4] for code in codes}) == len(codes)


def test_weights_line_up_with_the_tables() -> None:
    weights = tables.hazard_weights()
    assert weights.shape == (len(tables.goods()), len(tables.hazards()))
    assert (weights.sum(axis=1) > 0).all()
    assert tables.severity_weights().shape == (len(tables.hazards()), 4)
    assert (weights.sum(axis=0) > 0).all()  # every hazard can happen


@pytest.mark.parametrize(
    ("field", "value"),
    [("fail", 0.9), ("hs", "00"), ("origins", ()), ("sector", "ships"), ("hazards", {"flood": 1})],
)
def test_a_wrong_line_of_goods_is_refused(field: str, value: object) -> None:
    told = {**tables.goods()[0].model_dump(), field: value}
    with pytest.raises(ValidationError, match=field):
        Goods.model_validate(told)


def test_a_source_may_only_name_described_channels() -> None:
    told = tables.reporting().model_dump()
    del told["channels"]["media"]
    with pytest.raises(ValidationError, match="media"):
        Reporting.model_validate(told)


def test_the_policy_has_a_floor_and_answers_for_every_severity() -> None:
    assert policy().random > 0
    assert len(policy().responses) == 4
    assert np.isfinite(list(policy().grades.values())).all()
