from hypothesis import given
from hypothesis import strategies as st

from pipelines.world.reposts import repeated
from pipelines.world.slips import slipped

chances = st.lists(st.floats(0, 1, exclude_max=True), min_size=4, max_size=4)


@given(st.text(min_size=1, max_size=60), chances)
def test_a_slip_never_loses_more_than_a_letter_or_two(text: str, chance: list[float]) -> None:
    assert abs(len(slipped(text, iter(chance))) - len(text)) <= 2


def test_kinds_of_slips() -> None:
    text = "电话１号，没有退款。订单123"
    assert slipped(text, iter([0.9])) == text
    assert slipped(text, iter([0.14])).endswith("订单１２３")
    assert slipped(text, iter([0.2])) == "电话１号,没有退款.订单123"
    assert slipped(text, iter([0.24])) == "电话１号 没有退款 订单123"
    assert slipped(text, iter([0.05, 0.0])) != text
    assert slipped("甲乙", iter([0.05, 0.0])) == "甲乙"


@given(st.text(min_size=1, max_size=60), chances)
def test_a_copy_shares_its_beginning_or_its_whole(text: str, chance: list[float]) -> None:
    copy = repeated(text, iter(chance))
    assert text in copy or copy.removesuffix("……") in text
