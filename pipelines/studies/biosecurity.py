"""Study: how many units to draw of each consignment of fresh produce, with a published optimum.

Trouvé and Robinson ("Efficient border biosecurity inspection leverages superspreading to reduce
biological invasion risk") took 600 units of every consignment as the practice, and published what
the best sizes with as many units in all would leak. Here the same units are given by
``models.inspection.allocation.samples``, and by rules of thumb.

A row is a consignment: ``group_id`` (its pathway), ``n`` units that were drawn, its size ``N``
(which may be a fraction), and ``a``, ``b`` of the Beta of the infested share. Where more was drawn
than there is, nothing leaks. ``all_pathways.csv``, which lies beside the rows, has the counts
(``n``, infested ``k``) of five kinds of goods that such a Beta is estimated from, but no ``a`` and
``b``, and ``N`` for one kind only. So it cannot be taken as it is.
"""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import altair as alt
import numpy as np
import numpy.typing as npt
import pandas as pd

from features.errors import Invalid, NotFound
from models.colours import BLUE, GREEN, GREY, RED
from models.evaluation import page
from models.evaluation.bounded import WIDTH, colours, title
from models.inspection.allocation.leakage import leakage
from models.inspection.allocation.samples import Consignments, sample

FOLDER = "risk/border_biosecurity"
COLUMNS = ("group_id", "n", "N", "a", "b")
ABOVE = {"n": "a whole number, 0 or more", "N": "above 0", "a": "above 0", "b": "above 0"}
RATIO, AS_SAMPLED = 0.6163, 60_685.9  # as published: of what 600 units of each leak
PUBLISHED = {
    "model": "公布的最优 published optimum",
    "units": f"{600 * 4_950:,}",
    "leakage": f"≈ {round(RATIO * AS_SAMPLED, -2):,.0f}",  # as exact as the ratio tells
    "ratio": f"{RATIO}",
}
SHOWN = ("model", "units", "leakage", "ratio", "least", "most")
BY_PATHWAY = ("model", "consignments", "N", "n", "ours", "leakage of n", "leakage of ours")
BUDGETS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)  # times the units, for the chart
HALVINGS = 100
Counts = npt.NDArray[np.int64]
Amounts = npt.NDArray[np.float64]
Rule = Callable[[Consignments, int], Counts]


@dataclass(frozen=True)
class Found:
    """What a study found: its numbers by name, the rows, and the sizes by policy."""

    numbers: dict[str, float]
    rows: pd.DataFrame
    sizes: Mapping[str, Counts]


def read(path: Path) -> pd.DataFrame:
    """Return the consignments of a file, or of all files of a folder that have the columns.

    ``NotFound`` where there are none; ``Invalid`` names the file, row and column of a wrong value.
    """
    if not path.exists():
        raise NotFound(f"{path} is not there; point at a file of consignments or its folder")
    files = [path] if path.is_file() else [f for f in sorted(path.glob("*.csv*")) if _fits(f)]
    if not files:
        raise NotFound(f"no *.csv* in {path} has the columns {', '.join(COLUMNS)}")
    rows = pd.concat([_rows(file) for file in files], ignore_index=True)
    if rows.empty:
        raise Invalid(f"{path} has no consignments; give at least one row")
    return rows


def consignments(rows: pd.DataFrame) -> Consignments:
    """Return rows as consignments that may get from none to all of their whole units."""
    a, b, size = (rows[name].to_numpy(float) for name in ("a", "b", "N"))
    none = np.zeros(len(rows), np.int64)
    return Consignments(a, b, size, np.ones(len(rows)), none, np.full(len(rows), 2**53))


def ours(told: Consignments, units: int) -> Counts:
    """Return the sizes that leak least."""
    return sample(told, units=units).sizes


def uniform(told: Consignments, units: int) -> Counts:
    """Return as many units of each, or all there are."""
    return spread(np.ones(len(told.size)), told.limit, units=units)


def proportional(told: Consignments, units: int) -> Counts:
    """Return the same share of each."""
    return spread(told.size, told.limit, units=units)


def square_root(told: Consignments, units: int) -> Counts:
    """Return units in proportion to the square root of the size, an old rule of inspectors."""
    return spread(np.sqrt(told.size), told.limit, units=units)


RULES: dict[str, tuple[Rule, str]] = {
    "ours": (ours, "本系统 ours"),
    "uniform": (uniform, "每批相同 as many of each"),
    "square_root": (square_root, "按批量平方根 by square root of N"),
    "proportional": (proportional, "按批量比例 in proportion to N"),
}


def spread(weight: Amounts, limit: Counts, *, units: int) -> Counts:
    """Return whole sizes in proportion to weights, none above its limit, all units used.

    Where limits allow fewer, all are reached. What rounding leaves goes to the largest remainders.
    """
    units = min(units, int(limit.sum()))
    low, high = 0.0, float((limit / weight).max())
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        within = np.minimum(limit, middle * weight).sum() <= units
        low, high = (middle, high) if within else (low, middle)
    exact = np.minimum(limit, high * weight)
    sizes = np.floor(exact).astype(np.int64)
    first = np.lexsort((sizes - exact, sizes >= limit))
    sizes[first[: units - int(sizes.sum())]] += 1
    return sizes


def biosecurity(path: Path, *, budget: int | None = None) -> Found:
    """Return what the units leak under every policy; budget: as many as were drawn by default."""
    begun = perf_counter()
    rows = read(path)
    told, drawn = consignments(rows), rows["n"].to_numpy(np.int64)
    units = int(drawn.sum()) if budget is None else budget
    sizes = {name: rule(told, units) for name, (rule, _) in RULES.items()}
    before = _leaks(told, drawn)
    leaks = {f"leakage_{name}": _leaks(told, each) for name, each in sizes.items()}
    numbers = {
        "n": len(rows),
        "pathways": rows["group_id"].nunique(),
        "budget": units,
        "budget_used": int(sizes["ours"].sum()),
        "baseline_budget": int(drawn.sum()),
        "baseline_leakage": before,
        "leakage": leaks.pop("leakage_ours"),
        **leaks,
    }
    numbers["leakage_ratio"] = numbers["leakage"] / before if before else float("nan")
    numbers["seconds"] = perf_counter() - begun
    return Found(numbers, rows, {"sampled": drawn, **sizes})


def table(found: Found) -> list[Mapping[str, object]]:
    """Return a row for each policy, the published one first."""
    names = {"sampled": "实际抽样 as sampled", **{name: word for name, (_, word) in RULES.items()}}
    told, before = consignments(found.rows), found.numbers["baseline_leakage"]
    rows: list[Mapping[str, object]] = [PUBLISHED]
    for name, sizes in found.sizes.items():
        leaks = _leaks(told, sizes)
        row = {
            "model": names[name],
            "units": f"{sizes.sum():,}",
            "leakage": f"{leaks:,.1f}",
            "ratio": f"{leaks / before:.4f}" if before else "",
            "least": f"{sizes.min():,}",
            "most": f"{sizes.max():,}",
        }
        rows.append(row)
    return rows


def by_pathway(found: Found) -> list[dict[str, object]]:
    """Return a row for each pathway: its mean size, mean samples, and what leaks in all."""
    told = consignments(found.rows)
    frame = found.rows.assign(
        ours=found.sizes["ours"],
        before=_leak(told, found.sizes["sampled"]),
        after=_leak(told, found.sizes["ours"]),
    )
    return [
        {
            "model": name,
            "consignments": len(part),
            "N": f"{part['N'].mean():,.0f}",
            "n": f"{part['n'].mean():,.0f}",
            "ours": f"{part['ours'].mean():,.0f}",
            "leakage of n": f"{part['before'].sum():,.1f}",
            "leakage of ours": f"{part['after'].sum():,.1f}",
        }
        for name, part in frame.groupby("group_id", sort=True)
    ]


def save(folder: Path, found: Found) -> None:
    """Write the sizes of every consignment, and a chart of leakage against the units in all."""
    sizes = pd.DataFrame({f"size_{name}": each for name, each in found.sizes.items()})
    found.rows.join(sizes).to_csv(folder / "sizes.csv", index=False)
    told = frontier(found)
    told.to_csv(folder / "leakage.csv", index=False)
    (folder / "leakage.svg").write_text(page.svg(chart(told)))


def frontier(found: Found) -> pd.DataFrame:
    """Return what every policy leaks with fewer and with more units: policy, units, leakage."""
    told = consignments(found.rows)
    budgets = [int(found.numbers["budget"] * times) for times in BUDGETS]
    cases = [(rule, word, units) for rule, word in RULES.values() for units in budgets]
    rows = [(word, units, _leaks(told, rule(told, units))) for rule, word, units in cases]
    return pd.DataFrame(rows, columns=["policy", "units", "leakage"])


def chart(told: pd.DataFrame) -> alt.Chart:
    """Return leakage against units in all, a line for each policy."""
    words = (
        "同样的样本总数，漏过多少受染单位",
        "infested units that slip through, by units sampled",
    )
    domain = dict(zip((word for _, word in RULES.values()), (RED, BLUE, GREEN, GREY), strict=True))
    lines = alt.Chart(told, title=title(words)).mark_line(point=True)
    drawn: alt.Chart = lines.encode(
        x=alt.X("units:Q", title="样本总数 · units sampled in all", axis=alt.Axis(format="~s")),
        y=alt.Y("leakage:Q", title="漏过的受染单位 · infested units that slip through"),
        color=colours("policy", domain),
    ).properties(width=WIDTH)
    return drawn


def _leak(told: Consignments, sizes: Counts) -> Amounts:
    return leakage(told.a, told.b, n=sizes.astype(float), size=told.size)


def _leaks(told: Consignments, sizes: Counts) -> float:
    return float(_leak(told, sizes).sum())


def _fits(file: Path) -> bool:
    return set(COLUMNS) <= set(_text(file, rows=0).columns)


def _rows(file: Path) -> pd.DataFrame:
    text = _text(file, rows=None)
    if missing := [name for name in COLUMNS if name not in text.columns]:
        raise Invalid(f"{file} lacks the columns {', '.join(missing)}; it has {list(text)}")
    text = text[list(COLUMNS)].fillna("").apply(lambda column: column.str.strip())
    text = text[(text != "").any(axis=1)]  # an empty line is none
    _refuse(file, text["group_id"], fits=text["group_id"] != "", wanted="the name of a pathway")
    return pd.DataFrame(
        {"group_id": text["group_id"]} | {n: _numbers(file, text[n]) for n in ABOVE}
    )


def _text(file: Path, rows: int | None) -> pd.DataFrame:
    try:
        return pd.read_csv(
            file, dtype=str, nrows=rows, encoding="utf-8-sig", skip_blank_lines=False
        )
    except (ValueError, OSError, EOFError, zlib.error) as error:
        raise Invalid(f"{file} cannot be read as a table: {error}") from None


def _numbers(file: Path, text: pd.Series) -> pd.Series:
    """Return a column as numbers; ``Invalid`` where one is missing or cannot be."""
    name = str(text.name)
    values = pd.to_numeric(text, errors="coerce")
    fits = (values < np.inf) & ((values >= 0) & (values % 1 == 0) if name == "n" else values > 0)
    _refuse(file, text, fits=fits, wanted=ABOVE[name])
    return values.astype(float)


def _refuse(file: Path, text: pd.Series, *, fits: pd.Series, wanted: str) -> None:
    """Name the first value that does not fit; the header is row 1."""
    if not fits.all():
        row = fits.index[~fits][0]
        told = f"{text[row]!r}" if text[row] else "missing"
        raise Invalid(f"{file}: row {row + 2}: {text.name} is {told}; it must be {wanted}")
