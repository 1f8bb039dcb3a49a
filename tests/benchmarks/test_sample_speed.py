"""How fast a world is made, and in how much memory: a process of its own is measured."""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.benchmarks.readings import show

LINES = 200_000


@pytest.mark.benchmark
def test_facts_per_second_and_memory(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pipelines", "sample", str(tmp_path / "w")]
    begun = time.perf_counter()
    subprocess.run([*command, "--declarations", str(LINES)], check=True, capture_output=True)
    seconds = time.perf_counter() - begun
    facts = sum(pq.read_metadata(path).num_rows for path in (tmp_path / "w").glob("*.parquet"))
    megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    row = {"facts": facts, "seconds": seconds, "facts per s": facts / seconds, "MiB": megabytes}
    show(f"A world of {LINES:,} declarations, the start of the command included", {"sample": row})
    assert megabytes < 2_000, json.dumps(row)
