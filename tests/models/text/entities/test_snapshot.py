"""Names as a file: the same linker comes back, whatever the order; what is broken is refused."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from features.errors import NotReady
from models.text.entities import snapshot
from models.text.entities.firms import Firm, Firms
from models.text.entities.linker import Linker
from models.text.entities.makes import Make

RECEIVED = datetime(2024, 5, 1, tzinfo=UTC)
LINKER = Linker(
    (Make("远行", models=("远行A4L",)), Make("海岚", aliases=("Hailan",))),
    Firms((Firm("E2", "北京星火玩具有限公司", ("小星火",)), Firm("E1", "上海星火玩具有限公司"))),
)


def test_the_same_linker_comes_back(tmp_path: Path) -> None:
    snapshot.save(LINKER, tmp_path)
    back = snapshot.load(tmp_path)
    text = "小星火卖的hailan水壶，和远行A4L，星火玩具公司不理"
    assert back.version == LINKER.version
    assert back.read(text, received_at=RECEIVED) == LINKER.read(text, received_at=RECEIVED)
    assert snapshot.counts(back) == {"firms": 2, "makes": 2}


def test_the_order_of_names_leaves_the_file_as_it_is(tmp_path: Path) -> None:
    snapshot.save(LINKER, tmp_path)
    first = (tmp_path / snapshot.FILE).read_bytes()
    snapshot.save(Linker(LINKER.makes[::-1], Firms(LINKER.firms.listed[::-1])), tmp_path)
    assert (tmp_path / snapshot.FILE).read_bytes() == first


@pytest.mark.parametrize("content", [None, "", "[]", '{"firms": [{}], "makes": []}', '{"firms":1}'])
def test_what_is_no_list_of_names_is_refused(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / snapshot.FILE).write_text(content)
    with pytest.raises(NotReady, match="json cannot be read"):
        snapshot.load(tmp_path)
