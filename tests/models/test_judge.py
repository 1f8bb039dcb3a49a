from models import judge
from models.inspection import policy
from models.risk.matrix import load
from tests.models.conftest import Trained
from tests.worlds import START, World, at


def test_each_line_is_believed_the_same_alone(trained: Trained) -> None:
    lines = trained.world.of("declarations")[-12:]
    index = trained.index()
    terms = {"model": trained.model, "matrix": load("port"), "index": index, "as_of": at(850)}
    together = judge.judge(lines, **terms)  # type: ignore[arg-type]
    alone = [judge.judge([line], **terms)[0] for line in lines]  # type: ignore[arg-type,list-item]
    assert together == alone
    assert not any(belief.degraded for belief in together)
    for belief in together:
        assert belief.interval is not None
        assert 0 <= belief.interval.low <= belief.likelihood <= belief.interval.high <= 1


def test_without_any_fact_it_still_answers(trained: Trained) -> None:
    from features import memory

    nothing = memory.recall(World().tables(), trained.features, text_version=None)
    lines = trained.world.of("declarations")[:2]
    found = judge.judge(
        lines,  # type: ignore[arg-type]
        model=trained.model,
        matrix=load("port"),
        index=nothing,
        as_of=START,
    )
    assert all(0 < belief.likelihood < 1 and belief.severity == 2 for belief in found)


def test_without_a_model_the_policy_answers_marked_degraded() -> None:
    rules, matrix = policy.load(), load("port")
    found = judge.base(rules, matrix)
    assert found.degraded
    assert (found.likelihood, found.severity) == (rules.base.likelihood, rules.base.severity)
    assert found.level == "low"
    assert found.reasons == ()
    assert found.interval is None


def test_no_line_gets_no_belief(trained: Trained) -> None:
    terms = {"model": trained.model, "matrix": load("port"), "index": trained.index()}
    assert judge.judge([], **terms, as_of=at(900)) == []  # type: ignore[arg-type]
