"""Labelled Chinese texts for measuring what the rules read, in two halves by hash of the text.

The words and constants of the lexicon were written while looking at the first half only; what the
documents quote is the second.
"""

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pandas as pd

from models.text.normalize import normalize

ROOT = Path(os.environ.get("YUJING_DATA", "../shared/data")) / "text"
DANGEROUS = "刹车失灵|失灵|自燃|爆胎|断裂|失控|起火|烧毁|气囊|熄火|自动加速|无动力"
ARGUABLE = "刹车|制动|转向|动力|脱挡|烧|冒烟"
GOODS = frozenset({"quality", "safety", "label", "counterfeit"})
TRADE = frozenset({"service", "price", "advertising", "delivery"})
FOOD = {"0": {"counterfeit"}, "1": {"additive"}, "2": {"food_contamination"}}
FOOD_REQUESTS = frozenset({"070801", "070802", "070803", "070804", "070805", "070899"})
PUBLIC = ("劳动和社会保障", "城乡建设", "教育文体", "交通运输", "环境保护")
DEMANDS = {"退": "refund", "还我": "refund", "追回": "refund", "赔偿": "compensation"} | {
    "道歉": "explanation",
    "解释": "explanation",
    "处罚": "investigation",
    "下架": "recall",
    "换货": "replacement",
    "维修": "repair",
}


@dataclass(frozen=True)
class Labelled:
    """A normalised text and the answers that are right for it."""

    source: str
    text: str
    right: frozenset[str]

    @property
    def half(self) -> int:
        """0 for the half that was looked at, 1 for the half that is quoted."""
        return sha256(self.text.encode()).digest()[0] % 2


def _labelled(source: str, texts: Iterable[str], right: Iterable[Iterable[str]]) -> list[Labelled]:
    return [Labelled(source, normalize(t), frozenset(r)) for t, r in zip(texts, right, strict=True)]


def _cars() -> pd.DataFrame:
    cars = pd.read_csv(ROOT / "car_complaints" / "complaints_2020.csv", dtype=str)
    codes = pd.read_csv(ROOT / "car_complaints" / "problem_codes.csv", dtype=str).set_index("code")
    own = [[code for code in told.split(",") if code in codes.index] for told in cars["problem"]]
    return cars.assign(
        kinds=["".join(sorted(set(codes.loc[some, "kind"]))) for some in own],
        problems=[" ".join(codes.loc[some, "problem"]) for some in own],
    )


def _messages() -> pd.DataFrame:
    messages = pd.read_csv(ROOT / "gov_messages" / "messages.csv.gz", dtype=str).fillna("")
    public = messages[messages["一级分类"].isin(PUBLIC)]
    return public.assign(text=public["留言主题"] + "\n" + public["留言详情"])


def _news(most: int) -> pd.DataFrame:
    news = pd.read_csv(ROOT / "food_safety_news" / "articles.csv.gz", dtype=str)
    some = [own.sample(min(len(own), most), random_state=0) for _, own in news.groupby("label")]
    both = pd.concat(some)
    return both.assign(text=both["text"].str[:600])


def relevance() -> list[Labelled]:
    """Car complaints and food news concern goods, messages on public affairs do not."""
    cars, news, public = _cars()["desc"], _news(120)["text"], _messages()["text"]
    return [
        *_labelled("cars", cars, [["relevant"]] * len(cars)),
        *_labelled("food news", news, [["relevant"]] * len(news)),
        *_labelled("messages", public, [["irrelevant"]] * len(public)),
    ]


def classes(
    goods: Iterable[str], trade: Iterable[str], *, food: Callable[[str], Iterable[str]]
) -> list[Labelled]:
    """Cars by the kind of their codes, food news by its label, messages as other."""
    cars, public = _cars(), _messages()["text"]
    news = _news(120)
    news = news[news["label"].isin(list(FOOD))]
    one = cars[cars["kinds"].isin(["质量", "服务"])]
    right = [goods if kind == "质量" else trade for kind in one["kinds"]]
    return [
        *_labelled("cars", one["desc"], right),
        *_labelled("food news", news["text"], [food(label) for label in news["label"]]),
        *_labelled("messages", public, [["other"]] * len(public)),
    ]


def categories() -> list[Labelled]:
    """What kind of matter each text is."""
    return classes(GOODS, TRADE, food=FOOD.__getitem__)


def requests() -> list[Labelled]:
    """Which class of the standard each text is; for food any class of food safety."""
    trade = ("100205", "100203", "100201", "100206")
    return classes(
        ["100401"], trade, food=lambda label: ["070804"] if label == "1" else FOOD_REQUESTS
    )


def reviews(most: int = 8_000) -> list[Labelled]:
    """Reviews of goods and of meals, different texts only."""
    folder = ROOT / "reviews"
    files = ("online_shopping_10.csv.gz", "waimai.csv.gz")
    rows = pd.concat([pd.read_csv(folder / name) for name in files])
    rows = rows.dropna(subset="text").drop_duplicates("text").sample(most, random_state=0)
    signs = [["positive" if label else "negative"] for label in rows["label"]]
    return _labelled("reviews", rows["text"], signs)


def rumours() -> list[Labelled]:
    """Microblogs, rumour or not."""
    rows = pd.read_csv(ROOT / "rumor_ced" / "microblogs.csv.gz", dtype=str)
    right = [["doubtful" if label == "rumor" else "credible"] for label in rows["label"]]
    return _labelled("microblogs", rows["text"], right)


def dangers() -> list[Labelled]:
    """Car complaints: whether the complainant chose a code of a fault that endangers people.

    For codes of brakes, steering and power it may be argued, so either answer is right.
    """
    cars = _cars()
    right = [
        ["hazard"] if danger else ["hazard", "none"] if arguable else ["none"]
        for danger, arguable in zip(
            cars["problems"].str.contains(DANGEROUS),
            cars["problems"].str.contains(ARGUABLE),
            strict=True,
        )
    ]
    return _labelled("cars", cars["desc"], right)


def demands() -> list[Labelled]:
    """Complaints to a platform: the demands ticked in its form, which the text need not tell."""
    rows = pd.read_csv(ROOT / "heimao_sample" / "complaints.csv", dtype=str).fillna("")
    told = [
        {code for word, code in DEMANDS.items() if word in demand} for demand in rows["投诉要求"]
    ]
    return _labelled("platform", rows["投诉标题"] + "\n" + rows["投诉详情"], told)


def tickets() -> list[Labelled]:
    """Hotline tickets by kind: who asks for information."""
    rows = pd.read_csv(ROOT / "hotline_12345" / "tickets.csv.gz", dtype=str).fillna("")
    asks = [["information"] if kind == "咨询" else ["none"] for kind in rows["kind"]]
    return _labelled("hotline", rows["title"] + "\n" + rows["text"], asks)
