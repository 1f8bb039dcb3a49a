"""The model card: what a model is, how it did, and what it must not be used for, in two languages.

The headings follow Mitchell et al., Model Cards for Model Reporting (FAT* 2019).
"""

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TEMPLATE = Path(__file__).with_name("card.md")
UNKNOWN = "未知 unknown"
NOBODY = "尚未批准 not yet approved"
UNSIGNED = {
    "approved_by": NOBODY,
    "approved_at": "—",
    "approved_because": "—",
    "restored_by": "—",
}


def card(
    manifest: Mapping[str, Any],
    metrics: Mapping[str, float],
    *,
    approval: Mapping[str, str] = UNSIGNED,
    template: Path = TEMPLATE,
) -> str:
    """Return the card as Markdown; what the manifest does not say is unknown.

    approval: the tags of a version that was approved. Long lists are shown by their length.
    """
    told = {
        **{name: _cell(value) for name, value in manifest.items()},
        **{name: _cell(approval.get(name, absent)) for name, absent in UNSIGNED.items()},
        "families": _rows(manifest.get("families", {})),
        "facts": _rows({name: _short(value) for name, value in manifest.items()}),
        "metrics": _metrics(metrics, manifest.get("intervals", {})),
        **{f"fairness_{k}": _cell(said) for k, said in manifest.get("fairness", {}).items()},
    }
    return template.read_text().format_map(defaultdict(lambda: UNKNOWN, told))


def _metrics(metrics: Mapping[str, float], intervals: Mapping[str, list[float]]) -> str:
    rows = []
    for name, value in metrics.items():
        if name.endswith(("_low", "_high")):
            continue  # told beside its metric
        around = " – ".join(f"{end:.4g}" for end in intervals.get(name, ()))
        rows.append(f"| {name} | {value:.4g} | {around} |")
    return "\n".join(rows)


def _rows(told: Mapping[str, object]) -> str:
    return "\n".join(f"| {name} | {value} |" for name, value in told.items())


def _short(value: object) -> object:
    return len(value) if isinstance(value, list | dict) else _cell(value)


def _cell(value: object) -> str:
    """Return a value as a table's cell shows it: two days as a period, a line break as a blank."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_number(part)}" for name, part in value.items())
    if isinstance(value, list):
        return " – ".join(map(str, value[:2]))
    return " ".join(str(value).replace("|", "\\|").split())


def _number(part: object) -> str:
    return f"{part:.3g}" if isinstance(part, float) else str(part)
