"""Study: real hotline tickets and car complaints, read by the lexicon alone.

Nothing is trained. Tickets concern a city's affairs, few of them goods; car complaints are single
lines. Neither set has labels of hazard or severity, so the one comparison is rough: the site's own
problem codes (part and fault, chosen by the complainant) against what was read in the line.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import orjson
import pandas as pd
from rich.console import Console
from rich.table import Table
from rich.text import Text

from features.errors import NotFound
from features.judgements import Annotation
from features.moments import CIVIL
from features.records import Report, reading
from models.text import taxonomy
from models.text.annotate import Annotator, lexicon_only
from models.text.privacy import mask

TICKETS = Path("hotline_12345", "tickets.csv.gz")
CARS = Path("car_complaints", "complaints_2020.csv")
CODES = Path("car_complaints", "problem_codes.csv")
SHOWN = 10
# Faults that endanger people, by words of the site's own code list.
DANGEROUS = "刹车失灵|失灵|自燃|爆胎|断裂|失控|起火|烧毁|气囊|熄火|自动加速|无动力"


@dataclass(frozen=True)
class Agreement:
    """A rough comparison: of ``rows`` complaints, what the codes and the reading say."""

    question: str
    rows: int
    both: int
    coded_only: int
    read_only: int
    neither: int


@dataclass(frozen=True)
class Example:
    """One report with its answers and the evidence in it; personal data masked."""

    report: Report
    annotation: Annotation


@dataclass(frozen=True)
class Complaints:
    """What the study found in one set."""

    name: str
    reports: int
    relevant: int
    categories: dict[str, int]
    hazards: dict[str, int]
    severities: dict[str, int]
    uncertain: dict[str, int]
    examples: tuple[Example, ...]
    agreement: tuple[Agreement, ...] = ()


def complaints(directory: Path, *, annotator: Annotator) -> tuple[Complaints, ...]:
    """Return what the annotator reads in the two sets of a data directory.

    ``NotFound`` where a file is missing.
    """
    tickets, cars = _read(directory / TICKETS), _read(directory / CARS)
    coded = _codes(cars["problem"], _read(directory / CODES))
    read = annotator.annotate(car_reports(cars))
    return (
        summary("hotline tickets", ticket_reports(tickets), annotator=annotator),
        summary(
            "car complaints",
            car_reports(cars),
            annotator=annotator,
            agreement=agreements(read, coded),
        ),
    )


def _read(path: Path) -> pd.DataFrame:
    if not path.exists():
        raise NotFound(f"{path} does not exist; give the directory that holds {path.name}")
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def ticket_reports(tickets: pd.DataFrame) -> list[Report]:
    """Return hotline tickets as reports of channel 12345; a day begins at midnight in Shanghai."""
    columns = zip(tickets["id"], tickets["date"], tickets["title"], tickets["text"], strict=True)
    return [
        Report.model_validate(
            {
                "report_id": f"ticket-{number}",
                "channel": "12345",
                "received_at": _day(date, "%Y-%m-%d"),
                "title": mask(title) or None,
                "text": mask(text),
            }
        )
        for number, date, title, text in columns
    ]


def car_reports(cars: pd.DataFrame) -> list[Report]:
    """Return car complaints as reports of channel portal, with brand and model as goods."""
    columns = zip(*(cars[c] for c in ("id", "datetime", "brand", "car_model", "desc")), strict=True)
    return [
        Report.model_validate(
            {
                "report_id": f"car-{number}",
                "channel": "portal",
                "received_at": _day(date, "%Y/%m/%d"),
                "brand": brand,
                "goods_name": model,
                "text": mask(text),
            }
        )
        for number, date, brand, model, text in columns
    ]


def _day(date: str, layout: str) -> datetime:
    return datetime.strptime(date, layout).replace(tzinfo=CIVIL)


def _codes(problems: pd.Series, codes: pd.DataFrame) -> list[str]:
    """Return for each complaint its codes in words: system, kind and fault."""
    words = codes["system_name"] + "/" + codes["kind"] + "/" + codes["problem"]
    meaning = dict(zip(codes["code"], words, strict=True))
    return [" ".join(meaning.get(c, "") for c in own.split(",") if c) for own in problems]


def agreements(read: Sequence[Annotation], coded: Sequence[str]) -> tuple[Agreement, ...]:
    """Return rough comparisons of what was read with the complainant's codes."""
    dangerous = pd.Series(coded, dtype=object).str.contains(DANGEROUS)
    quality = pd.Series(coded, dtype=object).str.contains("/质量/")
    service = pd.Series(coded, dtype=object).str.contains("/服务/") & ~quality
    return (
        _agreement(
            "a dangerous fault; a hazard", coded=dangerous, read=[bool(a.hazards) for a in read]
        ),
        _agreement(
            "a fault of the goods; relevant", coded=quality, read=[a.relevant for a in read]
        ),
        _agreement(
            "service only; not relevant", coded=service, read=[not a.relevant for a in read]
        ),
    )


def _agreement(question: str, *, coded: Iterable[bool], read: Iterable[bool]) -> Agreement:
    counts = Counter(zip(map(bool, coded), read, strict=True))
    both, coded_only = counts[True, True], counts[True, False]
    read_only, neither = counts[False, True], counts[False, False]
    return Agreement(question, counts.total(), both, coded_only, read_only, neither)


def summary(
    name: str,
    reports: Sequence[Report],
    *,
    annotator: Annotator,
    agreement: tuple[Agreement, ...] = (),
) -> Complaints:
    """Return counts of the answers to reports, and the gravest examples."""
    read = annotator.annotate(reports)
    return Complaints(
        name=name,
        reports=len(reports),
        relevant=sum(annotation.relevant for annotation in read),
        categories=_counted(read, lambda a: [a.category]),
        hazards=_counted(read, lambda a: a.hazards),
        severities=_counted(read, lambda a: [str(a.severity or "none")]),
        uncertain=_counted(read, lambda a: a.uncertain),
        examples=_examples(reports, read),
        agreement=agreement,
    )


def _counted(
    read: Sequence[Annotation], answers: Callable[[Annotation], Iterable[str]]
) -> dict[str, int]:
    return dict(
        Counter(answer for annotation in read for answer in answers(annotation)).most_common()
    )


def _examples(reports: Sequence[Report], read: Sequence[Annotation]) -> tuple[Example, ...]:
    """Return the gravest relevant reports, then the first ones."""
    pairs = [Example(r, a) for r, a in zip(reports, read, strict=True) if a.relevant]
    return tuple(sorted(pairs, key=lambda pair: -(pair.annotation.severity or 0))[:SHOWN])


def report(directory: Path, console: Console, *, as_json: bool) -> None:
    """Print what the lexicon reads in both sets, and as JSON on the last line."""
    found = complaints(directory, annotator=lexicon_only(taxonomy.load()))
    show(found, console)
    if as_json:
        print(orjson.dumps(found, default=vars).decode())  # noqa: T201 (for programs)


def show(found: Sequence[Complaints], console: Console) -> None:
    """Print counts by category, hazard and severity, the agreement, and the examples."""
    for part in found:
        console.rule(f"{part.name}: {part.reports} reports, {part.relevant} relevant")
        console.print(_counts(part))
        if part.agreement:
            console.print(_agreed(part.agreement))
        for example in part.examples:
            console.print(highlighted(example))


def _counts(part: Complaints) -> Table:
    table = Table("question", "answer", "reports")
    for question in ("categories", "hazards", "severities", "uncertain"):
        for answer, count in getattr(part, question).items():
            table.add_row(question, answer, str(count))
    return table


def _agreed(agreement: Sequence[Agreement]) -> Table:
    title = "rough: the complainant's codes against the reading of one line"
    table = Table("codes say; reading says", "both", "codes only", "reading only", title=title)
    for one in agreement:
        table.add_row(one.question, str(one.both), str(one.coded_only), str(one.read_only))
    return table


def highlighted(example: Example) -> Text:
    """Return a report with its answers first and the evidence in it highlighted."""
    annotation, report = example.annotation, example.report
    answers = [annotation.category, *annotation.hazards, f"severity {annotation.severity or '-'}"]
    shown = Text(reading(report.title, report.text))
    for span in annotation.evidence:
        shown.stylize("bold reverse", span.start, span.end)
    return Text(f"[{', '.join(answers)}] ", style="bold").append_text(shown)
