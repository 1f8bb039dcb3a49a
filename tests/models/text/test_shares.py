import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.text import shares
from models.text.linear import LinearClassifier, Recipe, prepare

FIRES = ["电热水壶起火", "插座漏电冒烟", "充电器着火了", "电饭煲冒烟烧焦"]
FOODS = ["饼干发霉变质", "奶粉里有虫", "牛肉过期发臭", "罐头胀袋有异味"]
TOYS = ["玩具小零件脱落", "娃娃的眼睛掉了", "积木有毛刺", "气球破裂伤人"]
LABELS = ["fire"] * 4 + ["food"] * 4 + ["toy"] * 4
RECIPES = (
    Recipe(3, 2, 1.0, balanced=True, ratios=False),
    Recipe(2, 1, 1.0, balanced=False, ratios=True),
)
TEXTS = st.lists(
    st.sampled_from([*FIRES, *FOODS, *TOYS, "，", " ", "起火 起火", "abc"]), max_size=5
)


@pytest.mark.parametrize("recipe", RECIPES)
@given(parts=TEXTS)
def test_shares_of_all_words_and_the_intercept_are_the_logit(
    recipe: Recipe, parts: list[str]
) -> None:
    model = fitted(recipe)
    text = "".join(parts)
    X = prepare([text])
    ngrams, weighed = X.ngrams, model.vocabulary_.weigh(X.ngrams)
    for k in range(3):
        moved = weighed.data * model.weights_[weighed.indices, k]
        words = shares.of_words(ngrams, model.vocabulary_, moved=moved)
        logit = (weighed @ model.weights_)[0, k]
        if len(words):
            assert np.isclose(words.sum(), logit, atol=1e-6)


MODELS: dict[Recipe, LinearClassifier] = {}


def fitted(recipe: Recipe) -> LinearClassifier:
    if recipe not in MODELS:
        X = prepare([*FIRES, *FOODS, *TOYS])
        MODELS[recipe] = LinearClassifier(recipes=(recipe,)).fit(X, LABELS)
    return MODELS[recipe]


def test_the_telling_words_come_first() -> None:
    probabilities, told = fitted(RECIPES[0]).read(
        prepare(["插座突然起火了", "", "饼干发霉"]), limit=2
    )
    assert list(fitted(RECIPES[0]).classes_[probabilities.argmax(axis=1)])[::2] == ["fire", "food"]
    assert "插座突然起火了"[told[0][0].start : told[0][0].end] in ("起火", "插座")
    assert told[0][0].weight >= told[0][-1].weight
    assert told[1] == []
    assert len(told[0]) == 2


def test_reading_alone_is_reading_in_a_batch() -> None:
    texts = [*FIRES, "", "玩具 起火", *FOODS]
    model = fitted(RECIPES[1])
    probabilities, told = model.read(prepare(texts), limit=3)
    for row, text in enumerate(texts):
        own, said = model.read(prepare([text]), limit=3)
        assert np.array_equal(own[0], probabilities[row])
        assert said[0] == told[row]


@given(
    st.lists(st.sampled_from(["起火", "插座漏电", "", "饼干 发霉", "虫"]), max_size=5),
    st.lists(st.sampled_from([-1.0, -0.5, 0.0, 0.5, 1.0]), min_size=40, max_size=40),
    st.integers(0, 3),
)
def test_the_strongest_are_those_of_each_text_alone(
    texts: list[str], weights: list[float], limit: int
) -> None:
    ngrams = prepare(texts).ngrams
    rows = ngrams.words.rows
    own = np.array(weights[: len(rows)])
    told = shares.strongest(ngrams, own, limit=limit)
    for row in range(len(texts)):
        (places,) = np.nonzero(rows == row)
        first = sorted(places, key=lambda i: -abs(own[i]))[:limit]
        assert [share.weight for share in told[row]] == [
            own[i] for i in sorted(first, key=lambda i: -own[i])
        ]
