"""Which labelled texts may train: every row is used, or counted under its reason."""

from hypothesis import given
from hypothesis import strategies as st

from models.text.normalize import normalize
from pipelines.labelled import Labelled, Labels
from pipelines.usable import usable

ROWS = st.lists(
    st.tuples(st.sampled_from(["插座", "Ａ", "a", "", "灯", "锅", "车"]), st.sampled_from("xyz ")),
    max_size=30,
)


def labelled(*rows: tuple[str, Labels]) -> Labelled:
    texts = [text for text, _ in rows]
    return Labelled(texts, [normalize(text) for text in texts], [labels for _, labels in rows])


def test_each_row_is_used_or_counted_under_its_reason() -> None:
    found = usable(
        labelled(
            ("　", ("x",)),
            ("插座", ()),
            ("ＡＢＣ", ("x",)),
            ("灯", ("x",)),
            ("灯", ("x",)),
            ("灯", ("y",)),
            ("锅", ("x",)),
            ("车", ("z",)),
        ),
        tested={"abc"},
    )
    assert found.rows.normal == ["灯", "锅"]
    assert found.rows.labels == [("x",), ("x",)]
    assert found.left_out == {
        "empty": 1,
        "unlabelled": 1,
        "in_test": 1,
        "repeated": 1,
        "contradicted": 1,
        "rare": 1,
    }
    assert found.rare == ["z"]


def test_with_several_labels_a_text_has_those_of_all_its_rows() -> None:
    rows = labelled(("灯", ("x", "y")), ("灯", ("z",)), ("锅", ("x",)))
    found = usable(rows, many=True)
    assert found.rows.labels == [("x", "y", "z"), ("x",)]
    assert found.left_out == {"repeated": 1}


@given(ROWS)
def test_nothing_is_lost_in_silence(rows: list[tuple[str, str]]) -> None:
    made = labelled(*((text, (label,) if label != " " else ()) for text, label in rows))
    found = usable(made, tested={"a"})
    assert len(found.rows) + sum(found.left_out.values()) == len(rows)
    assert len(set(found.rows.normal)) == len(found.rows)
    assert "a" not in found.rows.normal
    assert "" not in found.rows.normal
