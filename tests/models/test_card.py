from models.card import card


def test_the_card_tells_facts_and_metrics_and_counts_long_lists() -> None:
    text = card({"features": ["a", "b", "c"], "seed": 7}, {"auc": 0.81234, "n": 1200})
    assert "| features | 3 |" in text
    assert "| seed | 7 |" in text
    assert "| auc | 0.8123 |" in text
    assert "| n | 1200 |" in text


def test_the_card_says_in_both_languages_what_the_model_is_not_for() -> None:
    text = card({}, {})
    assert "不是处罚依据" in text
    assert "no ground for a penalty" in text


def test_braces_in_a_value_are_no_template() -> None:
    assert "{odd}" in card({"note": "{odd}"}, {})
