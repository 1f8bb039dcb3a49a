"""The study of entities: its protocol on a made-up table, and the given cars where they are."""

import os
from pathlib import Path

import pandas as pd
import pytest

from features.errors import NotFound
from pipelines.studies import entities
from pipelines.studies.entities import CARS

SHARED = Path(os.environ.get("YUJING_DATA", "../shared/data")) / "text"
TABLE = pd.DataFrame(
    {
        "brand": ["远行汽车", "远行汽车", "山海", "山海"],
        "car_model": ["远行A4", "远行A4L", "山海3 昂首", "山海3 昂首"],
        "desc": ["远行A4漏油", "远行A4L异响", "昂首漏油", "这车漏油"],
    }
)


def test_each_row_is_asked_for_its_own_model_and_brand(tmp_path: Path) -> None:
    (tmp_path / CARS).parent.mkdir()
    TABLE.to_csv(tmp_path / CARS, index=False, encoding="utf-8-sig")
    models, brands, others = entities.car_models(tmp_path)
    assert (models.value, brands.value, models.rows) == (0.75, 0.75, 4)
    assert others.value == 0.25  # only the model that two rows have
    assert "wrong links 0.000" in models.note


def test_data_that_are_not_there_are_told(tmp_path: Path) -> None:
    for study in (entities.ecommerce, entities.cluener, entities.car_models):
        with pytest.raises(NotFound, match="is not there"):
            study(tmp_path)


@pytest.mark.skipif(not (SHARED / CARS).exists(), reason="needs ../shared/data")
def test_real_models_are_found_in_real_complaints() -> None:
    models, brands, _ = entities.car_models(SHARED)
    assert models.value >= 0.97
    assert brands.value >= 0.95
