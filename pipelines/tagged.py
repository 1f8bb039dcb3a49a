"""Tagged files: texts whose entities people marked, by tags for each character or by spans.

Columns: a character and its tag in a line (BIO, BIOES, BMES), a blank line between texts. Spans:
one JSON object in a line, as CLUENER (``label``: kind, words, places, the last character included)
or as common tools write them (``entities``: start, end, label, the end not included).
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from features import encodings
from features.errors import Invalid
from models.text.entities.spans import TAG, Named, Sentence, named

STARTS, ENDS = ("start", "start_offset", "begin"), ("end", "end_offset")
LABELS, WORDS = ("label", "type", "entity_type", "kind"), ("words", "word", "text", "mention")
MARKED = ("entities", "label", "labels", "spans")


def read(path: Path) -> list[Sentence]:
    """Return the texts of a file; ``Invalid`` names the line that is wrong, and the remedy.

    A text without any entity counts; a file without any does not.
    """
    if not path.is_file():
        raise Invalid(f"{path} is no file; give one of tagged characters or of JSON lines")
    with encodings.opened(path) as file:
        content = file.read()
    lines = content.replace("\r\n", "\n").split("\n")
    sentences = list(_spans(path, lines) if _is_json(content) else _columns(path, lines))
    if not any(sentence.named for sentence in sentences):
        raise Invalid(
            f"{path.name} marks no entity in {len(sentences)} texts; write a character and its tag "
            'in each line, or JSON lines with "text" and "entities"'
        )
    return sentences


def _is_json(content: str) -> bool:
    return content.lstrip()[:2] in ('{"', "{ ", "{\n", "{}", "{'")


def _columns(path: Path, lines: Iterable[str]) -> Iterator[Sentence]:
    tokens: list[str] = []
    tags: list[str] = []
    for number, line in enumerate([*lines, ""], start=1):
        if line.strip() and not line.startswith("-DOCSTART-"):
            token, tag = _cells(line, where=f"{path.name} line {number}")
            tokens.append(token)
            tags.extend(_stretched(tag, len(token)))
        elif tokens:
            yield Sentence("".join(tokens), named(tags))
            tokens, tags = [], []


def _cells(line: str, *, where: str) -> tuple[str, str]:
    """Return the token and the tag of a line; a token that was a space may have been lost."""
    cells = line.split("\t") if "\t" in line else line.rstrip(" ").rsplit(" ", 1)
    token, tag = cells[0] or " ", cells[-1].strip()
    if len(cells) < 2:
        raise Invalid(f"{where}: {line[:40]!r} has no tag; write a character, a tab and its tag")
    if not TAG.fullmatch(tag):
        raise Invalid(
            f"{where}: {tag[:40]!r} is no tag; write O, or B-, I-, M-, E- or S- and a kind"
        )
    return token.split(" ")[0] or " ", tag


def _stretched(tag: str, length: int) -> list[str]:
    """Return a token's tag for each of its characters."""
    if tag == "O" or length == 1:
        return [tag] * length
    inner = f"I-{tag[2:]}"
    first, last = (tag[0] in "BSUW"), (tag[0] in "ELSUW")
    return [
        f"B-{tag[2:]}" if first else inner,
        *([inner] * (length - 2)),
        f"E-{tag[2:]}" if last else inner,
    ]


def _spans(path: Path, lines: Iterable[str]) -> Iterator[Sentence]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _sentence(line, where=f"{path.name} line {number}")


def _sentence(line: str, *, where: str) -> Sentence:
    try:
        told = json.loads(line)
    except json.JSONDecodeError as error:
        raise Invalid(f"{where} is not JSON: {error}; write one object in a line") from None
    text = told.get("text") if isinstance(told, dict) else None
    if not isinstance(text, str):
        raise Invalid(f'{where} has no "text"; write {{"text": …, "entities": […]}}')
    marked = next((told[name] for name in MARKED if name in told), None)
    if marked is None:
        raise Invalid(f"{where} has none of {', '.join(MARKED)}; say which spans are entities")
    found = _by_kind(marked) if isinstance(marked, dict) else _listed(marked, where=where)
    return Sentence(text, tuple(sorted(_checked(text, each, where=where) for each in found)))


Told = tuple[Any, Any, Any, Any]  # start, end, label, the words or None


def _by_kind(marked: dict[str, Any]) -> Iterator[Told]:
    """Yield CLUENER's spans, whose last character is included."""
    for label, words in marked.items():
        mentions = words.items() if isinstance(words, dict) else [(None, words)]
        listed = ((m, places if isinstance(places, list) else [places]) for m, places in mentions)
        yield from ((*_ends(place), label, m) for m, places in listed for place in places)


def _ends(place: object) -> tuple[Any, Any]:
    if isinstance(place, list) and len(place) == 2 and isinstance(place[1], int):
        return place[0], place[1] + 1
    return place, None


def _listed(marked: object, *, where: str) -> Iterator[Told]:
    """Yield the spans of a list, whose end is not included."""
    if not isinstance(marked, list):
        raise Invalid(f"{where}: {str(marked)[:40]!r} is no list of entities; see --help")
    for each in marked:
        if isinstance(each, dict):
            start, end, label, words = (_first(each, n) for n in (STARTS, ENDS, LABELS, WORDS))
            yield start, end, label, words
        elif isinstance(each, list) and len(each) == 3:
            yield each[0], each[1], each[2], None
        else:
            yield each, None, None, None


def _first(entity: dict[str, Any], names: tuple[str, ...]) -> object:
    return next((entity[name] for name in names if name in entity), None)


def _checked(text: str, told: Told, *, where: str) -> Named:
    """Return a span that stands in its text and says what its file says it does."""
    start, end, label, words = told
    places = isinstance(start, int) and isinstance(end, int)
    if not places or not isinstance(label, str) or not label.strip():
        raise Invalid(f"{where}: an entity needs a start, an end and a label, not {told[:3]}")
    if not 0 <= start < end <= len(text):
        raise Invalid(
            f"{where}: {start} to {end} is no stretch of a text of {len(text)} characters; count "
            "from 0, the end after the last character"
        )
    if isinstance(words, str) and text[start:end] != words:
        raise Invalid(
            f"{where}: {start} to {end} reads {text[start:end]!r}, not {words!r}; correct its place"
        )
    return Named(start, end, label.strip().replace(" ", "_"))
