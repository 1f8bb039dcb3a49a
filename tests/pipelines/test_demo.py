"""The demo goes through every step, and its decisions are in the store."""

from pathlib import Path

import pytest

from features.store import Store
from pipelines.demo import Place, demo
from tests.pipelines.conftest import UNTIL


@pytest.mark.slow
@pytest.mark.filterwarnings(  # MLflow's own, and of what the text models are kept with
    "ignore:The ``noload`` loader strategy:DeprecationWarning", "ignore::DeprecationWarning"
)
def test_every_step_runs_on_a_small_world(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], quick: None
) -> None:
    assert quick is None
    place = Place(
        tmp_path / "tables",
        store=f"sqlite:///{tmp_path / 'facts.db'}",
        tracking_uri=f"sqlite:///{tmp_path / 'mlflow.db'}",
    )
    secret = b"a secret for tests only, long enough"
    demo(place, secret=secret, now=UNTIL, declarations=15_000, seed=1)
    said = capsys.readouterr().out
    for heading in ("1 模拟数据", "2 阅读风险信息", "3 训练与晋级", "4 回测", "5 布控"):
        assert heading in said
    assert secret.decode() not in said
    store = Store.open(place.store)
    assert store.count("decisions") > 0
    assert store.count("plans") > 0
    store.close()
