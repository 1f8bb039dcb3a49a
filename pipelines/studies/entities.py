"""Study: entities in real text, by the tagger (titles of goods, news) and by the linker (cars).

The taggers are trained on the given training files and judged on the given dev files. The linker's
names of car models come from the table's own columns, and the text of each row is searched for its
own model; a second row says what is found when the names come from the other rows only.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from features.errors import NotFound
from features.judgements import Entity
from models.text.entities import gazetteers
from models.text.entities.linker import Linker
from models.text.entities.makes import Make
from pipelines import tagged
from pipelines.train_entities import train_entities

CARS = Path("car_complaints", "complaints_2020.csv")
RECEIVED_AT = datetime(2020, 7, 1, tzinfo=UTC)  # of every row; only relative days would need it


@dataclass(frozen=True)
class Row:
    """One measure of a study, and what it must and aims to be."""

    set: str
    metric: str
    value: float
    baseline: float | None
    must: float | None
    aim: float | None
    rows: int
    note: str


def ecommerce(directory: Path) -> list[Row]:
    """Return the micro F1 on titles of goods, with the set's own word lists."""
    folder = _there(directory / "entities_ecommerce")
    made = train_entities(
        tagged.read(folder / "train.bieos"),
        tagged.read(folder / "dev.bieos"),
        words=gazetteers.load(folder / "gazetteers"),
    )
    note = "dev; published about .752 with neural networks on the same lists"
    value, texts = made.metrics["micro_f1"], int(made.metrics["test_texts"])
    return [Row("entities_ecommerce", "micro_f1", value, 0.722, 0.73, 0.76, texts, note)]


def cluener(directory: Path) -> list[Row]:
    """Return the macro F1 over ten kinds of entities in news."""
    folder = _there(directory / "entities_cluener")
    made = train_entities(
        tagged.read(folder / "train.jsonl"), tagged.read(folder / "dev.jsonl"), words={}
    )
    note = "dev; published CRF .700, BERT .788; no word lists"
    value, texts = made.metrics["macro_f1"], int(made.metrics["test_texts"])
    return [Row("entities_cluener", "macro_f1", value, 0.700, 0.72, 0.78, texts, note)]


def car_models(directory: Path) -> list[Row]:
    """Return how often a complaint's own model and brand are the first that is linked."""
    told = pd.read_csv(_there(directory / CARS), encoding="utf-8-sig", dtype=str)
    linker = Linker(makes(told))
    read = [linker.read(text, received_at=RECEIVED_AT) for text in told["desc"]]
    models = pd.Series([first(entities, "model") for entities in read], index=told.index)
    brands = pd.Series([linker.linked(entities)["brand"] for entities in read], index=told.index)
    own = models == told["car_model"]
    wrong = float((models.notna() & ~own).mean())
    name, note = "car_complaints linking", f"names from the table; wrong links {wrong:.3f}"
    return [
        Row(name, "model found", float(own.mean()), 581 / 600, 0.97, 0.99, len(told), note),
        Row(
            name,
            "brand found",
            float((brands == told["brand"]).mean()),
            293 / 600,
            0.95,
            0.99,
            len(told),
            "by its name or its model's",
        ),
        _of_other_rows(told, models),
    ]


def makes(told: pd.DataFrame) -> tuple[Make, ...]:
    """Return the makes of a table with ``brand`` and ``car_model``."""
    groups = told.groupby("brand")["car_model"].unique()
    return tuple(Make(str(brand), models=tuple(names)) for brand, names in groups.items())


def first(entities: Sequence[Entity], kind: str) -> str | None:
    """Return what the surest entity of a kind is linked to; the first of equals."""
    linked = [e for e in entities if e.kind == kind and e.value is not None]
    return max(linked, key=lambda e: e.confidence).value if linked else None


def _of_other_rows(told: pd.DataFrame, models: pd.Series) -> Row:
    """Return what is found where each row's names come from the others.

    Only a model that no other row has makes a difference.
    """
    alone = ~told["car_model"].duplicated(keep=False)
    found = models.copy()
    for i in told.index[alone]:
        linker = Linker(makes(told.drop(index=i)))
        found[i] = first(linker.read(told["desc"][i], received_at=RECEIVED_AT), "model")
    wrong = float((found.notna() & (found != told["car_model"])).mean())
    note = f"names from the other rows only; {int(alone.sum())} models have no other row"
    value = float((found == told["car_model"]).mean())
    return Row(
        "car_complaints linking",
        "model found, other rows' names",
        value,
        None,
        None,
        None,
        len(told),
        f"{note}; wrong links {wrong:.3f}",
    )


def _there(path: Path) -> Path:
    if not path.exists():
        raise NotFound(f"{path} is not there; point at the folder of the text sets with --data")
    return path
