"""What masking finds of personal data and what it spares, by kind, on invented lines."""

import pytest

from tests.benchmarks.readings import show
from tests.models.text.personal import SETS, impersonal, personal, recall

pytestmark = pytest.mark.benchmark


def test_masking_by_kind() -> None:
    for own in SETS:
        for title, lines in (
            ("personal, masked", personal(own)),
            ("near misses, kept", impersonal(own)),
        ):
            told = recall(lines)
            told["all"] = (sum(a for a, _ in told.values()), sum(b for _, b in told.values()))
            show(
                f"{own.replace('_', ' ')}: {title} exactly",
                {
                    kind: {"lines": count, "right": right, "share": right / count}
                    for kind, (right, count) in told.items()
                },
            )
            right, count = told["all"]
            assert right / count > 0.9
