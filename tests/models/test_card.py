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


def test_every_part_of_the_card_is_in_both_languages() -> None:
    headings = [line for line in card({}, {}).splitlines() if line.startswith("## ")]
    assert len(headings) == 11
    assert all(" · " in heading for heading in headings)


def test_what_a_manifest_does_not_say_is_unknown_and_nobody_has_approved() -> None:
    text = card({}, {})
    assert "| 训练 · trained by | 未知 unknown |" in text
    assert "| 批准 · approved by | 尚未批准 not yet approved |" in text


def test_the_fairness_section_says_who_is_inspected_more() -> None:
    said = {"zh": "没有哪一组被多查。", "en": "None of 3 groups."}
    text = card({"fairness": said}, {"auc": 0.8, "auc_low": 0.7, "auc_high": 0.9})
    section = text.partition("## 公平")[2].partition("## ")[0]
    assert said["zh"] in section
    assert said["en"] in section
    assert "auc_low" not in text
    assert "未知 unknown" in card({}, {}).partition("## 公平")[2].partition("## ")[0]


def test_the_card_tells_maturity_periods_families_intervals_and_who() -> None:
    manifest = {
        "maturity_days": 7.5,
        "trained_on": ["2024-01-01", "2026-05-01"],
        "families": {"report": 94},
        "calibration": {"form": "beta", "a": 1.0345},
        "intervals": {"auc": [0.7, 0.85]},
        "trained_by": "张三",
    }
    text = card(manifest, {"auc": 0.8}, approval={"approved_by": "李|四", "approved_at": "now"})
    assert "**7.5**" in text
    assert "| 2024-01-01 – 2026-05-01 |" in text
    assert "| report | 94 |" in text
    assert "form beta, a 1.03" in text
    assert "| auc | 0.8 | 0.7 – 0.85 |" in text
    assert "| 训练 · trained by | 张三 |" in text
    assert "| 批准 · approved by | 李\\|四 |" in text
