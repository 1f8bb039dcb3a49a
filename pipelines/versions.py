"""Versions: what became of every version of a model, for people to look up."""

import json
from datetime import datetime

from models.approval import TRAINED_BY
from models.registry import CHALLENGER, CHAMPION, Registry, Version

METRICS = ("average_precision", "auc", "precision_at_5pct", "ece_excess", "positives")
TEXT = "_macro_f1"  # how the metrics of text tasks end that are shown
WHY = ("left_because", f"{CHAMPION}_because", f"{CHALLENGER}_because")


def versions(registry: Registry, model: str) -> list[dict[str, object]]:
    """Return what is known of every version, the newest first; what nobody recorded is ``None``."""
    return [_told(one) for one in registry.versions(model)]


def _told(one: Version) -> dict[str, object]:
    tags = one.tags
    return {
        "version": one.number,
        "aliases": list(one.aliases),
        "trained_at": _second(one.made_at),
        "trained_by": tags.get(TRAINED_BY),
        "as_of": tags.get("as_of"),
        "approved_by": tags.get("approved_by"),
        "approved_at": tags.get("approved_at"),
        "restored_by": tags.get("restored_by"),
        "restored_at": tags.get("restored_at"),
        "gates": json.loads(tags.get("approved_gates", "{}")),
        "metrics": {name: one.metrics[name] for name in _shown(one)},
        "why": _why(one),
    }


def _shown(one: Version) -> list[str]:
    """Return the metrics that are shown of a risk model, or of a text model's tasks."""
    texts = sorted(name for name in one.metrics if name.endswith(TEXT))
    return [*(name for name in METRICS if name in one.metrics), *texts]


def _why(one: Version) -> str | None:
    """Return why a version decides or would like to; of another, why it had to go, or was."""
    named = [f"{alias}_because" for alias in (CHAMPION, CHALLENGER) if alias in one.aliases]
    return next((one.tags[name] for name in (*named, *WHY) if name in one.tags), None)


def _second(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
