"""How many texts a second the linker and the tagger read, beside normalising the same texts."""

import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from models.text.entities import snapshot, tagger
from models.text.entities.firms import Firm, Firms
from models.text.entities.linker import Linker
from models.text.entities.makes import Make
from models.text.normalize import aligned, normalize
from tests.benchmarks import readings
from tests.models.text.entities.conftest import LISTS, sentences

pytestmark = pytest.mark.benchmark
RECEIVED = datetime(2024, 5, 1, tzinfo=UTC)
TOLD = (
    "本人上个月在网上买的海岚电热水壶，用了三天就冒烟，包装上写着原产国韩国，商家一直不处理，"
    "希望有关部门尽快核实并答复，以免更多的人受到伤害，谢谢。要求退款"
)
TEXTS = [f"{i}号用户：{TOLD}{100 + i}元" for i in range(1000)]
REGISTRY = Firms(
    tuple(Firm(f"E{i}", f"海城市{chr(0x5000 + i)}山谷食品有限公司") for i in range(9000))
)
LINKER = Linker((Make("海岚"), *(Make(f"{chr(0x5200 + i)}星乐") for i in range(3000))), REGISTRY)


def seconds(read: Callable[[str], object], texts: Sequence[str]) -> float:
    """The best of three runs, by the time that this process had of a core."""
    read(texts[0])
    taken = []
    for _ in range(3):
        started = time.process_time()
        for text in texts:
            read(text)
        taken.append(time.process_time() - started)
    return min(taken)


def test_texts_a_second() -> None:
    few = TEXTS[:200]
    fitted = tagger.fit(sentences(200, seed=1), lists=LISTS)
    one = seconds(normalize, TEXTS) / len(TEXTS)
    costs = {
        "normalize": one,
        "aligned": seconds(aligned, TEXTS) / len(TEXTS),
        "link": seconds(lambda text: LINKER.read(text, received_at=RECEIVED), TEXTS) / len(TEXTS),
        "tag": seconds(lambda text: fitted.tag([text]), few) / len(few),
    }
    rows = {
        name: {"texts_per_second": 1 / cost, "times_normalize": cost / one}
        for name, cost in costs.items()
    }
    characters = sum(map(len, TEXTS)) / len(TEXTS)
    readings.show(f"entities in texts of {characters:.0f} characters", rows)
    assert rows["link"]["times_normalize"] < 20


def test_loading_names(tmp_path: Path) -> None:
    rows = {}
    for count in (9_000, 90_000):
        listed = (Firm(f"E{i}", f"海城市{_mark(i)}食品有限公司") for i in range(count))
        snapshot.save(Linker((), Firms(tuple(listed))), tmp_path)
        started = time.process_time()
        assert snapshot.load(tmp_path).version
        rows[f"{count:,} firms"] = {"seconds": time.process_time() - started}
    readings.show("a linker's names, loaded and checked", rows)
    assert rows["90,000 firms"]["seconds"] < 30 * rows["9,000 firms"]["seconds"]


def _mark(number: int) -> str:
    """Three characters that no other number has."""
    return "".join(chr(0x5000 + number // 100**power % 100) for power in range(3))
