"""The labelled sets of the text study: where each lies, how it is judged, what was published.

Nothing here knows a model. A set is a table to train on and one to test on, or one to cut into
folds; ``pipelines.train_task`` does the rest, as it does for anyone's file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from features.errors import NotFound
from pipelines.labelled import Columns

FOLDS = 5
ONE = Columns(("text",), ("label",))
TITLED = Columns(("title", "text"), ("label",))
Table = Callable[[Path], pd.DataFrame]  # of the folder of text sets


@dataclass(frozen=True)
class TextSet:
    """One set: its tables below a folder, its columns, the metrics and what they must reach.

    baseline, must, aim: one number for each metric. note: the protocol and the published rows.
    test: the table that judges; without one, folds of ``train`` do. hints: further texts that only
    train, such as what the classes are called. unlabelled: texts of the kind that is tested.
    """

    name: str
    train: Table
    columns: Columns
    metrics: tuple[str, ...]
    baseline: tuple[float, ...]
    must: tuple[float, ...]
    aim: tuple[float, ...]
    note: str
    test: Table | None = None
    hints: Table | None = None
    unlabelled: Table | None = None


def _csv(path: Path) -> pd.DataFrame:
    if not path.is_file():
        raise NotFound(f"{path} is not there; point at the folder of text sets with --data")
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def _table(path: str, names: Mapping[str, str] | None = None) -> Table:
    """Return what reads a table below the folder; ``names`` renames its columns."""
    return lambda folder: _csv(folder / path).rename(columns=names or {})


def _reviews(folder: Path) -> pd.DataFrame:
    own = [_csv(folder / f"reviews/{name}.csv.gz") for name in ("online_shopping_10", "waimai")]
    return pd.concat([part[["text", "label"]] for part in own])


def _shopping(*, hotels: bool) -> Table:
    """Return what reads the reviews of hotels, or those of all else."""

    def table(folder: Path) -> pd.DataFrame:
        reviews = _csv(folder / "reviews/online_shopping_10.csv.gz")
        return reviews[(reviews["category"] == "酒店") == hotels]

    return table


def _cars(folder: Path) -> pd.DataFrame:
    """Return complaints with the system of the first problem code, a letter."""
    cars = _csv(folder / "car_complaints" / "complaints_2020.csv")
    return pd.DataFrame({"text": cars["desc"], "label": cars["problem"].str[0]})


def _codes(folder: Path) -> pd.DataFrame:
    """Return what each problem code is called, with its system."""
    codes = _csv(folder / "car_complaints" / "problem_codes.csv")
    return pd.DataFrame({"text": codes["system_name"] + codes["problem"], "label": codes["system"]})


def _goods(folder: Path) -> pd.DataFrame:
    names = _csv(folder / "goods_names_nice" / "goods.csv.gz")
    goods = names[names["is_goods"] == "True"]
    return goods.rename(columns={"name": "text", "nice_class": "label"})


FOLDED = f"{FOLDS} folds split by text"
SETS = (
    TextSet(
        "eprstmt",
        _reviews,
        ONE,
        ("accuracy",),
        (0.879,),
        (0.88,),
        (0.90,),
        "trained on online_shopping_10 and waimai; human .900, published few-shot .883",
        test=_table("reviews/eprstmt_few_shot.csv"),
        unlabelled=_table("reviews/eprstmt_unlabelled.csv.gz"),
    ),
    TextSet(
        "online_shopping_hotel",
        _shopping(hotels=False),
        ONE,
        ("accuracy",),
        (0.863,),
        (0.88,),
        (0.91,),
        "trained on the nine other categories",
        test=_shopping(hotels=True),
    ),
    TextSet(
        "news_sentiment_inews",
        _table("news_sentiment_inews/train.csv.gz"),
        TITLED,
        ("accuracy",),
        (0.788,),
        (0.80,),
        (0.84,),
        "dev; published BERT .813 (test .827, ERNIE .851)",
        test=_table("news_sentiment_inews/dev.csv.gz"),
    ),
    TextSet(
        "news_topics_thuc",
        _table("news_topics_thuc/train.csv.gz"),
        ONE,
        ("accuracy",),
        (0.903,),
        (0.91,),
        (0.93,),
        "dev, on the given part; published on four times as much: FastText .922, BERT .948",
        test=_table("news_topics_thuc/dev.csv.gz"),
    ),
    TextSet(
        "food_safety_news",
        _table("food_safety_news/articles.csv.gz"),
        ONE,
        ("macro_f1",),
        (0.677,),
        (0.69,),
        (0.74,),
        f"{FOLDED}; published SVM .622, BERT .684 on folds that overlap",
    ),
    TextSet(
        "rumor_ced",
        _table("rumor_ced/microblogs.csv.gz"),
        ONE,
        ("accuracy",),
        (0.902,),
        (0.91,),
        (0.94,),
        FOLDED,
    ),
    TextSet(
        "car_complaints",
        _cars,
        ONE,
        ("accuracy", "macro_f1"),
        (0.817, 0.613),
        (0.82, 0.63),
        (0.86, 0.72),
        f"system of the first code, {FOLDED}; the baselines are of more rows than are given",
        hints=_codes,
    ),
    TextSet(
        "car_opinions_bdci2018",
        _table("car_opinions_bdci2018/opinions.csv.gz"),
        Columns(("content",), ("subject", "sentiment_value"), group="content_id"),
        ("micro_f1",),
        (0.622,),
        (0.63,),
        (0.67,),
        f"aspect and sentiment together, {FOLDED}",
    ),
    TextSet(
        "gov_messages",
        _table(
            "gov_messages/messages.csv.gz",
            {"留言主题": "title", "留言详情": "text", "一级分类": "label"},
        ),
        TITLED,
        ("accuracy",),
        (0.784,),
        (0.82,),
        (0.86,),
        FOLDED,
    ),
    TextSet(
        "goods_names_nice",
        _goods,
        ONE,
        ("accuracy", "macro_f1"),
        (0.757, 0.705),
        (0.77, 0.72),
        (0.83, 0.79),
        f"34 classes of goods, {FOLDED}; the baselines are of more rows than are given",
    ),
)
