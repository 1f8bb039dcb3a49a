import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.reasons import Lane, RiskLevel
from models.inspection import lanes, policy

POLICY = policy.load()
LEVEL: st.SearchStrategy[RiskLevel] = st.sampled_from(["low", "medium", "high", "serious"])


@given(LEVEL, st.sampled_from([1.0, 0.5, 0.1]))
def test_numbers_fall_into_lanes_as_often_as_the_quotas_say(
    level: RiskLevel, floor_share: float
) -> None:
    numbers = (np.arange(20_000) + 0.5) / 20_000
    found = [lanes.by_lot(POLICY, level, number=n, floor_share=floor_share) for n in numbers]
    for lane, share in POLICY.lanes[level].random.items():
        assert found.count(lane) / 20_000 == pytest.approx(share * floor_share, abs=1e-4)
    ranks = [lanes.INTENSITY[lane] for lane in found]
    assert ranks == sorted(ranks, reverse=True), "the lowest numbers are inspected most"


@given(LEVEL, st.floats(0, 1), st.sampled_from(["release", "documents", "sampling", "full"]))
def test_expected_hours_are_the_mean_over_all_numbers(
    level: RiskLevel, least: float, asked: Lane
) -> None:
    numbers = (np.arange(4_000) + 0.5) / 4_000
    row, taken = POLICY.lanes[level], 0.0
    for number in numbers[numbers < least]:
        by_lot = lanes.by_lot(POLICY, level, number=number, floor_share=1.0)
        lane = lanes.most_intensive((asked, by_lot))
        taken += POLICY.effort[row.risk if lane == "release" else lane]
    told = lanes.hours(POLICY, level, least=least, asked=asked)
    assert taken / 4_000 == pytest.approx(told, abs=4e-3)


def test_more_harm_is_worth_more_per_hour() -> None:
    gains = [
        lanes.gain(POLICY, likelihood=p, severity=s, level="low")
        for s in (1, 2, 3, 4)
        for p in (0.1, 0.2)
    ]
    assert gains == sorted(gains)
    assert lanes.gain(POLICY, likelihood=0.2, severity=2, level="serious") == pytest.approx(0.15)
