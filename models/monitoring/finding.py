"""Finding: one thing that changed or could not be judged, how grave it is, and what to do."""

from dataclasses import dataclass
from typing import Literal

Question = Literal["drift", "calibration", "performance", "freshness", "all"]
Severity = Literal["ok", "watch", "act"]
RANK: dict[Severity, int] = {"ok": 0, "watch": 1, "act": 2}


@dataclass(frozen=True)
class Finding:
    """A sentence and what to do about it, both in Chinese and English."""

    question: Question
    severity: Severity
    zh: str
    en: str
    todo_zh: str
    todo_en: str
