"""A tiny tagger, fitted once on made-up titles: a brand that is made up, goods, and a fault."""

import random

import pytest

from models.text.entities import tagger
from models.text.entities.spans import Named, Sentence
from models.text.entities.tagger import Tagger

BRANDS, GOODS = ("海岚", "星火乐", "贝贝兔"), ("电热水壶", "插座", "充电宝", "吹风机")
JOINS, FAULTS = ("牌", "的", " "), ("漏电", "冒烟", "坏了", "很好")
LISTS = {"goods": GOODS}


def sentences(number: int, *, seed: int) -> list[Sentence]:
    """Titles, each with its brand and its goods marked."""
    chance = random.Random(seed)
    made = []
    for _ in range(number):
        brand, join, goods = chance.choice(BRANDS), chance.choice(JOINS), chance.choice(GOODS)
        start = len(brand + join)
        named = (Named(0, len(brand), "HP"), Named(start, start + len(goods), "HC"))
        fault = f"{chance.choice(FAULTS)}{chance.randrange(100)}"
        made.append(Sentence(brand + join + goods + fault, named))
    return made


@pytest.fixture(scope="session")
def small() -> Tagger:
    return tagger.fit(sentences(60, seed=1), lists=LISTS)
