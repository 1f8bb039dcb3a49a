from models.text.segment import words, words_of


def test_words_without_white_space() -> None:
    assert words("电热水壶 使用时冒烟") == ["电热水壶", "使用", "时", "冒烟"]


def test_as_many_lists_as_texts() -> None:
    assert words_of(["冒烟", ""]) == [["冒烟"], []]
