"""What an operator files of a simulated report, and the truth that is kept apart."""

import numpy as np
import pandas as pd

from pipelines.world.chance import Chance, Floats, Strings, stream
from pipelines.world.codes import episode_ids, hazard_names, kept, report_ids
from pipelines.world.tables import goods, places, registers, reporting
from pipelines.world.world import World

FILED = 0.66  # share of the operators' channels with category, and with emotion
MISTAKEN = 0.05
SILENT = 0.12  # share of reports that link to nothing at all
MOODS = np.array(["negative", "neutral", "positive"], dtype=object)
CATEGORIES = np.array(
    [
        "quality",
        "safety",
        "label",
        "counterfeit",
        "food_contamination",
        "additive",
        "advertising",
        "service",
        "price",
        "delivery",
        "other",
    ],
    dtype=object,
)


def exchanged(world: World, told: pd.DataFrame, *, words: pd.DataFrame, part: int) -> pd.DataFrame:
    """Return the rows of the exchange table ``reports``."""
    rng = stream(world.seed, "filing", part=part)
    knows = rng.random(len(told)) < 0.7
    return pd.DataFrame(
        {
            "report_id": report_ids(len(told), part),
            "channel": told["channel"],
            "received_at": told["received_ms"],
            "text": words["text"],
            "occurred_at": told["occurred_ms"].where(knows).astype("Int64"),
            "title": words["title"],
            "region": _regions(rng, told),
            "category": _filed(rng, told, true=category(told), choices=CATEGORIES),
            "x_emotion": _filed(rng, told, true=sentiment(words), choices=MOODS),
            "url": _urls(told, part),
            **_links(world, rng, told=told, spoken=words["spoken"]),
        }
    )


def truth(world: World, told: pd.DataFrame, *, words: pd.DataFrame, part: int) -> pd.DataFrame:
    """Return what each report is really about, for ``truth/reports.parquet``."""
    ids = np.array(report_ids(len(told), part), dtype=object)
    supply, copied = told["supply"].to_numpy(), told["copied"].to_numpy()
    firm = world.firms["enterprise_id"].to_numpy()[world.supplies["enterprise"]]
    kinds = category(told)
    return pd.DataFrame(
        {
            "report_id": ids,
            "category": kinds,
            "hazards": hazard_names(told["hazard"]),
            "severity": told["severity"].where(told["severity"] > 0).astype("Int64"),
            "sentiment": sentiment(words),
            "relevant": np.isin(kinds, reporting().relevant),
            "enterprise_id": kept(supply >= 0, firm[supply]),
            "episode_id": episode_ids(told["episode"]),
            "duplicate_of": kept(copied >= 0, ids[copied]),
        }
    )


def category(told: pd.DataFrame) -> Strings:
    """Return the true category; praise is ``other``."""
    return told["category"].replace("praise", "other").to_numpy(object)


def sentiment(words: pd.DataFrame) -> Strings:
    """Return the tone in which the report is written."""
    tones = {name: register.tone for name, register in registers().items()}
    return words["register"].map(tones).to_numpy(object)


def _links(
    world: World, rng: Chance, *, told: pd.DataFrame, spoken: pd.Series
) -> dict[str, Strings]:
    """Return the fields that tie a report to goods and firms, each filled or not."""
    supply = told["supply"].to_numpy()
    trade = world.supplies.iloc[supply]
    length = np.array([4, 6, 10])[rng.integers(0, 3, len(told))]
    full = [goods()[code].hs for code in trade["goods"]]
    known = {
        "enterprise_id": world.firms["enterprise_id"].to_numpy()[trade["enterprise"]],
        "brand": trade["brand"].to_numpy(),
        "goods_name": spoken.to_numpy(),
        "hs_code": np.array([hs[:n] for hs, n in zip(full, length, strict=True)], dtype=object),
        "origin": trade["origin"].to_numpy(),
    }
    speaks = (supply >= 0) & (rng.random(len(told)) > SILENT)
    return {
        name: kept(speaks & (rng.random(len(told)) < _share(told, name)), value)
        for name, value in known.items()
    }


def _regions(rng: Chance, told: pd.DataFrame) -> Strings:
    district = rng.choice(np.array(list(places().districts), dtype=object), len(told))
    return kept(rng.random(len(told)) < _share(told, "region"), district)


def _share(told: pd.DataFrame, field: str) -> Floats:
    shares = {
        str(name): {str(link): share for link, share in channel.links.items()}[field]
        for name, channel in reporting().channels.items()
    }
    return np.array([shares[channel] for channel in told["channel"]], dtype=np.float64)


def _filed(
    rng: Chance,
    told: pd.DataFrame,
    *,
    true: Strings,
    choices: Strings,
) -> Strings:
    """Return what the operator recorded: often nothing, sometimes wrong."""
    files = {str(name): channel.files for name, channel in reporting().channels.items()}
    recorded = told["channel"].map(files).to_numpy(bool) & (rng.random(len(told)) < FILED)
    wrong = rng.choice(choices, len(told))
    return kept(recorded, np.where(rng.random(len(told)) < MISTAKEN, wrong, true))


def _urls(told: pd.DataFrame, part: int) -> list[str | None]:
    return [
        f"https://example.com/{part}/{number}" if channel == "media" else None
        for number, channel in enumerate(told["channel"])
    ]
