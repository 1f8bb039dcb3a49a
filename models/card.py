"""The model card: what a model is, how it did, and what it must not be used for, in two languages.

The headings follow Mitchell et al., Model Cards for Model Reporting (FAT* 2019).
"""

from collections.abc import Mapping
from pathlib import Path

TEMPLATE = Path(__file__).with_name("card.md")


def card(
    manifest: Mapping[str, object], metrics: Mapping[str, float], *, template: Path = TEMPLATE
) -> str:
    """Return the card as Markdown; lists are shown by their length."""
    shown = {k: len(v) if isinstance(v, list | dict) else v for k, v in manifest.items()}
    return template.read_text().format(
        facts="\n".join(f"| {name} | {value} |" for name, value in shown.items()),
        metrics="\n".join(f"| {name} | {value:.4g} |" for name, value in metrics.items()),
    )
