"""Does the model behave: the same complaint, written otherwise, is annotated the same."""

from datetime import UTC, datetime

import pytest

from features.judgements import Annotation
from features.records import Report
from models.text.annotate import Annotator, lexicon_only, trained
from models.text.linear import LinearClassifier
from models.text.normalize import normalize
from models.text.prepared import Prepared
from models.text.taxonomy import load

TAXONOMY = load()
SAFETY = ["电热水壶起火冒烟", "插座漏电电到人", "充电宝爆炸烧坏桌子", "玩具划伤孩子"]
QUALITY = ["手机黑屏死机故障", "洗衣机漏水异响", "鞋子开胶掉色", "空调不制冷坏了"]
NEGATIVE, POSITIVE = ["太差了要求退款", "质量差很失望"], ["非常满意推荐", "很好用值得买"]


def classifier(texts: list[str], labels: list[str]) -> LinearClassifier:
    return LinearClassifier().fit(Prepared.of(normalize(text) for text in texts), labels)


CATEGORY = classifier(SAFETY + QUALITY, ["safety"] * 4 + ["quality"] * 4)
SENTIMENT = classifier(NEGATIVE + POSITIVE, ["negative"] * 2 + ["positive"] * 2)
ANNOTATORS = [
    lexicon_only(TAXONOMY),
    trained(TAXONOMY, {"category": CATEGORY, "sentiment": SENTIMENT}),
]
pytestmark = pytest.mark.parametrize("annotator", ANNOTATORS, ids=lambda a: a.version.split("-")[0])


def annotation(annotator: Annotator, text: str) -> Annotation:
    known = datetime(2024, 3, 1, tzinfo=UTC)
    report = Report(report_id="r", channel="12315", received_at=known, known_at=known, text=text)
    return annotator.annotate([report])[0]


def answers(found: Annotation) -> dict[str, object]:
    """All but where it stands and how it is written there."""
    things = {"__all__": {"start", "end", "words"}}
    return found.model_dump(exclude={"evidence": True, "entities": things})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ABC牌电热水壶起火，要求退货", "ＡＢＣ牌电热水壶起火,要求退货"),
        ("电热水壶着火，孩子烫伤送医", "電熱水壺著火，孩子燙傷送醫"),
        ("插座漏电，电话13812345678", "插座漏电，电话13987654321"),
        ("插座漏电，电话〔电话〕", "插座漏电，电话〔电话〕 "),
        ("充电宝爆炸 见http://a.cn/1", "充电宝爆炸 见http://b.cn/2?x=3"),
        ("电水壶\u200b冒烟", "电水壶冒烟"),
        ("ＡＢＣ牌熱水器漏電！！強烈要求退款", "abc牌热水器漏电!!强烈要求退款"),
        ("冇中文標籤，懷疑過期，擔心變質", "冇中文标签，怀疑过期，担心变质"),
        ("客服１３８１２３４５６７８不理，質量差", "客服13912345678不理，质量差"),
        ("電話0755-12345678，面膜過敏，紅腫", "电话0755-87654321，面膜过敏，红肿"),
        ("漏电了😡😡，差点触电", "漏电了😡😡,差点触电"),
        ("听说会爆炸，求扩散！！！", "聽說會爆炸，求擴散！！！"),
    ],
)
def test_another_spelling_is_read_the_same(annotator: Annotator, one: str, other: str) -> None:
    assert answers(annotation(annotator, one)) == answers(annotation(annotator, other))


@pytest.mark.parametrize(
    ("text", "hazards"),
    [
        ("电热水壶突然起火", ("fire",)),
        ("电热水壶没有起火", ()),
        ("担心电热水壶会起火", ()),
        ("外壳漏电，随后冒烟", ("electric_shock", "fire")),
        ("吃出一只死虫", ("foreign_body",)),
        ("婴儿误吞纽扣", ("choking",)),
        ("饼干很好吃", ()),
    ],
)
def test_hazards_are_what_is_asserted(
    annotator: Annotator, text: str, hazards: tuple[str, ...]
) -> None:
    assert annotation(annotator, text).hazards == hazards


UGLY = [
    "😡😡😡",
    "👍",
    "！！！？？？",
    "http://a.cn/1",
    "13812345678",
    "\u3000.\u3000",
    "？",
    "啊" * 3000,
    "部充電器著火喇，嚇死人，點算好",
    "呢個牌子啲奶粉飲完肚屙，冇人理",
    "加微信领券🎁全场五折，点击http://a.cn/x，先到先得！！！",
    "a\u0301\u0302\ufe0f ｶﾞ ﬁre Ⅷ ㎏ ½",
    "NULL",
    "<script>alert(1)</script>",
]


@pytest.mark.parametrize("text", UGLY)
def test_whatever_is_written_is_annotated(annotator: Annotator, text: str) -> None:
    found = annotation(annotator, text)
    assert -1 <= found.sentiment <= 1
    assert set(found.confidence) == set(annotator.taxonomy.thresholds.model_dump())
    assert all(span.words in text for span in found.evidence)


@pytest.mark.parametrize("text", ["😡😡😡", "？", "13812345678", "http://a.cn/1"])
def test_what_says_nothing_is_read_as_nothing(annotator: Annotator, text: str) -> None:
    found = annotation(annotator, text)
    assert (found.hazards, found.severity, found.demands, found.request) == ((), None, (), "other")


def test_cantonese_harm_is_read(annotator: Annotator) -> None:
    assert annotation(annotator, "部充電器著火喇，嚇死人").hazards == ("fire",)
    assert annotation(annotator, "冇著火，不過好差").hazards == ()


def test_an_advertisement_is_no_harm(annotator: Annotator) -> None:
    found = annotation(annotator, "加微信领券🎁全场五折，热水器特价，点击http://a.cn/x，先到先得")
    assert (found.hazards, found.severity) == ((), None)


def test_worse_harm_is_more_severe(annotator: Annotator) -> None:
    texts = ["担心会划破手", "边缘划破手", "边缘划破手，缝了三针", "边缘划破手，缝了三针，后致残"]
    levels = [annotation(annotator, text).severity for text in texts]
    assert levels == [1, 2, 3, 4]


def test_a_child_makes_it_graver(annotator: Annotator) -> None:
    assert annotation(annotator, "边缘划破孩子的手").severity == 3


def test_a_doubtful_hazard_is_named_uncertain(annotator: Annotator) -> None:
    assert "hazards" in annotation(annotator, "担心电热水壶会起火").uncertain


def test_approval_is_not_dislike(annotator: Annotator) -> None:
    liked, disliked = annotation(annotator, "非常满意推荐"), annotation(annotator, "质量差很失望")
    assert liked.sentiment > 0 > disliked.sentiment
