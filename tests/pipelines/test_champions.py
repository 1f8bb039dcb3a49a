"""The promoted models, or a clear word that there is none."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from features.errors import NotReady
from features.store import Store
from models.registry import Registry
from models.text import taxonomy
from models.text.annotate import lexicon_only
from pipelines import champions
from pipelines.champions import RiskChampion
from pipelines.text_material import Material
from pipelines.train_risk import TrainedRisk
from pipelines.train_text import log, train_text

pytestmark = pytest.mark.filterwarnings(  # MLflow's own use of its database library
    "ignore:The ``noload`` loader strategy:DeprecationWarning"
)
UNTIL = datetime(2024, 6, 1, tzinfo=UTC)


def test_without_a_champion_the_risk_model_is_not_ready(registry: Registry) -> None:
    with pytest.raises(NotReady, match="no champion of 'risk' in the registry; train and promote"):
        champions.risk(registry)


def test_the_promoted_model_and_its_pinned_reader(
    champion: RiskChampion, trained: TrainedRisk
) -> None:
    assert champion.version == "risk/1"
    assert champion.text_version == trained.manifest["text_version"]
    assert champion.model.features == trained.model.features


def test_its_index_reads_no_annotation_of_another_reader(
    champion: RiskChampion, small: Store
) -> None:
    before = len(champion.index(small).levels[0].kinds["annotation"])
    told = small.latest("annotations", limit=1)[0]
    other = {"model_version": "another", "known_at": told.known_at}
    small.append([told.model_copy(update=other)])
    assert small.count("annotations") == before + 1
    assert len(champion.index(small).levels[0].kinds["annotation"]) == before


def test_without_a_text_champion_the_lexicon_reads(registry: Registry) -> None:
    reader = champions.text(registry)
    assert reader.version == lexicon_only(taxonomy.load()).version
    assert reader.as_of is None


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of what the artifacts are kept with
def test_a_promoted_reader_tells_when_it_had_learned(registry: Registry, tmp_path: Path) -> None:
    assert tmp_path.is_dir()
    texts = [
        f"{goods}{fault}" for goods in "壶灯扇锅碗盆床椅" for fault in ("起火冒烟", "用两天坏了")
    ]
    frame = pd.DataFrame(
        {
            "report_id": [f"r{i}" for i in range(len(texts))],
            "known_at": pd.date_range(
                datetime(2024, 1, 1, tzinfo=UTC), periods=len(texts), freq="D", unit="ms"
            ),
            "title": pd.Series([None] * len(texts), dtype="str"),
            "text": texts,
            "category": ["safety", "quality"] * (len(texts) // 2),
        }
    )
    trained = train_text(Material(frame), taxonomy=taxonomy.load(), until=UNTIL, seed=0)
    version = log(trained, registry, params={"seed": 0})
    registry.promote("text", version, alias="champion", why="a test")
    reader = champions.text(registry)
    assert reader.version == trained.manifest["version"]
    assert reader.as_of == UNTIL
