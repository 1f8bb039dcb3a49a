"""A second person is another person, however the name is written."""

from datetime import UTC, datetime

import pytest

from models.approval import Approval, passed, second_person
from models.gates import Check


@pytest.mark.parametrize(
    "by", ["Anna Li", " anna  LI ", "ＡＮＮＡ Ｌｉ", "anna\u200b li", "anna\u3000li"]
)
def test_one_person_in_another_spelling_is_no_second_one(by: str) -> None:
    check = second_person(by, "Anna Li", promote="yujing promote")
    assert not check.passed
    assert check.sentence.endswith("let somebody else run yujing promote --approved-by NAME")


@pytest.mark.parametrize("trained_by", ["Anna Lin", "李四", None])
def test_another_person_or_an_unknown_trainer_passes(trained_by: str | None) -> None:
    assert second_person("Anna Li", trained_by, promote="").passed


def test_an_approval_becomes_tags_of_its_kind() -> None:
    signed = Approval("乙", datetime(2026, 7, 1, tzinfo=UTC), "why", {"auc": 0.8})
    assert signed.tags() == {
        "approved_by": "乙",
        "approved_at": "2026-07-01T00:00:00+00:00",
        "approved_because": "why",
        "approved_gates": '{"auc": 0.8}',
    }
    assert set(signed.tags("restored")) >= {"restored_by", "restored_at"}


def test_only_gates_that_were_passed_are_told() -> None:
    checks = [Check("auc", 0.81234567, True, ""), Check("ece", 0.5, False, "")]
    assert passed(checks) == {"auc": 0.812346}
