from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.errors import NotReady
from features.records import Report, reading
from models.text.annotate import Annotator, lexicon_only, trained
from models.text.entities.linker import Linker
from models.text.entities.makes import Make
from models.text.linear import LinearClassifier
from models.text.normalize import normalize
from models.text.prepared import Prepared
from models.text.taxonomy import load

TAXONOMY = load()
KNOWN = datetime(2024, 3, 1, tzinfo=UTC)
TEXTS = ["电热水壶起火冒烟", "插座漏电", "充电宝爆炸", "手机黑屏", "洗衣机漏水", "鞋子开胶"]
LABELS = ["safety"] * 3 + ["quality"] * 3


def report(text: str, **fields: object) -> Report:
    values = {"report_id": "r", "channel": "12315", "received_at": KNOWN, "text": text}
    return Report.model_validate({**values, **fields})


def classifier(labels: list[str]) -> LinearClassifier:
    return LinearClassifier().fit(Prepared.of(normalize(text) for text in TEXTS), labels)


LEXICON = lexicon_only(TAXONOMY)
LINEAR = trained(TAXONOMY, {"category": classifier(LABELS)})
WRITTEN = (
    st.lists(
        st.sampled_from(
            [
                *TEXTS,
                "没有",
                "担心",
                "，",
                "孩子",
                "送医",
                "　",
                "電熱水壺",
                "http://a.cn/x",
                "施工",
            ]
        ),
        min_size=1,
    )
    .map("".join)
    .filter(str.strip)
)


@pytest.mark.parametrize("annotator", [LEXICON, LINEAR], ids=["lexicon", "linear"])
@given(texts=st.lists(WRITTEN, max_size=4))
def test_a_batch_equals_one_by_one(annotator: Annotator, texts: list[str]) -> None:
    reports = [report(text) for text in texts]
    assert annotator.annotate(reports) == [annotator.annotate([one])[0] for one in reports]


@pytest.mark.parametrize("annotator", [LEXICON, LINEAR], ids=["lexicon", "linear"])
@given(text=WRITTEN)
def test_evidence_is_in_the_original(annotator: Annotator, text: str) -> None:
    one = report(text, title="反映一个问题")
    original = reading(one.title, one.text)
    for span in annotator.annotate([one])[0].evidence:
        assert span.words == original[span.start : span.end] != ""


def test_evidence_points_at_the_words_as_written() -> None:
    found = LEXICON.annotate([report("電熱水壺　冒煙", title="投訴")])[0]
    assert [(s.words, s.answer) for s in found.evidence if s.answer == "hazard:fire"] == [
        ("冒煙", "hazard:fire")
    ]


def test_the_lexicon_beside_a_trained_version_is_built_once() -> None:
    assert LINEAR.lexicon is LINEAR.lexicon
    assert LINEAR.lexicon.version == LEXICON.version != LINEAR.version
    assert LEXICON.lexicon is LEXICON


def test_a_trained_category_shows_its_terms() -> None:
    found = LINEAR.annotate([report("我的手机突然黑屏")])[0]
    assert found.category == "quality"
    assert any(s.answer == "category:quality" and s.words in "手机黑屏" for s in found.evidence)


def test_an_annotation_is_known_when_its_report_is() -> None:
    late = report("起火", known_at=KNOWN + timedelta(days=3))
    found = LEXICON.annotate([late])[0]
    assert found.annotated_at == found.known_at == late.known_at


def test_what_the_report_says_is_kept() -> None:
    fields = {
        "enterprise_id": "91350100M000100Y43",
        "hs_code": "851610",
        "brand": "甲",
        "origin": "VN",
    }
    found = LEXICON.annotate([report("起火", goods_name="电热水壶", **fields)])[0]
    assert found.model_dump(include={*fields, "goods_name"}) == {**fields, "goods_name": "电热水壶"}


def test_a_linker_finds_what_the_report_does_not_say() -> None:
    linked = trained(TAXONOMY, {}, linker=Linker())
    found = linked.annotate([report("日本产的电热水壶漏电")])[0]
    assert (found.origin, found.hs_code, found.goods_name) == ("JP", "8516", "电热水壶")
    assert {entity.kind for entity in found.entities} == {"origin", "goods"}


def test_what_a_report_says_wins_over_what_is_linked() -> None:
    linked = trained(TAXONOMY, {}, linker=Linker())
    told = {"origin": "VN", "hs_code": "850440"}
    found = linked.annotate([report("日本产的电热水壶漏电", **told)])[0]
    assert (found.origin, found.hs_code, found.goods_name) == ("VN", "850440", "电热水壶")


def test_the_version_names_the_linker() -> None:
    versions = {
        LEXICON.version,
        trained(TAXONOMY, {}, linker=Linker((Make("海岚"),))).version,
        trained(TAXONOMY, {"category": classifier(LABELS)}, linker=Linker()).version,
        LINEAR.version,
        trained(TAXONOMY, {}).version,
    }
    assert len(versions) == 5


def test_the_lexicon_links_what_is_shipped() -> None:
    told = "昨天买的日本产电热水壶，批号A2024，花了199元，当天就冒烟"
    found = LEXICON.annotate([report(told)])[0]
    assert (found.origin, found.hs_code, found.enterprise_id) == ("JP", "8516", None)
    values = {entity.kind: entity.value for entity in found.entities}
    assert (values["lot"], values["amount"]) == ("A2024", "19900")
    assert LEXICON.version == trained(TAXONOMY, {}, linker=Linker()).version


def test_public_affairs_are_not_about_goods() -> None:
    found = LEXICON.annotate([report("小区旁的工地施工，垃圾起火，物业不管")])[0]
    assert (found.category, found.relevant, found.hazards) == ("other", False, ("fire",))


def test_nothing_named_is_uncertain() -> None:
    found = LEXICON.annotate([report("你好")])[0]
    assert (found.category, found.relevant, found.severity) == ("other", False, None)
    assert "category" in found.uncertain


def test_no_reports_no_annotations() -> None:
    assert LINEAR.annotate([]) == LEXICON.annotate([]) == []


def test_a_class_the_taxonomy_does_not_know_is_refused() -> None:
    strange = classifier(["nothing"] * 3 + ["quality"] * 3)
    with pytest.raises(NotReady, match="nothing"):
        trained(TAXONOMY, {"category": strange})


def test_the_version_names_the_content() -> None:
    other = trained(TAXONOMY, {"category": classifier(LABELS[::-1])})
    assert trained(TAXONOMY, {"category": classifier(LABELS)}).version == LINEAR.version
    assert len({LEXICON.version, LINEAR.version, other.version}) == 3
