"""Charts of how a text classifier did, in Altair; how honest it is shows ``models.charts``."""

from collections import Counter

import altair as alt
import pandas as pd

from models.text.answers import Answers

MOST = 30  # classes; the rarer ones are one
CELL, SMALLEST, EDGE = 20, 240, 20  # pixels: of a class, of the whole, and around it
OTHER = "其他 other"


def confusion(answers: Answers) -> alt.LayerChart:
    """Return how often each class was answered with which, as counts and shares of the class.

    Of texts with several labels the first ones are compared. Rare classes are shown as one.
    """
    pairs = [
        (truth[0], predicted[0])
        for truth, predicted in zip(answers.truth, answers.predicted, strict=True)
    ]
    sizes = Counter(label for pair in pairs for label in pair)
    shown = {label for label, _ in sizes.most_common(MOST)}
    counts = Counter(tuple(k if k in shown else OTHER for k in pair) for pair in pairs)
    rows = [(truth, predicted, n) for (truth, predicted), n in sorted(counts.items())]
    cells = pd.DataFrame(rows, columns=["truth", "answer", "texts"])
    share = cells["texts"] / cells.groupby("truth")["texts"].transform("sum")
    classes = sorted({label for pair in counts for label in pair})
    alike = alt.Scale(domain=classes)  # also for a class that is never answered
    base = alt.Chart(cells.assign(share=share), title="混淆矩阵 · truth and answer").encode(
        x=alt.X("answer:N", title="回答 · answer", axis=alt.Axis(labelAngle=-45), scale=alike),
        y=alt.Y("truth:N", title="标签 · truth", scale=alike),
    )
    squares = base.mark_rect().encode(
        color=alt.Color(
            "share:Q",
            title="占比 · share",
            scale=alt.Scale(scheme="blues", domain=[0, 1]),
            legend=alt.Legend(format="%"),
        )
    )
    numbers = base.mark_text(fontSize=9).encode(
        text="texts:Q",
        color=alt.condition("datum.share > 0.5", alt.value("white"), alt.value("black")),
    )
    step = alt.Step(max(CELL, SMALLEST / len(classes)))
    chart: alt.LayerChart = (squares + numbers).properties(width=step, height=step, padding=EDGE)
    return chart
