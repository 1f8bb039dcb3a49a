import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.sample import sample

UNTIL = datetime(2025, 6, 30, 16, tzinfo=UTC)


@pytest.mark.benchmark
def test_facts_per_second_and_memory(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    begun = time.perf_counter()
    rows = sample(tmp_path, seed=1, declarations=200_000, until=UNTIL).rows
    seconds = time.perf_counter() - begun
    facts = sum(count for sheet, count in rows.items() if not sheet.startswith("truth/"))
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    record_property("facts_per_second", round(facts / seconds))
    record_property("megabytes", round(megabytes))
    assert facts / seconds > 10_000
    assert megabytes < 2_000
