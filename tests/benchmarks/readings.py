"""Readings of a benchmark: one table on the terminal, and a line for each in a file that grows."""

import gc
import json
import time
from collections.abc import Callable
from pathlib import Path

FILE = Path(__file__).parents[2] / "data" / "bench.jsonl"


def show(title: str, rows: dict[str, dict[str, float]]) -> None:
    """Print rows of named numbers, and append each as a line of JSON."""
    names = list(next(iter(rows.values())))
    width = max(map(len, rows)) + 2
    print(f"\n{title}\n{'':{width}}" + "".join(f"{n:>16}" for n in names))  # noqa: T201
    for row, numbers in rows.items():
        print(f"{row:{width}}" + "".join(f"{v:>16,.3f}" for v in numbers.values()))  # noqa: T201
    FILE.parent.mkdir(exist_ok=True)
    with FILE.open("a", encoding="utf-8") as lines:
        for row, numbers in rows.items():
            lines.write(json.dumps({"title": title, "row": row, **numbers}) + "\n")


def cpu_seconds(run: Callable[[], object], *, runs: int) -> float:
    """CPU seconds of a run, the least of some, without the garbage collector."""
    took = []
    gc.collect()
    gc.disable()
    for _ in range(runs):
        start = time.process_time()
        run()
        took.append(time.process_time() - start)
    gc.enable()
    return min(took)
