"""Labels of texts: what reports say of themselves, and what people corrected, question by question.

What a person said wins over a report's own column. A text counts once however often it was sent,
with what is known of any of its reports.
"""

from collections.abc import Mapping
from datetime import datetime

import pandas as pd

from features import moments
from features.records import reading
from models.text import opinions
from models.text.normalize import normalize
from models.text.taxonomy import Taxonomy
from pipelines import corrections

OWN = {"category": "category", "sentiment": "x_emotion"}  # a report's own column, by question
FEWEST = 5  # texts of a class below which it is left out: nothing could be learned or judged
ENOUGH = 60  # texts from which people's answers alone are worth more than the rules
NOBODY = pd.DataFrame(columns=list(corrections.COLUMNS))


def texts(frame: pd.DataFrame, *, until: datetime) -> pd.DataFrame:
    """Return each report's newest version known before ``until``, its words as ``normal``."""
    moments.aware(until, "until")
    known = frame[frame["known_at"] < pd.Timestamp(until)]
    known = known.sort_values("known_at", kind="stable").drop_duplicates("report_id", keep="last")
    titles = known["title"].astype(object).where(known["title"].notna(), None)
    normal = [normalize(reading(a, b)) for a, b in zip(titles, known["text"], strict=True)]
    return known.assign(normal=pd.Series(normal, index=known.index, dtype=object))


def labelled(
    known: pd.DataFrame, said: pd.DataFrame, *, taxonomy: Taxonomy
) -> dict[str, pd.DataFrame]:
    """Return the texts with a ``label`` for each question that has enough of them, oldest first.

    A label stands in at least ``FEWEST`` texts, a question has two; one that only people answer has
    ``ENOUGH`` texts. ``by_person`` tells where the label is theirs.
    """
    codes = {task: {code: code for code in own} for task, own in opinions.classes(taxonomy).items()}
    entries = taxonomy.categories.items()
    codes["category"] = {name: code for code, own in entries for name in (code, own.zh, own.en)}
    found = {task: _labelled(known, said, task=task, codes=own) for task, own in codes.items()}
    return {task: rows for task, rows in found.items() if _is_enough(rows, task)}


def _is_enough(rows: pd.DataFrame, task: str) -> bool:
    return len(set(rows["label"])) > 1 and (task in OWN or len(rows) >= ENOUGH)


def _labelled(
    known: pd.DataFrame, said: pd.DataFrame, *, task: str, codes: Mapping[str, str]
) -> pd.DataFrame:
    """Return the texts whose label is known and not too rare."""
    people = corrections.answers(said, known, question=task).map(codes)
    own = known[OWN[task]].map(codes) if OWN.get(task) in known.columns else None
    label = people if own is None else people.where(people.notna(), own)
    rows = known.assign(label=label.astype(object), by_person=people.notna()).dropna(subset="label")
    rows = rows.drop_duplicates("normal", keep="first")
    enough = rows.groupby("label")["label"].transform("size") >= FEWEST
    return rows[enough].reset_index(drop=True)
